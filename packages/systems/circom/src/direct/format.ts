import type { Limits, VerificationKey } from '@weft/proof'
import type { Bytes32, OnChainVerifier } from '@weft/protocol'
import type { Protocol } from '../headers.js'
import type { CircomVerificationKey } from '../proof.js'

/** A proof, its public signals and its key as snarkjs has them. */
export interface CircomStatement {
  readonly key: CircomVerificationKey
  readonly publicSignals: readonly string[]
  readonly proof: object
}

/** How keys and proofs of one of circom's protocols go to L1 and come back. */
export interface Format {
  readonly protocol: Protocol
  readonly id: Bytes32
  readonly proofBytes: number
  readonly maxPublicSignals: number
  /** Errors: `bad_artifact` for a key that L1 cannot take, `setup_failed`, those of the limits. */
  encodeKey(key: CircomVerificationKey, limits: Limits): Promise<VerificationKey>
  /** Errors: `bad_key` unless every byte of it is what its hash says. */
  decodeKey(key: VerificationKey): Promise<CircomVerificationKey>
  /** Of a key that `decodeKey` takes. */
  onChain(key: VerificationKey): Promise<OnChainVerifier>
  encodeProof(proof: object): Uint8Array
  /** Of `proofBytes` bytes. What it gives may still be ill-formed. */
  decodeProof(proof: Uint8Array): object
  /** Whether L1 accepts what else of a proof it reads than snarkjs does. */
  isComplete(statement: CircomStatement): boolean
}
