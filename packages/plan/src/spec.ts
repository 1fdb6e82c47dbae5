import { type Bytes32, hashWords, type Statement } from '@weft/protocol'

export type Target = 'recursive' | 'evm'

/**
 * Names a job of a plan: a segment by its id, a merge by its id and by what it merges. For different parts can make the
 * same statement, and owners that share a merge have to share all that it waits for. What Ethereum verifies says so.
 */
export type JobKey = string

/** The key of a merge that is merged further, from its id and its children's keys, which are merged too. */
export const mergeJobKey = (id: Bytes32, left: JobKey, right: JobKey): JobKey =>
  hashWords(id, left as Bytes32, right as Bytes32)

/** The key of the same job where Ethereum verifies its proof. */
export const evmJobKey = (key: JobKey): JobKey => `${key}/evm`

interface Spec {
  readonly key: JobKey
  readonly id: Bytes32
  readonly target: Target
  /** The program that proves it: of a merge, the merge program. */
  readonly program: Bytes32
  readonly gates: number
  /** In gates, as the program declares it. */
  readonly work: bigint
  /** Gates on the way from here to the top of the batch, its own included: how urgent it is. */
  readonly pathGates: number
}

/** A leaf: one slice of a trace. */
export interface SegmentSpec extends Spec {
  readonly kind: 'segment'
  readonly statement: Statement
  /** Digest of the private inputs. */
  readonly inputs: Bytes32
  /** The proof system of a proof that nothing merges; null for one that is merged. */
  readonly system: string | null
}

/** A merge of two jobs of the same plan. */
export interface MergeSpec extends Spec {
  readonly kind: 'merge'
  readonly mode: 'sequence' | 'parallel'
  readonly left: JobKey
  readonly right: JobKey
}

export type JobSpec = SegmentSpec | MergeSpec

/** What a plan has to know of a program. */
export interface ProgramSize {
  readonly id: Bytes32
  readonly gates: number
  readonly work: bigint
}

/** Orders what can be proven: older orders first, then the longest way to the top. */
export const isMoreUrgent = (
  a: { readonly order: number; readonly pathGates: number; readonly serial: number },
  b: { readonly order: number; readonly pathGates: number; readonly serial: number },
): boolean =>
  a.order !== b.order
    ? a.order < b.order
    : a.pathGates !== b.pathGates
      ? a.pathGates > b.pathGates
      : a.serial < b.serial
