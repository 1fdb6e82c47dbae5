import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { lockFolder } from '@weft/chain/file-lock'
import type { Database, Row } from './database.js'
import type { Reply, Request } from './pglite-worker.js'

type RequestBody = Request extends infer R ? (R extends { id: number } ? Omit<R, 'id'> : never) : never

interface Connection {
  readonly worker: Worker
  readonly waiting: Map<number, { resolve: (reply: Reply) => void; reject: (error: Error) => void }>
}

const connect = (folder: string, onEnd: () => void): Promise<Connection> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./pglite-worker.js', import.meta.url), { workerData: folder })
    const waiting: Connection['waiting'] = new Map()
    const end = (error: Error) => {
      onEnd()
      reject(error)
      for (const call of waiting.values()) call.reject(error)
      waiting.clear()
    }
    worker.on('error', (cause) => end(new Error('the database has crashed', { cause })))
    worker.on('exit', (code) => end(new Error(`the database has ended with code ${code}`)))
    worker.on('message', (reply: Reply) => {
      if (reply.id === 0) return resolve({ worker, waiting })
      const call = waiting.get(reply.id)
      waiting.delete(reply.id)
      if (reply.error === undefined) call?.resolve(reply)
      else call?.reject(new Error(reply.error))
    })
  })

export interface PgliteDatabase extends Database {
  /** Kills the database's thread, as a crash would; the next call opens the folder again. For tests. */
  crash(): Promise<void>
}

/**
 * PostgreSQL in a thread of this process, its data in `folder`. What `write` acknowledged survives a kill of the
 * process; it is not flushed to the disk's platter, so loss of power needs a server. After a crash of its thread
 * the next call opens the folder again. Errors: `folder_in_use`.
 */
export const openPglite = async (folder: string): Promise<PgliteDatabase> => {
  await mkdir(folder, { recursive: true })
  const release = await lockFolder(folder)
  let connection: Promise<Connection> | null = null
  let lastId = 0

  const current = (): Promise<Connection> => {
    if (!connection) {
      const opened: Promise<Connection> = connect(join(folder, 'pg'), () => {
        if (connection === opened) connection = null
      })
      connection = opened
    }
    return connection
  }
  const call = async (request: RequestBody): Promise<Reply> => {
    const { worker, waiting } = await current()
    const id = ++lastId
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject })
      worker.postMessage({ ...request, id })
    })
  }

  const close = async () => {
    if (connection) await call({ kind: 'close' })
    await release()
  }
  let closed: Promise<void> | null = null

  try {
    await current()
  } catch (error) {
    await release()
    throw error
  }
  return {
    async write(writes) {
      await call({ kind: 'write', writes })
    },
    async read(sql, parameters): Promise<readonly Row[]> {
      return (await call({ kind: 'read', sql, parameters })).rows ?? []
    },
    close() {
      closed ??= close()
      return closed
    },
    async crash() {
      await (await current()).worker.terminate()
    },
  }
}
