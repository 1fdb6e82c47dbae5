import type { FileHandle } from 'node:fs/promises'
import { WeftError } from '@weft/protocol'

/** What is needed of a file that was opened to append. */
export type AppendFile = Pick<FileHandle, 'appendFile' | 'datasync' | 'truncate'>

/**
 * Appends lines to a file of `size` bytes, one call at a time; each is on disk before the call resolves.
 * Errors: `storage_full`, `storage_failed`; no byte of the line stays then, or goes before the next line is written.
 */
export const createAppender = (
  path: string,
  file: AppendFile,
  size: number,
): ((line: string) => Promise<void>) => {
  let isTorn = false
  /** A torn line in the middle would make the next one unreadable. */
  const mend = async () => {
    if (isTorn) await file.truncate(size)
    isTorn = false
  }
  return async (line) => {
    const bytes = Buffer.from(`${line}\n`)
    try {
      await mend()
      isTorn = true
      await file.appendFile(bytes)
      await file.datasync()
      isTorn = false
      size += bytes.length
    } catch (cause) {
      // A disk in trouble may refuse this as well: then the next line has to wait for it.
      await mend().catch(() => undefined)
      const full = (cause as NodeJS.ErrnoException).code === 'ENOSPC'
      throw new WeftError(
        full ? 'storage_full' : 'storage_failed',
        `cannot write ${path}: ${full ? 'free space on the disk' : 'check the disk'}; nothing was sent`,
        { path },
        { cause },
      )
    }
  }
}
