import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { uintToBytes32 } from '@weft/protocol'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import {
  Journal,
  type JournalFile,
  type JournalRecord,
  openJournal,
  readJournal,
} from '../src/journal/index.js'
import { cleanUp, newFolder } from './world.js'

afterEach(cleanUp)

const record = (number: number): JournalRecord => ({
  kind: 'batch',
  number,
  atMs: number,
  hashes: [uintToBytes32(BigInt(number))],
})

/** A file in memory whose next operations can be made to fail. */
const createFile = () => {
  let bytes = Buffer.alloc(0)
  const fail = { write: false, datasync: false, truncate: false }
  const syncs = { count: 0 }
  const file: JournalFile = {
    write: async (from, offset, length, position) => {
      // A full disk takes what fits.
      const taken = fail.write ? Math.min(3, length) : length
      const end = Math.max(bytes.length, position + taken)
      const next = Buffer.alloc(end)
      bytes.copy(next)
      Buffer.from(from.subarray(offset, offset + taken)).copy(next, position)
      bytes = next
      if (fail.write) throw new Error('ENOSPC')
      return { bytesWritten: taken }
    },
    datasync: async () => {
      syncs.count++
      if (fail.datasync) throw new Error('EIO')
    },
    truncate: async (length) => {
      if (fail.truncate) throw new Error('EIO')
      bytes = Buffer.from(bytes.subarray(0, length))
    },
    close: async () => undefined,
  }
  return { file, fail, syncs, read: () => readJournal([bytes]), bytes: () => bytes }
}

describe('the journal', () => {
  test('gives back what was written, across opens and in any chunks', async () => {
    const folder = await newFolder()
    const first = await openJournal(folder)
    expect(first.records).toEqual([])
    await Promise.all([1, 2, 3].map((n) => first.journal.append(record(n))))
    await first.close()
    const second = await openJournal(folder)
    expect(second.records).toEqual([1, 2, 3].map(record))
    await second.journal.append(record(4))
    await second.close()
    const bytes = await readFile(join(folder, 'journal.jsonl'))
    const chunks = Array.from({ length: bytes.length }, (_, i) => bytes.subarray(i, i + 1))
    expect(await readJournal(chunks)).toEqual({ records: [1, 2, 3, 4].map(record), size: bytes.length })
  })

  test('cut at any byte, gives every flush before the cut and can be continued', async () => {
    const { file, bytes } = createFile()
    const journal = new Journal(file, 0)
    const ends = [0]
    for (const n of [1, 2, 3]) {
      await journal.append(record(n))
      ends.push(bytes().length)
    }
    for (let cut = 0; cut <= bytes().length; cut++) {
      const whole = ends.filter((end) => end <= cut).length - 1
      const { records, size } = await readJournal([bytes().subarray(0, cut)])
      expect([records, size]).toEqual([[1, 2, 3].slice(0, whole).map(record), ends[whole]])
    }
    const folder = await newFolder()
    await writeFile(join(folder, 'journal.jsonl'), bytes().subarray(0, (ends[2] as number) + 20))
    const reopened = await openJournal(folder)
    await reopened.journal.append(record(9))
    await reopened.close()
    expect((await readJournal([await readFile(join(folder, 'journal.jsonl'))])).records).toEqual(
      [1, 2, 9].map(record),
    )
  })

  test('takes a garbled last line for torn, and refuses a garbled one before', async () => {
    const { file, bytes } = createFile()
    const journal = new Journal(file, 0)
    await journal.append(record(1))
    const end = bytes().length
    await journal.append(record(2))
    const garble = (at: number) => Buffer.from(bytes().map((byte, i) => (i === at ? 0 : byte)))
    expect(await readJournal([garble(end + 5)])).toEqual({ records: [record(1)], size: end })
    await expect(readJournal([garble(5)])).rejects.toMatchObject({
      code: 'journal_corrupt',
      details: { line: 1 },
    })
  })

  test('lets records that arrive together share a flush, which is torn as a whole', async () => {
    const { file, syncs, bytes } = createFile()
    const journal = new Journal(file, 0)
    await Promise.all(Array.from({ length: 50 }, (_, i) => journal.append(record(i + 1))))
    expect(syncs.count).toBeLessThanOrEqual(2)
    const { records } = await readJournal([bytes().subarray(0, -1)])
    expect([0, 1]).toContain(records.length)
  })

  test.each(['write', 'datasync'] as const)(
    'keeps nothing of a failed %s, and goes on when it works again',
    async (step) => {
      const { file, fail, read } = createFile()
      const journal = new Journal(file, 0)
      await journal.append(record(1))
      fail[step] = true
      const lost = [journal.append(record(2)), journal.append(record(3))]
      for (const one of lost) await expect(one).rejects.toMatchObject({ code: 'storage_unavailable' })
      fail[step] = false
      await journal.append(record(4))
      expect((await read()).records).toEqual([1, 4].map(record))
    },
  )

  test('writes nothing behind a torn tail that cannot be cut off', async () => {
    const { file, fail, read } = createFile()
    const journal = new Journal(file, 0)
    await journal.append(record(1))
    Object.assign(fail, { write: true, truncate: true })
    await expect(journal.append(record(2))).rejects.toMatchObject({ code: 'storage_unavailable' })
    fail.write = false
    await expect(journal.append(record(3))).rejects.toMatchObject({ code: 'storage_unavailable' })
    expect((await read()).records).toEqual([record(1)])
    fail.truncate = false
    await journal.append(record(4))
    expect((await read()).records).toEqual([1, 4].map(record))
  })

  test('any failures: exactly what was acknowledged is there', async () => {
    const step = fc.record({
      write: fc.boolean(),
      datasync: fc.boolean(),
      truncate: fc.boolean(),
      size: fc.integer({ min: 1, max: 3 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (script) => {
        const { file, fail, read } = createFile()
        const journal = new Journal(file, 0)
        const kept: JournalRecord[] = []
        let next = 1
        for (const { size, ...failures } of script) {
          Object.assign(fail, failures)
          const group = Array.from({ length: size }, () => record(next++))
          await Promise.all(
            group.map((one) =>
              journal.append(one).then(
                () => kept.push(one),
                (error) => expect(error.code).toBe('storage_unavailable'),
              ),
            ),
          )
        }
        Object.assign(fail, { write: false, datasync: false, truncate: false })
        await journal.append(record(999))
        expect((await read()).records).toEqual([...kept, record(999)])
      }),
      { numRuns: 100 },
    )
  })

  test('writes nothing that it could not read again', async () => {
    const { file, bytes } = createFile()
    const journal = new Journal(file, 0)
    const bad = { ...record(1), hashes: ['0xABC'] } as unknown as JournalRecord
    await expect(journal.append(bad)).rejects.toMatchObject({ code: 'bad_record' })
    expect(bytes().length).toBe(0)
  })
})

describe('the lock', () => {
  test('keeps a second one out until the first is closed', async () => {
    const folder = await newFolder()
    const first = await openJournal(folder)
    await expect(openJournal(folder)).rejects.toMatchObject({ code: 'folder_in_use' })
    await first.close()
    await (await openJournal(folder)).close()
  })

  test('is given back when the journal cannot be read', async () => {
    const folder = await newFolder()
    await writeFile(join(folder, 'journal.jsonl'), 'what\nis this\n')
    for (let i = 0; i < 2; i++)
      await expect(openJournal(folder)).rejects.toMatchObject({ code: 'journal_corrupt' })
  })
})
