import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createFileTxStore, type TxRecord } from '@weft/chain'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { encodeRecord } from '../src/sender/tx.js'

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-store-'))
  path = join(folder, 'txs.jsonl')
})
afterEach(() => rm(folder, { recursive: true }))

const bytes32 = (n: number) => `0x${n.toString(16).padStart(64, '0')}` as const
const record = (id: string, nonce: number, isDone = false): TxRecord => ({
  id,
  to: null,
  data: '0xabcd',
  valueWei: 5n,
  genesis: bytes32(1),
  nonce,
  gas: 21_000n,
  attempts: [{ hash: bytes32(nonce), raw: '0x02', maxFeePerGas: 9n, maxPriorityFeePerGas: 1n }],
  outcome: isDone
    ? {
        status: 'confirmed',
        hash: bytes32(nonce),
        blockHash: bytes32(99),
        blockNumber: 7n,
        gasUsed: 3n,
        contractAddress: null,
      }
    : null,
})

const reopen = async () => {
  const store = await createFileTxStore(path)
  const records = await store.load()
  await store.close()
  return records
}

describe('the file of transactions', () => {
  it('has the latest record of every id after it is opened again', async () => {
    const store = await createFileTxStore(path)
    await Promise.all([store.put(record('a', 1)), store.put(record('b', 2)), store.put(record('b', 3))])
    await store.close()
    expect(await reopen()).toEqual([record('a', 1), record('b', 3)])
  })

  it('forgets the signed bytes of what is done, at once, and nothing else', async () => {
    const store = await createFileTxStore(path)
    await store.put(record('a', 1))
    await store.put(record('a', 1, true))
    await store.put(record('b', 2))
    const [done, pending] = await store.load()
    expect(done).toEqual({
      ...record('a', 1, true),
      data: '0x',
      attempts: [{ ...record('a', 1).attempts[0], raw: '0x' }],
    })
    expect(pending).toEqual(record('b', 2))
    await store.close()
    expect(await reopen()).toEqual([done, pending])
  })

  it('forgets them of a file that has them', async () => {
    await writeFile(path, `${encodeRecord(record('a', 1, true))}\n`)
    const [tx] = await reopen()
    expect(tx).toMatchObject({ data: '0x', outcome: record('a', 1, true).outcome })
    expect(await readFile(path, 'utf8')).not.toContain('abcd')
  })

  it('has every acknowledged record, wherever a crash tears the last line', async () => {
    const first = `${(await line(record('a', 1))).trim()}\n`
    const second = await line(record('b', 2))
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: second.length - 1 }), async (kept) => {
        await writeFile(path, first + second)
        await truncate(path, first.length + kept)
        expect(await reopen()).toEqual([record('a', 1)])
      }),
      { numRuns: 40 },
    )
  })

  it('is one sender’s at a time', async () => {
    const store = await createFileTxStore(path)
    await expect(createFileTxStore(path)).rejects.toMatchObject({ code: 'file_in_use' })
    await store.close()
    await (await createFileTxStore(path)).close()
  })

  it('refuses a file that is damaged before its end', async () => {
    await writeFile(path, `{"id":\n${await line(record('b', 2))}`)
    await expect(createFileTxStore(path)).rejects.toMatchObject({ code: 'tx_store_damaged' })
  })
})

const line = async (tx: TxRecord) => {
  const file = join(folder, `${tx.id}.line`)
  const store = await createFileTxStore(file)
  await store.put(tx)
  await store.close()
  return readFile(file, 'utf8')
}
