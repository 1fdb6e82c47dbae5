import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import type { CompiledCircuit } from '@noir-lang/noir_js'
import { type Artifact, ProofError } from '@weft/proof'

/** The largest circuit bytecode that is unpacked, in bytes; a gzip bomb stops here. */
const MAX_BYTECODE = 256 * 1024 * 1024

/** A circuit as the compiler writes it. */
export interface Circuit {
  readonly noir_version: string
  readonly abi: CompiledCircuit['abi']
  readonly bytecode: string
  readonly debug_symbols: string
  readonly file_map: CompiledCircuit['file_map']
}

/** The proof inside of a wrapper's: that of the program that was wrapped. */
export interface Inner {
  readonly abi: CompiledCircuit['abi']
  readonly bytecode: string
  /** Its recursive verification key, in base64. */
  readonly key: string
  readonly zk: boolean
}

/** What an artifact holds: debug information only of programs that were loaded with it. */
export type ParsedArtifact = Pick<Circuit, 'abi' | 'bytecode'> &
  Partial<Pick<Circuit, 'debug_symbols' | 'file_map'>> & { readonly inner?: Inner }

/** What of a compiled circuit is needed to prove it, and nothing of the machine that compiled it. */
export const toArtifact = (name: string, circuit: Pick<Circuit, 'abi' | 'bytecode'>): Artifact => {
  const { bytecode, abi } = circuit
  return { name, bytes: Buffer.from(JSON.stringify({ name, abi, bytecode })) }
}

/** A wrapper's artifact, with the program inside of it. */
export const wrapArtifact = (name: string, { abi, bytecode }: Circuit, inner: Inner): Artifact => {
  const { abi: innerAbi, bytecode: innerBytecode, key, zk } = inner
  const json = { name, abi, bytecode, inner: { abi: innerAbi, bytecode: innerBytecode, key, zk } }
  return { name, bytes: Buffer.from(JSON.stringify(json)) }
}

/** An artifact with the compiler's debug information: errors name places in the source, which comes with it. */
export const toDebugArtifact = (name: string, circuit: Circuit): Artifact => ({
  name,
  bytes: Buffer.from(JSON.stringify({ name, ...circuit })),
})

/** The same artifact without debug information, so without sources: for whoever gives it away. */
export const stripDebug = (artifact: Artifact): Artifact => toArtifact(artifact.name, parseArtifact(artifact))

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isCircuit = (value: unknown): boolean =>
  isObject(value) &&
  typeof value.bytecode === 'string' &&
  isObject(value.abi) &&
  Array.isArray(value.abi.parameters)

const isInner = (value: unknown): boolean =>
  isCircuit(value) && isObject(value) && typeof value.key === 'string' && typeof value.zk === 'boolean'

/** Errors: `bad_artifact`. */
export const parseArtifact = ({ name, bytes }: Artifact): ParsedArtifact => {
  let json: unknown
  try {
    json = JSON.parse(Buffer.from(bytes).toString())
  } catch (cause) {
    throw new ProofError('bad_artifact', `${name} is not JSON: compile it again`, {}, { cause })
  }
  if (!isCircuit(json))
    throw new ProofError('bad_artifact', `${name} has no bytecode or no ABI: compile it again`)
  const artifact = json as ParsedArtifact
  if (artifact.inner !== undefined && !isInner(artifact.inner))
    throw new ProofError('bad_artifact', `${name} wraps something that is no program: wrap it again`)
  return artifact
}

/** The circuit as `bb` takes it. Errors: `bad_artifact`. */
export const bytecodeOf = (artifact: Artifact): Uint8Array =>
  unpackBytecode(artifact.name, parseArtifact(artifact).bytecode)

/** Errors: `bad_artifact`. */
export const unpackBytecode = (name: string, bytecode: string): Uint8Array => {
  try {
    return gunzipSync(Buffer.from(bytecode, 'base64'), { maxOutputLength: MAX_BYTECODE })
  } catch (cause) {
    throw new ProofError('bad_artifact', `the bytecode of ${name} does not unpack`, {}, { cause })
  }
}

/** The program inside of a wrapper, as an artifact of its own; null for a program that wraps none. */
export const unwrapArtifact = (
  artifact: Artifact,
): { readonly inner: Inner; readonly innerArtifact: Artifact } | null => {
  const { inner } = parseArtifact(artifact)
  return inner === undefined ? null : { inner, innerArtifact: toArtifact(artifact.name, inner) }
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
