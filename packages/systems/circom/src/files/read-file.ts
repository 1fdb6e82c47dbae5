import { readFile, stat } from 'node:fs/promises'
import { CircomError } from '../error.js'

const missing = (path: string) =>
  new CircomError('file_missing', `there is no file ${path}: check the path`, { path })

/** A file of at most so many bytes. Errors: `file_missing`, `file_too_large`. */
export const readCapped = async (path: string, maxBytes: number): Promise<Uint8Array> => {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
    throw error
  })
  if (found === null || !found.isFile()) throw missing(path)
  if (found.size <= maxBytes) return readFile(path)
  throw new CircomError(
    'file_too_large',
    `${path} has ${found.size} bytes, of which at most ${maxBytes} can be read: make the circuit smaller`,
    { path, bytes: found.size, maxBytes },
  )
}
