import { type FileHandle, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { WeftError } from '@weft/protocol'
import { lockFile } from '../file-lock.js'
import { decodeRecord, encodeRecord, type TxRecord, type TxStore } from './tx.js'

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
    records.set(tx.id, tx)
  })
  return records
}

/** Only the outcome of a finished transaction matters: the signed bytes go. */
const slim = (tx: TxRecord): TxRecord =>
  tx.outcome === null ? tx : { ...tx, data: '0x', attempts: tx.attempts.map((a) => ({ ...a, raw: '0x' })) }

/**
 * Transactions in one file, a line for every change, each on disk before `put` resolves. Rewritten without history
 * at every start. Locked: two senders with one key would take the same nonces.
 * Errors: `file_in_use`; `tx_store_damaged`; `storage_full` and other disk errors leave the file as it was.
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
  await file.appendFile([...records.values()].map((tx) => `${encodeRecord(slim(tx))}\n`).join(''))
  await file.sync()
  await rename(next, path)
  await syncFolder(dirname(path))
  let size = (await file.stat()).size

  const append = async (tx: TxRecord) => {
    const line = Buffer.from(`${encodeRecord(tx)}\n`)
    try {
      await file.appendFile(line)
      await file.datasync()
      size += line.length
      records.set(tx.id, tx)
    } catch (cause) {
      // A torn line in the middle would make the next one unreadable.
      await file.truncate(size)
      const full = (cause as NodeJS.ErrnoException).code === 'ENOSPC'
      throw new WeftError(
        full ? 'storage_full' : 'storage_failed',
        `cannot write ${path}: ${full ? 'free space on the disk' : 'check the disk'}; nothing was sent`,
        { path },
        { cause },
      )
    }
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
