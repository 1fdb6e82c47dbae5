import type { Connection } from '@weft/api'
import type { InputBlob } from './batch.js'

const UPLOADS_AT_ONCE = 4

/** Uploads a few at a time. */
export const upload = async (connection: Connection, blobs: readonly InputBlob[], signal: AbortSignal) => {
  const queue = [...new Map(blobs.map((blob) => [blob.digest, blob])).values()]
  const worker = async () => {
    for (let blob = queue.shift(); blob !== undefined; blob = queue.shift()) {
      const { digest, bytes } = blob
      if (bytes === null) continue
      await connection.ask(signal, (api) => api.putBlob({ params: { digest }, body: bytes, signal }))
    }
  }
  await Promise.all(Array.from({ length: UPLOADS_AT_ONCE }, worker))
}
