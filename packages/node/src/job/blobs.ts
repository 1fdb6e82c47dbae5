import { join } from 'node:path'
import { type Digest, digestOf, readBlob } from '@weft/api'
import type { Link } from '../coordinator/link.js'
import { readIfThere, writeDurably } from '../durable.js'

const TIME_MS = 120_000
/** About half a megabit a second. */
const SLOWEST_BYTES_PER_MS = 64

/**
 * How long one try at so many bytes may take, on the slowest line that a node has: with less, every try would end before
 * the bytes are there, and the next one would begin anew, for ever.
 */
export const downloadMs = (maxBytes: number): number => TIME_MS + Math.ceil(maxBytes / SLOWEST_BYTES_PER_MS)

/** Bytes by their digest, from the coordinator; it is not believed. Errors: `digest_mismatch`, `answer_too_large`. */
export interface Blobs {
  fetch(digest: Digest, maxBytes: number, signal: AbortSignal): Promise<Uint8Array>
  /** The same, kept on disk for the next time. */
  fetchOnce(digest: Digest, maxBytes: number, signal: AbortSignal): Promise<Uint8Array>
}

export const createBlobs = (link: Link, folder: string): Blobs => {
  const fetch: Blobs['fetch'] = (digest, maxBytes, signal) =>
    link.ask(signal, downloadMs(maxBytes), async (api, limited) => {
      const stream = await api.getBlob({ params: { digest }, signal: limited })
      return readBlob(stream, digest, maxBytes)
    })
  const fetchAndKeep = async (digest: Digest, maxBytes: number, signal: AbortSignal) => {
    const path = join(folder, digest)
    const kept = await readIfThere(path)
    // A damaged file is fetched again.
    if (kept !== null && (await digestOf(kept)) === digest) return kept
    const bytes = await fetch(digest, maxBytes, signal)
    await writeDurably(path, bytes)
    return bytes
  }
  // Programs can share a blob.
  const running = new Map<Digest, Promise<Uint8Array>>()
  return {
    fetch,
    fetchOnce(digest, maxBytes, signal) {
      const bytes =
        running.get(digest) ??
        fetchAndKeep(digest, maxBytes, signal).finally(() => {
          running.delete(digest)
        })
      running.set(digest, bytes)
      return bytes
    },
  }
}
