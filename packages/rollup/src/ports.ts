import type { Bytes32, Claim, ClaimPath, Hex } from '@weft/protocol'
import type { Segment } from './state/index.js'

/** Time, as an argument. */
export interface Clock {
  nowMs(): number
  /** Runs a task once after a delay, unless it is cancelled before. */
  schedule(delayMs: number, task: () => void): { cancel(): void }
}

/** The part of a pino logger that the rollup uses. */
export interface Logger {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** What a batch is on L1, whoever proves it. */
export interface BatchHead {
  /** From 1; also the number of its block. */
  readonly number: number
  readonly pre: Bytes32
  readonly post: Bytes32
  /** Root of the segments' data commitments. */
  readonly data: Bytes32
  /** All transfers' 64-byte records, without the last segment's padding: L1's calldata. */
  readonly transfers: Hex
}

/** A closed batch: everything that proving takes. */
export interface Batch extends BatchHead {
  readonly segments: readonly Segment[]
}

/** A batch's claim, as a settlement recorded it on L1, and its way up to the recorded root. */
export interface Proven {
  readonly claim: Claim
  readonly path: ClaimPath
  readonly settlementTx: Bytes32
}

export interface BatchProver {
  /**
   * Has a batch proven and settled. Called again for the same batch after a failure or a restart, so the same batch
   * must not be paid for twice: ids come from content. Any rejection is tried again later.
   */
  prove(batch: Batch, signal: AbortSignal): Promise<Proven>
}

/** The rollup's contract. */
export interface L1 {
  /** How many batches it has taken, and the state root it holds. */
  head(): Promise<{ readonly batches: number; readonly root: Bytes32 }>
  /** Takes the next batch; resolves once that is as final as the deployment asks for. Any rejection is tried again. */
  advance(batch: BatchHead, proven: Proven, signal: AbortSignal): Promise<{ readonly l1Tx: Bytes32 }>
}
