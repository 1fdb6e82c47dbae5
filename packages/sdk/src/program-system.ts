import { type Bytes32, type Statement, ZERO_BYTES32 } from '@weft/protocol'

/** Where a program is, and what cannot be read from it. */
export interface ProgramSource {
  /** A folder or a file, as the program's system takes it. */
  readonly path: string
  /** The name of its proof system; the one whose proofs the coordinator merges unless told. */
  readonly system?: string
  /** In gates: what a program declares that makes its claim by itself. For any other it is measured. */
  readonly work?: bigint
  /** Whether proofs say nothing of private inputs; for programs that do not make their claim by themselves. */
  readonly zk?: boolean
}

/** What one execution of a program states: pre, post and data. */
export type ProgramStatement = Omit<Statement, 'program'>

/** What `Claim::stateless` of the Noir library claims: a result, and no state. */
export const stateless = (result: Bytes32): ProgramStatement => ({
  pre: ZERO_BYTES32,
  post: result,
  data: result,
})

/** What a claim has to be, as far as its requester knows. */
export interface ExpectedClaim {
  /** In gates, as the program is registered. */
  readonly work: bigint
  /** Null: whatever the program makes public. A program that makes its claim by itself shows a hash of it alone. */
  readonly statement: ProgramStatement | null
}

/** A program that was executed with inputs that satisfy it. */
export interface Execution {
  readonly statement: ProgramStatement
  /** The inputs as provers' nodes take them. */
  readonly inputs: object
}

/** A program of a system whose proofs nothing merges. */
export interface LoneProgram {
  /** The system's name. */
  readonly system: string
  /** As that system opens it here; it may say more than what is published of it. */
  readonly artifact: Uint8Array
}

/** A program with what the network needs of it. */
export interface PreparedProgram {
  readonly name: string
  readonly artifact: Uint8Array
  /** The key for proofs that are merged further, or for Ethereum where nothing merges them; and its hash. */
  readonly key: Uint8Array
  readonly keyHash: Bytes32
  readonly gates: number
  /** In gates; null where only its author knows what it declares. */
  readonly work: bigint | null
  /** Whether its proofs tell nothing of what is not public; not told, they may. */
  readonly zk?: boolean
  /** The same program for Ethereum alone, where its own proofs are merged. */
  readonly alone?: LoneProgram
  /**
   * Executes it on this machine, proving nothing. Errors: `bad_inputs`, naming the field; `unsatisfied`, with the
   * assertion; `statement_needed`; `bad_claim` where the program claims something else than expected.
   */
  execute(inputs: object, expected: ExpectedClaim, signal: AbortSignal): Promise<Execution>
}

/** A proof system as a requester needs it: it loads and executes, provers prove. */
export interface ProgramSystem {
  /** What programs call it: `ultrahonk` where proofs are merged, else the name of the direct system. */
  readonly name: string
  /** Part of every program id, see `programId` of the protocol. */
  readonly id: Bytes32
  /** A program from where its author has it. Errors: `compile_failed`, `bad_artifact`, `cancelled`. */
  load(source: ProgramSource, signal: AbortSignal): Promise<PreparedProgram>
  /**
   * A program as a coordinator keeps it; its key is made anew, so that the caller can compare ids. Errors:
   * `bad_artifact`, `cancelled`.
   */
  open(name: string, artifact: Uint8Array, signal: AbortSignal): Promise<PreparedProgram>
}
