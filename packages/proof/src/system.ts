import type { Bytes32, Child } from '@weft/protocol'

/** Who verifies a proof: a merge circuit, or Ethereum. */
export type Target = 'recursive' | 'evm'

/** A compiled program: the proof system's own artifact, opaque to everybody else. */
export interface Artifact {
  readonly name: string
  readonly bytes: Uint8Array
}

/** A verification key for one target. */
export interface VerificationKey {
  readonly target: Target
  /** In the proof system's own encoding. */
  readonly bytes: Uint8Array
  /** Binds `bytes`; for recursive keys, the hash that a merge circuit checks the key against. */
  readonly hash: Bytes32
}

/** What proving one circuit takes. */
export interface Cost {
  /** Circuit size. */
  readonly gates: number
  /** Peak memory of a prover, an estimate that errs upwards. */
  readonly memoryBytes: number
}

/** A program's private inputs by parameter name, as JSON carries them. */
export type Inputs = { readonly [parameter: string]: InputValue }
export type InputValue = string | number | boolean | readonly InputValue[] | Inputs

/** A satisfying assignment, opaque to everybody but the proof system. */
export type Witness = Uint8Array

/** The part of an AbortSignal that a proof system uses; declared here because this package knows no runtime. */
export interface CancelSignal {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/** Limits of one job. Exceeding one ends that job with an error and nothing else. */
export interface Limits {
  readonly signal: CancelSignal
  readonly memoryBytes: number
  readonly timeMs: number
}

/** A child of a merge as its prover has it. */
export interface MergeChild {
  readonly claim: Child
  readonly proof: Uint8Array
  readonly key: VerificationKey
}

/** Makes artifacts and keys ready. Errors: ProofError. */
export interface Preparer {
  /** Compiles the program in a folder. Errors: `compile_failed`, with the compiler's own message. */
  compile(folder: string): Promise<Artifact>
  /** The key of an artifact for a target; cached. */
  setup(artifact: Artifact, target: Target, limits: Limits): Promise<VerificationKey>
  estimate(artifact: Artifact, limits: Limits): Promise<Cost>
}

/** Proves. Errors: ProofError; a crash of the prover is an error of that job alone. */
export interface Prover {
  /** Errors: `unsatisfied`, `bad_inputs`, `memory_limit`, `time_limit`, `cancelled`. */
  execute(artifact: Artifact, inputs: Inputs, limits: Limits): Promise<Witness>
  /** Does not notice an unsatisfied witness: verify what it returns. */
  prove(artifact: Artifact, key: VerificationKey, witness: Witness, limits: Limits): Promise<Uint8Array>
  /** The inputs of the merge program that compose two children's claims. */
  mergeInputs(
    mode: 'sequence' | 'parallel',
    left: MergeChild,
    right: MergeChild,
    by: { readonly prover: Bytes32 | `0x${string}`; readonly mergeKey: Bytes32 },
  ): Inputs
}

/** Verifies. A malformed proof is a false, never an exception; errors are the verifier's own failures. */
export interface Verifier {
  verify(key: VerificationKey, publicInput: Bytes32, proof: Uint8Array): Promise<boolean>
}

/** One proof system. */
export interface ProofSystem extends Preparer, Prover, Verifier {
  /** Part of every program id, see `programId` of the protocol. */
  readonly id: Bytes32
  /** The largest proof it makes, in bytes; whoever receives one reads no further. */
  readonly maxProofBytes: number
  /** Ends child processes. Idempotent. */
  close(): Promise<void>
}
