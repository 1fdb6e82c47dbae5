import type { SignedRequest } from '@weft/api'
import {
  commitmentOf,
  durationUpMs,
  limitDownWei,
  type MarketRules,
  type Match,
  type Ranked,
  termsOf,
} from '@weft/market'
import {
  type Address,
  type Bytes32,
  type Commitment,
  decodePolicy,
  type Selection,
  type SignedCommitment,
} from '@weft/protocol'
import type { Batch } from '../orders/batch.js'
import { type Assignment, rankIn } from './board.js'

/** A request that is under way, with what the log does not have. */
export interface MarketOrder {
  readonly id: Bytes32
  readonly batch: Batch
  readonly signed: SignedRequest
  readonly selection: Selection
  /** What provers have signed, by job, in order. */
  readonly commitments: Map<Bytes32, SignedCommitment[]>
  /** When its unmatched jobs are tried again; null until something changes in the book. */
  retryAtMs: number | null
  /** The book's state when they were tried last. */
  triedAt: number
  /** Why jobs are unmatched. */
  waits: string | null
  /** Why nothing more of it is matched for now. */
  held: string | null
  /** By job, since when nobody could take it but provers that find its inputs at fault. */
  readonly soleSinceMs: Map<Bytes32, number>
  isCancelled: boolean
  /** For a lottery. */
  seed: Bytes32 | null
}

/** What a request would pay for a million units of work at a time. */
export const limitWei = ({ signed, batch }: MarketOrder, { limits }: MarketRules, nowMs: number): bigint =>
  limitDownWei(termsOf(signed.request, signed.provers, batch.acceptedMs, limits), nowMs)

/** What a prover has signed for a job last. */
export const signedBy = (order: MarketOrder, job: Bytes32, prover: Address): SignedCommitment | undefined =>
  order.commitments.get(job)?.findLast(({ commitment }) => commitment.prover === prover)

export const newOrder = (batch: Batch, signed: SignedRequest): MarketOrder => ({
  id: batch.id,
  batch,
  signed,
  selection: decodePolicy(signed.request.policy) as Selection,
  commitments: new Map(),
  retryAtMs: null,
  triedAt: -1,
  waits: null,
  held: null,
  soleSinceMs: new Map(),
  isCancelled: false,
  seed: null,
})

/**
 * Until when a job has to be proven, in Unix seconds: the prover's own turnaround and a grace, but not beyond the
 * request's proof deadline unless the turnaround alone is.
 */
const deadlineOf = (
  match: Match,
  ranked: Ranked,
  startedMs: number,
  graceMs: number,
  proofDeadline: number,
) => {
  const dueMs = startedMs + Number(durationUpMs(ranked.turnaroundMs, match.work))
  const dueS = Math.ceil(dueMs / 1000)
  return Math.max(dueS, Math.min(Math.ceil((dueMs + graceMs) / 1000), proofDeadline))
}

/** What a ranked prover has to sign for a lease that began at `startedMs`. */
export const commitmentFor = (
  order: MarketOrder,
  job: Bytes32,
  assignment: Assignment,
  ranked: Ranked,
  startedMs: number,
  graceMs: number,
): Commitment => {
  const { proofDeadline } = order.signed.request
  const deadline = deadlineOf(assignment.match, ranked, startedMs, graceMs, proofDeadline)
  return { ...commitmentOf(assignment.match, ranked, job, deadline), rank: rankIn(assignment, ranked) }
}
