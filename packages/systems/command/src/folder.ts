import { constants } from 'node:fs'
import { chmod, lstat, mkdir, mkdtemp, open, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ProofError } from '@weft/proof'

const isGone = (error: NodeJS.ErrnoException): null => {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
  throw error
}

const BLOCK_BYTES = 512

/** Bytes on disk below a path, counted up to a little above `limitBytes`. */
export const diskBytes = async (path: string, limitBytes: number): Promise<number> => {
  const about = await lstat(path).catch(isGone)
  if (about === null) return 0
  let sum = about.blocks * BLOCK_BYTES
  if (!about.isDirectory()) return sum
  for (const name of (await readdir(path).catch(isGone)) ?? []) {
    if (sum > limitBytes) break
    sum += await diskBytes(join(path, name), limitBytes - sum)
  }
  return sum
}

/** Makes folders that refuse it removable. */
const unlock = async (folder: string): Promise<void> => {
  await chmod(folder, 0o700)
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await unlock(join(folder, entry.name))
  }
}

const remove = async (folder: string): Promise<void> => {
  const options = { recursive: true, force: true, maxRetries: 3 } as const
  try {
    await rm(folder, options)
  } catch {
    await unlock(folder)
    await rm(folder, options)
  }
}

/** Gives `work` a folder that nobody else can read, and removes it whatever happens. */
export const withFolder = async <T>(parent: string, work: (folder: string) => Promise<T>): Promise<T> => {
  await mkdir(parent, { recursive: true })
  // mkdtemp makes it with mode 0700.
  const folder = await mkdtemp(join(parent, 'weft-command-'))
  try {
    return await work(folder)
  } finally {
    await remove(folder)
  }
}

/** So that two writers of one file do not share the temporary one. */
let writes = 0

/** Writes a file so that others see it whole or not at all. */
export const writeAtomically = async (path: string, content: Uint8Array | string): Promise<void> => {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const temporary = `${path}.${process.pid}.${writes++}.tmp`
  await writeFile(temporary, content)
  await rename(temporary, path)
}

/**
 * What a command wrote, of at most `maxBytes`, however much there is; null if it wrote none. Errors: `prover_crashed`
 * for what is larger or no plain file.
 */
export const readOutput = async (folder: string, name: string, maxBytes: number): Promise<Buffer | null> => {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants
  const bad = (why: string) => new ProofError('prover_crashed', `the command wrote a ${name} that ${why}`)
  const file = await open(join(folder, name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ELOOP') throw bad('is a link: write the file itself')
      return isGone(error)
    },
  )
  if (file === null) return null
  try {
    if (!(await file.stat()).isFile()) throw bad('is no plain file')
    const bytes = Buffer.alloc(Math.min((await file.stat()).size, maxBytes + 1))
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0)
    if (bytesRead > maxBytes) throw bad(`has more than ${maxBytes} bytes`)
    return bytes.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}
