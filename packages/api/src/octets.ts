import { bytesToHex, WeftError } from '@weft/protocol'
import type { Digest } from './primitives.js'

export type OctetStream = ReadableStream<Uint8Array>

/** The name of a blob. */
export const digestOf = async (bytes: Uint8Array): Promise<Digest> =>
  bytesToHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)))

/** What is sent until it ends. A connection that breaks shows itself as a TypeError of `fetch`. */
async function* chunksOf(stream: OctetStream): AsyncGenerator<Uint8Array> {
  try {
    yield* stream as unknown as AsyncIterable<Uint8Array>
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    throw new WeftError(
      'coordinator_unreachable',
      `the connection to the coordinator broke in the middle of an answer (${cause.message}): try again`,
      {},
      { cause },
    )
  }
}

/**
 * All of a stream. Errors: `answer_too_large` as soon as it exceeds `maxBytes`, `coordinator_unreachable` where it breaks
 * off.
 */
export const readCapped = async (stream: OctetStream, maxBytes: number): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of chunksOf(stream)) {
    length += chunk.length
    if (length > maxBytes) {
      // Leaving the loop cancels the stream.
      throw new WeftError(
        'answer_too_large',
        `the coordinator sends more than ${maxBytes} bytes; do not trust it`,
        {
          maxBytes,
        },
      )
    }
    chunks.push(chunk)
  }
  const bytes = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}

/** A downloaded blob, checked against its name. Errors: those of `readCapped`, `digest_mismatch`. */
export const readBlob = async (
  stream: OctetStream,
  digest: Digest,
  maxBytes: number,
): Promise<Uint8Array> => {
  const bytes = await readCapped(stream, maxBytes)
  const actual = await digestOf(bytes)
  if (actual !== digest) {
    throw new WeftError(
      'digest_mismatch',
      'the coordinator sent other bytes than asked for; do not use them',
      {
        digest,
        actual,
      },
    )
  }
  return bytes
}
