import { WeftError } from '@weft/protocol'
import type { Board, Commitment } from './board.js'
import type { Payments } from './payments.js'
import type { Settled } from './summary.js'

/** The killed node: what it had signed for, and when it was gone. */
export interface Kill {
  readonly broken: Commitment
  readonly killedMs: number
}

/** And who has its job now. */
export interface Incident extends Kill {
  readonly rescue: Commitment
  readonly rescuedMs: number
}

/** Whether this is the killed prover's job, signed for by another. */
export const isRescue = ({ broken }: Kill, { job, prover }: Commitment): boolean =>
  job === broken.job && prover !== broken.prover

export const describeTakeover = ({ broken, killedMs, rescue, rescuedMs }: Incident): Settled['takeover'] => ({
  job: broken.job,
  prover: broken.prover,
  deadline: broken.deadline,
  rescuer: rescue.prover,
  rank: rescue.rank,
  priceWei: rescue.priceWei.toString(),
  seconds: (rescuedMs - killedMs) / 1000,
})

export type Verdict = 'convicted' | 'cleared'

/** What L1 has found of the killed prover's commitment; null while it has not. */
export const verdictOn = (board: Board, { broken }: Kill): Verdict | null => {
  for (const { job, prover, state } of board.accusations)
    if (job === broken.job && prover === broken.prover && state !== 'accused') return state
  return null
}

/**
 * What L1 has to find once the aggregate is settled. A prover pays when one that stood behind it proved the job after its
 * deadline. What is settled before that, as where it had promised late on a machine that was busy, is in time and costs it
 * nothing; and nobody comes to the rescue where the job was matched anew, so that L1 is not asked (null).
 */
export const expectedVerdict = (board: Board, { broken }: Kill, settledAt: number): Verdict | null => {
  const prover = board.proven.get(broken.job)?.prover
  const rescue = board.commitments.findLast((one) => one.job === broken.job && one.prover === prover)
  if (rescue === undefined || rescue.rank <= broken.rank) return null
  return settledAt > broken.deadline ? 'convicted' : 'cleared'
}

/** Throws `wrong_verdict` where L1 has found, or taken, anything but what it has to. */
export const checkVerdict = (
  board: Board,
  kill: Kill,
  expected: Verdict | null,
  { defaults }: Payments,
): void => {
  const verdict = verdictOn(board, kill)
  const { prover, deadline } = kill.broken
  const hasPaid = defaults.some((each) => each.prover === prover)
  if (verdict === expected && hasPaid === (expected === 'convicted')) return
  throw new WeftError(
    'wrong_verdict',
    `${prover}, which had promised until ${deadline}, is to be ${expected ?? 'not judged'}, but was ${verdict ?? 'not judged'} and ${hasPaid ? 'has' : 'has not'} paid for a default: see the coordinator’s log`,
  )
}
