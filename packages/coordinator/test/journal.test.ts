import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Database, Write } from '../src/db/database.js'
import { table } from '../src/db/table.js'
import { Journal } from '../src/journal.js'
import { ManualClock } from './harness.js'

interface Row {
  readonly id: string
  readonly value: number
}
const rows = table<Row>('rows', ['id', 'value'])
const quiet = () => undefined
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }

/** A database of one table in memory, which fails while it is told to. */
class MemoryDatabase implements Database {
  readonly stored = new Map<string, number>()
  transactions = 0
  fails = false

  async write(writes: readonly Write[]): Promise<void> {
    await turn()
    if (this.fails) throw new Error('no space left on device')
    this.transactions++
    for (const { sql, json } of writes) {
      for (const row of JSON.parse(json) as (Row | string)[]) {
        if (typeof row === 'string') this.stored.delete(row)
        else this.stored.set(row.id, row.value)
      }
      expect(sql).toContain('rows')
    }
  }

  async read() {
    return []
  }

  async close() {
    // It holds nothing.
  }
}

const open = () => {
  const [clock, database] = [new ManualClock(), new MemoryDatabase()]
  return { clock, database, journal: new Journal(database, clock, log) }
}

describe('Journal', () => {
  it('writes what happens in one turn in one transaction, each row once', async () => {
    const { database, journal } = open()
    const commits = Array.from({ length: 50 }, (_, i) => {
      journal.put(rows, { id: String(i % 5), value: i })
      return journal.commit()
    })
    await Promise.all(commits)
    expect(database.transactions).toBe(1)
    expect([...database.stored]).toEqual([45, 46, 47, 48, 49].map((value) => [String(value % 5), value]))
  })

  it('resolves a commit only when everything before it is stored', async () => {
    const { database, journal } = open()
    journal.put(rows, { id: 'a', value: 1 })
    await turn()
    // The first group is on its way: nothing is pending, and still it has to be waited for.
    await journal.commit()
    expect(database.stored.get('a')).toBe(1)
    await journal.commit()
    expect(database.transactions).toBe(1)
  })

  it('tells effects in order, and only once they are true', async () => {
    const { database, journal } = open()
    const seen: (number | undefined)[] = []
    journal.put(rows, { id: 'a', value: 1 })
    journal.afterCommit(() => seen.push(database.stored.get('a')))
    await turn()
    await turn()
    journal.put(rows, { id: 'a', value: 2 })
    journal.afterCommit(() => seen.push(database.stored.get('a')))
    expect(seen).not.toContain(2)
    await journal.commit()
    expect(seen).toEqual([1, 2])
  })

  it('keeps what it could not write, refuses meanwhile, and goes on by itself', async () => {
    const { clock, database, journal } = open()
    database.fails = true
    journal.put(rows, { id: 'a', value: 1 })
    await expect(journal.commit()).rejects.toMatchObject({ code: 'storage_unavailable' })
    expect(() => journal.assertAvailable()).toThrow('nothing is lost')
    await expect(journal.select(rows, 'true')).rejects.toMatchObject({ code: 'storage_unavailable' })
    journal.drop(rows, 'a')
    journal.put(rows, { id: 'b', value: 2 })
    clock.advance(1000)
    await turn()
    await turn()
    expect(journal.available).toBe(false)
    database.fails = false
    while (!journal.available) {
      clock.advance(1000)
      await turn()
    }
    journal.assertAvailable()
    expect([...database.stored]).toEqual([['b', 2]])
  })

  it('tries a last time when it is closed', async () => {
    const { database, journal } = open()
    database.fails = true
    journal.put(rows, { id: 'a', value: 1 })
    await expect(journal.commit()).rejects.toMatchObject({ code: 'storage_unavailable' })
    database.fails = false
    await journal.close()
    expect(database.stored.get('a')).toBe(1)
  })

  it('ends in the last state of every row, whatever fails in between', async () => {
    const change = fc.record({
      id: fc.constantFrom('a', 'b', 'c'),
      value: fc.option(fc.nat(9)),
      fails: fc.boolean(),
      turns: fc.nat(3),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 30 }), async (changes) => {
        const { clock, database, journal } = open()
        const expected = new Map<string, number>()
        for (const { id, value, fails, turns } of changes) {
          database.fails = fails
          if (value === null) {
            journal.drop(rows, id)
            expected.delete(id)
          } else {
            journal.put(rows, { id, value })
            expected.set(id, value)
          }
          for (let i = 0; i < turns; i++) await turn()
          clock.advance(500)
        }
        database.fails = false
        await journal.close()
        expect(new Map([...database.stored].sort())).toEqual(new Map([...expected].sort()))
      }),
      { numRuns: 50 },
    )
  })
})
