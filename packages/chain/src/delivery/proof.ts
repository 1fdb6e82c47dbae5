import {
  type Address,
  type Bytes32,
  type Hex,
  jobOf,
  programId,
  publicInputsHash,
  WeftError,
  ZERO_BYTES32,
} from '@weft/protocol'

/** How L1 verifies the proofs of a key. */
export type OnChainVerifier =
  /** By the contract for every Groth16 key, where the key's bytes are registered. */
  | { readonly kind: 'groth16' }
  /**
   * By a contract of the key's own, made by this code. `takes` says whether its function takes (bytes, bytes32[]), or the
   * proof and the public inputs as so many words.
   */
  | {
      readonly kind: 'contract'
      readonly creationCode: Uint8Array
      readonly selector: Hex
      readonly takes: 'bytes' | 'words'
    }
  /** The same, by one that is deployed. */
  | {
      readonly kind: 'deployed'
      readonly address: Address
      readonly selector: Hex
      readonly takes: 'bytes' | 'words'
    }

/** A proof that nothing merges, as L1 takes it. */
export interface DirectProofOnL1 {
  /** `GROTH16` or `CONTRACT`: what the router knows the verifier by. */
  readonly system: Bytes32
  /** Id of the verification key. */
  readonly key: Bytes32
  readonly publicInputs: readonly Bytes32[]
  readonly proof: Uint8Array
}

/** A proof with all that L1 may not have yet. */
export interface DeliverableProof extends DirectProofOnL1 {
  /** What Groth16 keys are registered by; the key's id is their hash. */
  readonly keyBytes: Uint8Array
  readonly verifier: OnChainVerifier
  /** Of the proof's statement. */
  readonly job: Bytes32
}

/** Where a job is recorded as proven. */
export interface DirectRecord {
  /** The job itself where it was recorded alone. */
  readonly root: Bytes32
  /** Bit i says whether the node at level i is a right child. */
  readonly index: number
  /** The job's own sibling first. */
  readonly siblings: readonly Bytes32[]
  /** The transaction that recorded it. */
  readonly l1Tx: Bytes32
}

/** The job of the statement that a proof proves, as the registry computes it. */
export const directJobOf = ({ system, key, publicInputs }: Omit<DirectProofOnL1, 'proof'>): Bytes32 =>
  jobOf({
    program: programId(system, key),
    pre: ZERO_BYTES32,
    post: ZERO_BYTES32,
    data: publicInputsHash(publicInputs),
  })

/** Throws `foreign_job` for a proof that is named by another statement's job. */
export const checkJob = (proof: DeliverableProof): void => {
  const job = directJobOf(proof)
  if (job === proof.job) return
  throw new WeftError(
    'foreign_job',
    `the proof proves job ${job}, not ${proof.job}: give its own system, key and public inputs`,
    { job: proof.job, proven: job },
  )
}
