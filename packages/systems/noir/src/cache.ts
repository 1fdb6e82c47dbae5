import { readdir, readFile, rm, stat, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { writeAtomically } from './atomic.js'

/** What a cache folder may hold, in bytes; beyond that goes what was used longest ago. */
const MAX_BYTES = 2 ** 30
/** So much is left then, for the folder not to be read at every write. */
const KEPT_BYTES = 0.75 * MAX_BYTES

/** Whatever was written in between is no more than this; others may write to the same folder. */
const LOOK_EVERY_BYTES = 0.05 * MAX_BYTES

/** Bytes written to each folder since it was last looked through; at first it is looked through. */
const written = new Map<string, number>()

/** Null for what is gone, or going. */
const orGone = (error: NodeJS.ErrnoException): null => {
  if (error.code === 'ENOENT') return null
  throw error
}

/** A cached file, if it is there: whatever keeps it from being read, it can be made again. */
export const readCached = async (path: string): Promise<Uint8Array | null> => {
  const bytes = await readFile(path).catch(() => null)
  if (bytes === null) return null
  const now = new Date()
  // Somebody else's folder may be read-only, and the file may just have been removed.
  await utimes(path, now, now).catch(() => undefined)
  return bytes
}

/** Removes what was used longest ago until `keptBytes` are left, if there are more than `maxBytes`. */
export const trimFolder = async (folder: string, maxBytes: number, keptBytes: number): Promise<void> => {
  const names = await readdir(folder)
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name)
      const found = await stat(path).catch(orGone)
      return found?.isFile() ? [{ path, bytes: found.size, usedMs: found.mtimeMs }] : []
    }),
  )
  const oldest = files.flat().sort((one, other) => one.usedMs - other.usedMs)
  let total = oldest.reduce((sum, { bytes }) => sum + bytes, 0)
  if (total <= maxBytes) return
  for (const { path, bytes } of oldest) {
    if (total <= keptBytes) return
    await rm(path, { force: true })
    total -= bytes
  }
}

/** Keeps a file for the next time; others see it whole or not at all. */
export const writeCached = async (path: string, content: Uint8Array | string): Promise<void> => {
  await writeAtomically(path, content)
  const folder = dirname(path)
  const since = (written.get(folder) ?? LOOK_EVERY_BYTES) + content.length
  written.set(folder, since >= LOOK_EVERY_BYTES ? 0 : since)
  if (since >= LOOK_EVERY_BYTES) await trimFolder(folder, MAX_BYTES, KEPT_BYTES)
}

/** The bytes of a file, made by `make` and kept unless it is there. */
export const cached = async (path: string, make: () => Promise<Uint8Array>): Promise<Uint8Array> => {
  const known = await readCached(path)
  if (known !== null) return known
  const bytes = await make()
  await writeCached(path, bytes)
  return bytes
}
