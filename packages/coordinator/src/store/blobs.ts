import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { ApiError, type Digest } from '@weft/api'

/** Bytes by their SHA-256, on disk. */
export interface BlobStore {
  has(digest: Digest): boolean
  /** Stores what streams in. Errors: `payload_too_large`, `digest_mismatch`, `storage_full`; nothing is left then. */
  put(digest: Digest, stream: AsyncIterable<Uint8Array>, maxBytes: number): Promise<void>
  putBytes(bytes: Uint8Array): Promise<Digest>
  /** Null if there is no such blob. */
  open(digest: Digest): { readonly stream: Readable; readonly bytes: number } | null
  /** Errors: `unknown_blob`. */
  read(digest: Digest): Promise<Uint8Array>
  /** Removes what was stored before `beforeMs` and is not kept; returns how many. */
  sweep(keep: (digest: Digest) => boolean, beforeMs: number): Promise<number>
}

interface Entry {
  readonly bytes: number
  readonly storedMs: number
}

/** No room on the disk, in the quota, or within the largest file that the process may write. */
const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

const toRefusal = (error: unknown): unknown =>
  FULL.has((error as NodeJS.ErrnoException).code ?? '')
    ? new ApiError(
        'storage_full',
        'the coordinator’s disk is full; try again later or ask its operator',
        {},
        { cause: error },
      )
    : error

const hexOf = (digest: Digest): string => digest.slice(2)

/** Everything that is in the folder, by listing it; aborted uploads are removed. */
const index = async (folder: string): Promise<Map<Digest, Entry>> => {
  await rm(join(folder, 'tmp'), { recursive: true, force: true })
  await mkdir(join(folder, 'tmp'), { recursive: true })
  const entries = new Map<Digest, Entry>()
  for (const prefix of await readdir(folder)) {
    if (!/^[0-9a-f]{2}$/.test(prefix)) continue
    for (const rest of await readdir(join(folder, prefix))) {
      const { size, mtimeMs } = await stat(join(folder, prefix, rest))
      entries.set(`0x${prefix}${rest}`, { bytes: size, storedMs: mtimeMs })
    }
  }
  return entries
}

/**
 * Blobs in `folder`, each written aside and renamed, so that a blob with a name is whole. One process at a time:
 * the database's lock stands for both. `nowMs` dates what is stored.
 */
export const openBlobStore = async (folder: string, nowMs: () => number): Promise<BlobStore> => {
  const entries = await index(folder)
  const pathOf = (digest: Digest) => join(folder, hexOf(digest).slice(0, 2), hexOf(digest).slice(2))

  const write = async (expected: Digest | null, chunks: AsyncIterable<Uint8Array>, maxBytes: number) => {
    const aside = join(folder, 'tmp', randomUUID())
    const hash = createHash('sha256')
    let bytes = 0
    try {
      const file = await open(aside, 'wx')
      try {
        for await (const chunk of chunks) {
          bytes += chunk.length
          if (bytes > maxBytes) {
            throw new ApiError('payload_too_large', `a blob has at most ${maxBytes} bytes: send less`, {
              maxBytes,
            })
          }
          hash.update(chunk)
          // Unlike `write`, which may write less than it is given, on a full disk for one, and says so in its answer alone.
          await file.appendFile(chunk)
        }
      } finally {
        await file.close()
      }
      const digest: Digest = `0x${hash.digest('hex')}`
      if (expected !== null && digest !== expected) {
        throw new ApiError('digest_mismatch', 'the bytes have another SHA-256: send them under it', {
          expected,
          actual: digest,
        })
      }
      await mkdir(join(folder, hexOf(digest).slice(0, 2)), { recursive: true })
      await rename(aside, pathOf(digest))
      entries.set(digest, { bytes, storedMs: nowMs() })
    } catch (error) {
      await rm(aside, { force: true })
      throw toRefusal(error)
    }
  }

  return {
    has: (digest) => entries.has(digest),
    put: (digest, stream, maxBytes) => write(digest, stream, maxBytes),
    async putBytes(bytes) {
      const digest: Digest = `0x${createHash('sha256').update(bytes).digest('hex')}`
      if (!entries.has(digest)) {
        const once = async function* () {
          yield bytes
        }
        await write(digest, once(), bytes.length)
      }
      return digest
    },
    open(digest) {
      const entry = entries.get(digest)
      return entry ? { stream: createReadStream(pathOf(digest)), bytes: entry.bytes } : null
    },
    async read(digest) {
      if (!entries.has(digest))
        throw new ApiError('unknown_blob', 'no such blob: upload it first', { digest })
      return readFile(pathOf(digest))
    },
    async sweep(keep, beforeMs) {
      let removed = 0
      for (const [digest, { storedMs }] of entries) {
        if (storedMs >= beforeMs || keep(digest)) continue
        entries.delete(digest)
        await rm(pathOf(digest), { force: true })
        removed++
      }
      return removed
    },
  }
}
