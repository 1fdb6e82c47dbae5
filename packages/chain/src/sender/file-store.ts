import { type FileHandle, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { WeftError } from '@weft/protocol'
import { lockFile } from '../file-lock.js'
import { createAppender } from './appender.js'
import { decodeRecord, encodeRecord, slim, type TxRecord, type TxStore } from './tx.js'

/** Forces a folder's entries to disk, so that a created or renamed file is found after a crash. */
const syncFolder = async (folder: string) => {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

const parse = (path: string, text: string): Map<string, TxRecord> => {
  const records = new Map<string, TxRecord>()
  const lines = text.split('\n')
  // What follows the last line break was torn off by a crash before anything was sent for it.
  lines.pop()
  lines.forEach((line, i) => {
    const tx = decodeRecord(line)
    if (tx === null) {
      throw new WeftError(
        'tx_store_damaged',
        `line ${i + 1} of ${path} is not a transaction record: restore the file from a backup; ` +
          'without it, what was sent before could be sent again',
        { path, line: i + 1 },
      )
    }
    records.set(tx.id, slim(tx))
  })
  return records
}

/**
 * Transactions in one file, a line for every change, each on disk before `put` resolves. Rewritten without history
 * at every start. Locked: two senders with one key would take the same nonces.
 * Errors: `file_in_use`; `tx_store_damaged`; of `put`, those of the appender.
 */
export const createFileTxStore = async (path: string): Promise<TxStore> => {
  await mkdir(dirname(path), { recursive: true })
  const release = await lockFile(`${path}.lock`)
  try {
    return await openStore(path, release)
  } catch (error) {
    await release()
    throw error
  }
}

const openStore = async (path: string, release: () => Promise<void>): Promise<TxStore> => {
  const before = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  const records = parse(path, before)

  const next = `${path}.next`
  await rm(next, { force: true })
  const file: FileHandle = await open(next, 'ax', 0o600)
  await file.appendFile([...records.values()].map((tx) => `${encodeRecord(tx)}\n`).join(''))
  await file.sync()
  await rename(next, path)
  await syncFolder(dirname(path))
  const appendLine = createAppender(path, file, (await file.stat()).size)

  const append = async (tx: TxRecord) => {
    const kept = slim(tx)
    await appendLine(encodeRecord(kept))
    records.set(tx.id, kept)
  }
  let last: Promise<unknown> = Promise.resolve()
  return {
    load: async () => [...records.values()],
    put: (tx) => {
      const done = last.then(() => append(tx))
      last = done.catch(() => undefined)
      return done
    },
    close: async () => {
      await last
      await file.close()
      await release()
    },
  }
}
