import { type Bytes32, bytesToHex, hexToBytes, type OnChainVerifier } from '@weft/protocol'
import type { Artifact, Cost, Inputs, Limits, VerificationKey } from './system.js'

/*
 * Proof systems whose proofs nothing merges: each is delivered to L1 by itself, or in a batch of its kind. Their programs
 * make no claim. They state their public inputs, in data (see `publicInputsHash`), and nothing of who proved them.
 */

/** A proof with what it makes public. */
export interface DirectProof {
  /** In the order in which the verifier takes them. */
  readonly publicInputs: readonly Bytes32[]
  /** As the verifier on L1 takes it. */
  readonly proof: Uint8Array
}

/** A program as its artifact makes it. */
export interface DirectSetup {
  /** For Ethereum. Its bytes are what `verify` needs, its hash is the one that L1 knows it by. */
  readonly key: VerificationKey
  /** In gates of UltraHonk that take a prover as long, an estimate that errs upwards. */
  readonly cost: Cost
}

/** One such proof system. Errors are ProofErrors unless said otherwise. */
export interface DirectSystem {
  /** What programs call it: lower-case letters, digits and hyphens. Unique among the systems of a process. */
  readonly name: string
  /** `GROTH16` or `CONTRACT` of the protocol: part of every program id. */
  readonly id: Bytes32
  /** The largest proof, encoded as by `encodeDirectProof`. */
  readonly maxProofBytes: number
  /** Reads an artifact of anybody's. The same artifact gives the same key. Errors: `bad_artifact`, those of the limits. */
  setup(artifact: Artifact, limits: Limits): Promise<DirectSetup>
  /** Errors: `bad_key`. */
  onChain(key: VerificationKey): Promise<OnChainVerifier>
  /** What a program makes public, without proving it. Errors: `unsatisfied`, `bad_inputs`, those of the limits. */
  execute(artifact: Artifact, inputs: Inputs, limits: Limits): Promise<readonly Bytes32[]>
  /** Verify what it returns. Errors: those of `execute`; `prover_crashed`. */
  prove(artifact: Artifact, key: VerificationKey, inputs: Inputs, limits: Limits): Promise<DirectProof>
  /** A malformed proof is a false, never an exception; errors are the verifier's own failures. */
  verify(key: VerificationKey, proof: DirectProof): Promise<boolean>
  /** Ends child processes. Idempotent. */
  close(): Promise<void>
}

const WORD = 32
const COUNT_BYTES = 4
/** More than any verifier on L1 could take. */
const MAX_PUBLIC_INPUTS = 4096

/** A proof as one string of bytes: the number of public inputs (4 bytes, big-endian), their words, the proof. */
export const encodeDirectProof = ({ publicInputs, proof }: DirectProof): Uint8Array => {
  const bytes = new Uint8Array(COUNT_BYTES + WORD * publicInputs.length + proof.length)
  new DataView(bytes.buffer).setUint32(0, publicInputs.length)
  for (const [i, word] of publicInputs.entries()) bytes.set(hexToBytes(word), COUNT_BYTES + WORD * i)
  bytes.set(proof, COUNT_BYTES + WORD * publicInputs.length)
  return bytes
}

/** Null for what no proof encodes to. */
export const decodeDirectProof = (bytes: Uint8Array): DirectProof | null => {
  if (bytes.length < COUNT_BYTES) return null
  const count = new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(0)
  const end = COUNT_BYTES + WORD * count
  if (count > MAX_PUBLIC_INPUTS || bytes.length < end) return null
  const publicInputs = Array.from({ length: count }, (_, i) =>
    bytesToHex(bytes.subarray(COUNT_BYTES + WORD * i, COUNT_BYTES + WORD * (i + 1))),
  )
  return { publicInputs, proof: bytes.slice(end) }
}
