import type { Address } from '@weft/protocol'
import { durationUpMs } from './money.js'
import type { Match, Ranked } from './policy.js'

/** A runner-up takes over at its own price, or none is left. */
export type Takeover =
  | {
      readonly kind: 'takeover'
      readonly rank: Ranked
      /** It cannot be done by the deadline any more: the earliest rank proves it late, which beats never. */
      readonly isLate: boolean
    }
  | { readonly kind: 'exhausted'; readonly code: 'no_runner_up'; readonly reason: string }

/**
 * Who proves the job of a match when the provers in `tried` have not: the next in rank that can by its own turnaround
 * still finish by the deadline, else the next in rank. Nothing is auctioned again and no price changes. `canTake`
 * says whether a prover has room now.
 */
export const takeOver = (
  match: Match,
  tried: ReadonlySet<Address>,
  nowMs: number,
  deadlineMs: number,
  canTake: (rank: Ranked) => boolean,
): Takeover => {
  const left = match.ranks.filter((rank) => !tried.has(rank.prover) && canTake(rank))
  const inTime = left.find(
    (rank) => BigInt(nowMs) + durationUpMs(rank.turnaroundMs, match.work) <= deadlineMs,
  )
  const rank = inTime ?? left[0]
  return rank
    ? { kind: 'takeover', rank, isLate: inTime === undefined }
    : {
        kind: 'exhausted',
        code: 'no_runner_up',
        reason: 'every ranked prover was tried: match the job again',
      }
}
