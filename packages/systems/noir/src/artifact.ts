import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import type { CompiledCircuit } from '@noir-lang/noir_js'
import { type Artifact, ProofError } from '@weft/proof'

/** The largest circuit bytecode that is unpacked, in bytes; a gzip bomb stops here. */
const MAX_BYTECODE = 256 * 1024 * 1024

/** What of a compiled circuit is needed to prove it, and nothing of the machine that compiled it. */
export const toArtifact = (name: string, circuit: CompiledCircuit): Artifact => {
  const { bytecode, abi } = circuit
  return { name, bytes: Buffer.from(JSON.stringify({ name, abi, bytecode })) }
}

/** Errors: `bad_artifact`. */
export const parseArtifact = (artifact: Artifact): CompiledCircuit => {
  try {
    const json = JSON.parse(Buffer.from(artifact.bytes).toString()) as Partial<CompiledCircuit>
    if (typeof json.bytecode === 'string' && Array.isArray(json.abi?.parameters))
      return json as CompiledCircuit
  } catch (cause) {
    throw new ProofError('bad_artifact', `${artifact.name} is not JSON: compile it again`, {}, { cause })
  }
  throw new ProofError('bad_artifact', `${artifact.name} has no bytecode or no ABI: compile it again`)
}

/** The circuit as `bb` takes it. Errors: `bad_artifact`. */
export const bytecodeOf = (artifact: Artifact): Uint8Array => {
  const packed = Buffer.from(parseArtifact(artifact).bytecode, 'base64')
  try {
    return gunzipSync(packed, { maxOutputLength: MAX_BYTECODE })
  } catch (cause) {
    throw new ProofError('bad_artifact', `the bytecode of ${artifact.name} does not unpack`, {}, { cause })
  }
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
