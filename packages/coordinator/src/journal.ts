import { ApiError } from '@weft/api'
import type { Database, Write } from './db/database.js'
import type { Table } from './db/table.js'
import type { Clock, Logger } from './ports.js'

// biome-ignore lint/suspicious/noExplicitAny: a group holds rows of every table
type AnyTable = Table<any>

/** What becomes durable together: of each row, its last state; null where it is to be removed. */
class Group {
  readonly rows = new Map<AnyTable, Map<string, object | null>>()
  readonly waiters: { resolve: () => void; reject: (error: Error) => void }[] = []
  readonly effects: (() => void)[] = []

  get isEmpty(): boolean {
    return this.rows.size === 0 && this.effects.length === 0 && this.waiters.length === 0
  }

  set(table: AnyTable, key: string, row: object | null): void {
    let rows = this.rows.get(table)
    if (!rows) {
      rows = new Map()
      this.rows.set(table, rows)
    }
    rows.set(key, row)
  }

  /** Adds a later group on top. */
  absorb(later: Group): void {
    for (const [table, rows] of later.rows) {
      for (const [key, row] of rows) this.set(table, key, row)
    }
    this.waiters.push(...later.waiters)
    this.effects.push(...later.effects)
  }

  writes(): Write[] {
    const writes: Write[] = []
    for (const [table, rows] of this.rows) {
      const upserts: object[] = []
      const removals: string[] = []
      for (const [key, row] of rows) {
        if (row) upserts.push(row)
        else removals.push(key)
      }
      if (upserts.length > 0) writes.push(table.upsert(upserts))
      if (removals.length > 0) writes.push(table.remove(removals))
    }
    return writes
  }
}

const unavailable = (cause?: unknown) =>
  new ApiError(
    'storage_unavailable',
    'the coordinator cannot store anything now; nothing is lost, try again in a few seconds',
    {},
    { cause },
  )

const RETRY_MS = 1000

/**
 * Makes changes durable in groups. Handlers change the state in memory and `put` the rows that changed, in one
 * go and without awaiting anything in between; all that happened while the last group was on its way forms the
 * next one, one transaction. An answer goes out when `commit` resolves.
 *
 * When the database fails, what was to be written is kept and tried again until it succeeds; meanwhile whoever
 * waits is told `storage_unavailable`, and so is who comes later.
 */
export class Journal {
  #pending = new Group()
  #inFlight: Group | null = null
  #running: Promise<void> | null = null
  #available = true
  #wake: () => void = () => undefined
  #closed = false

  constructor(
    readonly database: Database,
    readonly clock: Clock,
    readonly log: Logger,
  ) {}

  get available(): boolean {
    return this.#available
  }

  /** Refuses before anything is changed. Throws `storage_unavailable`. */
  assertAvailable(): void {
    if (!this.#available || this.#closed) throw unavailable()
  }

  put<R extends object>(table: Table<R>, row: R): void {
    this.#pending.set(table, table.keyOf(row), row)
    this.#start()
  }

  drop<R extends object>(table: Table<R>, key: string): void {
    this.#pending.set(table, key, null)
    this.#start()
  }

  /** Runs when everything put so far is durable. */
  afterCommit(effect: () => void): void {
    this.#pending.effects.push(effect)
    this.#start()
  }

  /** Resolves when everything put so far is durable. Rejects with `storage_unavailable`. */
  commit(): Promise<void> {
    const group = this.#pending.isEmpty ? this.#inFlight : this.#pending
    if (!group) return Promise.resolve()
    if (!this.#available) return Promise.reject(unavailable())
    return new Promise((resolve, reject) => {
      group.waiters.push({ resolve, reject })
    })
  }

  /** Rows as they are once everything put so far is durable. Rejects with `storage_unavailable`. */
  async select<R extends object>(
    table: Table<R>,
    where: string,
    ...parameters: unknown[]
  ): Promise<readonly R[]> {
    await this.commit()
    try {
      return await table.select(this.database, where, ...parameters)
    } catch (cause) {
      this.log.warn({ cause: String(cause), table: table.name }, 'cannot read from the database')
      throw unavailable(cause)
    }
  }

  /** Tries once more to write what is left, then gives up. */
  async close(): Promise<void> {
    this.#closed = true
    this.#wake()
    await this.#running
  }

  #start(): void {
    this.#running ??= new Promise<void>((resolve) => setImmediate(resolve)).then(() => this.#run())
  }

  async #run(): Promise<void> {
    while (!this.#pending.isEmpty) {
      const group = this.#pending
      this.#pending = new Group()
      this.#inFlight = group
      const failure = await this.#write(group)
      if (failure === null) {
        this.#succeed(group)
        continue
      }
      this.#fail(group, failure.cause)
      if (this.#closed) break
      await this.#pause()
    }
    this.#running = null
    this.#inFlight = null
  }

  async #write(group: Group): Promise<{ readonly cause: unknown } | null> {
    const writes = group.writes()
    try {
      if (writes.length > 0) await this.database.write(writes)
      return null
    } catch (cause) {
      return { cause }
    }
  }

  #succeed(group: Group): void {
    if (!this.#available) this.log.info({}, 'the database works again')
    this.#available = true
    for (const effect of group.effects) effect()
    for (const waiter of group.waiters) waiter.resolve()
  }

  #fail(group: Group, cause: unknown): void {
    this.#available = false
    this.log.error({ cause: String(cause) }, 'the database fails; state is kept and tried again')
    group.absorb(this.#pending)
    this.#pending = group
    for (const waiter of group.waiters.splice(0)) waiter.reject(unavailable(cause))
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.clock.after(RETRY_MS, resolve)
      this.#wake = () => {
        cancel()
        resolve()
      }
    })
  }
}
