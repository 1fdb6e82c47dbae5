import { ProofError } from '@weft/proof'
import type { CircomArtifacts } from './program.js'

/** The files of a circuit, of whatever protocol its zkey is. */
export type CircomFiles = Omit<CircomArtifacts, 'protocol'>

const MAGIC = 'wcir'
const VERSION = 1
const FILES = ['wasm', 'zkey', 'r1cs'] as const
/** Magic and version (4 bytes each), then a length (8) for each file. */
const HEADER_BYTES = 8 + 8 * FILES.length

/** How long a file may be: what goes to another process in one message ends at 2 GiB. */
export const MAX_FILE_BYTES = { wasm: 2 ** 28, zkey: 2 ** 31 - 2 ** 20, r1cs: 2 ** 30 } as const

const bad = (why: string) =>
  new ProofError('bad_artifact', `the artifact is no circom program: ${why}`, { file: 'artifact' })

/**
 * A circuit's files as one: "wcir", the version (u32), the lengths of wasm, zkey and r1cs (u64 each; an r1cs that is not
 * there has none), all big-endian, then the files in that order. Errors: `bad_artifact` for what `unpack` would refuse.
 */
export const packCircomArtifact = (files: CircomFiles): Uint8Array => {
  const parts = FILES.map((name) => files[name] ?? new Uint8Array(0))
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, HEADER_BYTES))
  bytes.set(Buffer.from(MAGIC))
  const view = new DataView(bytes.buffer)
  view.setUint32(4, VERSION)
  let at = HEADER_BYTES
  for (const [i, part] of parts.entries()) {
    view.setBigUint64(8 + 8 * i, BigInt(part.length))
    bytes.set(part, at)
    at += part.length
  }
  unpackCircomArtifact(bytes)
  return bytes
}

/** The files as views of the artifact; what is in them is not checked. Errors: `bad_artifact`. */
export const unpackCircomArtifact = (bytes: Uint8Array): CircomFiles => {
  if (bytes.length < HEADER_BYTES || Buffer.from(bytes.subarray(0, 4)).toString('latin1') !== MAGIC) {
    throw bad(`it does not begin with "${MAGIC}": pack a wasm and a zkey`)
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.getUint32(4) !== VERSION) throw bad(`version ${view.getUint32(4)} is not known here: update`)
  let at = HEADER_BYTES
  const [wasm, zkey, r1cs] = FILES.map((name, i) => {
    const length = view.getBigUint64(8 + 8 * i)
    if (length > MAX_FILE_BYTES[name]) throw bad(`its ${name} is said to have ${length} bytes`)
    if (length > bytes.length - at) throw bad(`its ${name} is cut short: fetch it again`)
    at += Number(length)
    return bytes.subarray(at - Number(length), at)
  }) as [Uint8Array, Uint8Array, Uint8Array]
  if (at !== bytes.length) throw bad(`it goes on behind its files for ${bytes.length - at} bytes`)
  return { wasm, zkey, ...(r1cs.length > 0 && { r1cs }) }
}
