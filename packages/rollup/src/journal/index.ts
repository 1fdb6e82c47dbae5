import { createReadStream } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import { lockFolder } from '@weft/chain/file-lock'
import { Journal } from './journal.js'
import { readJournal } from './read.js'
import type { JournalRecord } from './records.js'

export { Journal, type JournalFile } from './journal.js'
export { readJournal } from './read.js'
export type { JournalRecord } from './records.js'

/** A rollup's folder, ours until closed. */
export interface OpenJournal {
  readonly journal: Journal
  /** What was there. */
  readonly records: readonly JournalRecord[]
  close(): Promise<void>
}

const openFile = async (folder: string) => {
  const path = join(folder, 'journal.jsonl')
  // Not 'a': appending ignores positions, and a torn tail is overwritten by position.
  const create = await open(path, 'a')
  await create.close()
  const directory = await open(folder, 'r')
  // The file's name has to survive as well as its content.
  await directory.sync()
  await directory.close()
  const { records, size } = await readJournal(createReadStream(path))
  const file = await open(path, 'r+')
  await file.truncate(size)
  return { file, records, size }
}

/**
 * Opens (or makes) a folder's journal, cuts off a torn tail and locks the folder. Throws a WeftError `folder_in_use`
 * or `journal_corrupt`.
 */
export const openJournal = async (folder: string): Promise<OpenJournal> => {
  await mkdir(folder, { recursive: true })
  const unlock = await lockFolder(folder)
  try {
    const { file, records, size } = await openFile(folder)
    const journal = new Journal(file, size)
    const close = async () => {
      await journal.close()
      await unlock()
    }
    return { journal, records, close }
  } catch (error) {
    await unlock()
    throw error
  }
}
