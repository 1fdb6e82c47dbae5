import { parentPort, workerData } from 'node:worker_threads'
import { PGlite, protocol } from '@electric-sql/pglite'
import type { Row, Write } from './database.js'
import { MIGRATIONS } from './migrations.js'

/*
 * The database's thread: PGlite runs on its caller's thread, where it would starve timers. Messages are handled
 * one after the other, in order.
 */

export type Request =
  | { readonly id: number; readonly kind: 'write'; readonly writes: readonly Write[] }
  | {
      readonly id: number
      readonly kind: 'read'
      readonly sql: string
      readonly parameters: readonly unknown[]
    }
  | { readonly id: number; readonly kind: 'close' }
export interface Reply {
  /** 0: the database is open. */
  readonly id: number
  readonly rows?: readonly Row[]
  readonly error?: string
}

const { serialize } = protocol
const JSON_TYPE = 114

const migrate = async (db: PGlite): Promise<void> => {
  await db.exec('create table if not exists schema_version (version int not null)')
  const { rows } = await db.query<{ version: number }>(
    'select coalesce(max(version), 0) as version from schema_version',
  )
  const done = rows[0]?.version ?? 0
  if (done > MIGRATIONS.length) throw new Error(`the data folder is of a newer version (schema ${done})`)
  for (const [i, sql] of MIGRATIONS.entries()) {
    if (i < done) continue
    await db.transaction(async (tx) => {
      await tx.exec(sql)
      await tx.query('insert into schema_version values ($1)', [i + 1])
    })
  }
}

/** Names of prepared statements by their SQL. */
const prepared = new Map<string, string>()

const prepare = async (db: PGlite, sql: string): Promise<string> => {
  const known = prepared.get(sql)
  if (known) return known
  const name = `w${prepared.size}`
  await db.execProtocol(
    Buffer.concat([serialize.parse({ name, text: sql, types: [JSON_TYPE] }), serialize.sync()]),
  )
  prepared.set(sql, name)
  return name
}

/**
 * Statements of the extended protocol up to one Sync are one transaction, and one call into the database: a
 * quarter of the time that BEGIN, each statement and COMMIT take.
 */
const write = async (db: PGlite, writes: readonly Write[]): Promise<void> => {
  const messages: Uint8Array[] = []
  for (const { sql, json } of writes) {
    const statement = await prepare(db, sql)
    messages.push(serialize.bind({ statement, values: [json] }), serialize.execute({}))
  }
  await db.execProtocol(Buffer.concat([...messages, serialize.sync()]))
}

const handle = async (db: PGlite, request: Request): Promise<Reply> => {
  const { id } = request
  if (request.kind === 'write') {
    await db.runExclusive(() => write(db, request.writes))
    return { id }
  }
  if (request.kind === 'read') {
    const { rows } = await db.query<Row>(request.sql, [...request.parameters])
    return { id, rows }
  }
  await db.close()
  return { id }
}

const port = parentPort
if (!port) throw new Error('this module is a worker thread')
const db = await PGlite.create(workerData as string)
await migrate(db)
let queue: Promise<void> = Promise.resolve()
port.on('message', (request: Request) => {
  queue = queue
    .then(() => handle(db, request))
    .catch((error: unknown): Reply => ({ id: request.id, error: String(error) }))
    .then((reply) => {
      port.postMessage(reply)
      if (request.kind === 'close') port.close()
    })
})
port.postMessage({ id: 0 } satisfies Reply)
