import {
  type Bytes32,
  directStatement,
  jobOf,
  type OnChainVerifier,
  programId,
  WeftError,
} from '@weft/protocol'

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
  jobOf({ program: programId(system, key), ...directStatement(publicInputs) })

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
