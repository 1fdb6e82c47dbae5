import { type Address, type Bytes32, WeftError } from '@weft/protocol'
import type { Board } from './board.js'
import type { Payments } from './payments.js'
import type { Settled } from './summary.js'

/** The killed node, and what it had signed for. */
export interface Kill {
  readonly node: string
  readonly prover: Address
  readonly job: Bytes32
  readonly atMs: number
  /** Unix seconds: when it had promised its proof to be on L1. */
  readonly deadline: number
}

/** A job of a prover that is gone is another's within so many seconds. */
const TAKEOVER_S = 10

/** Who took the killed prover's job over, which has to be quick. */
export const takeoverOf = (board: Board, kill: Kill): Settled['takeover'] => {
  const { job, prover, deadline } = kill
  const takeover = board.takeovers.find((one) => one.job === job && one.from === prover)
  if (!takeover) throw new WeftError('no_takeover', `nobody took ${job} over from ${prover}`)
  const seconds = (takeover.atMs - kill.atMs) / 1000
  if (seconds > TAKEOVER_S) {
    throw new WeftError('slow_takeover', `the take-over took ${seconds} s, more than ${TAKEOVER_S} s`)
  }
  return { job, prover, rescuer: takeover.to, seconds, priceWei: takeover.priceWei.toString(), deadline }
}

/** What L1 has found of the killed prover's commitment; null while it has not. */
export const verdictOn = (board: Board, kill: Kill): 'convicted' | 'cleared' | null => {
  for (const { job, prover, state } of board.accusations)
    if (job === kill.job && prover === kill.prover && state !== 'accused') return state
  return null
}

/**
 * L1 convicts a prover whose job was proven by another after its deadline. What is settled before that, as where the
 * killed one had promised late on a machine that was busy, is in time, and costs it nothing. Any other verdict is wrong.
 */
export const checkVerdict = (board: Board, kill: Kill, { defaults }: Payments, settledAt: number): void => {
  const isLate = settledAt > kill.deadline
  const verdict = verdictOn(board, kill)
  const hasPaid = defaults.some(({ prover }) => prover === kill.prover)
  if (verdict === (isLate ? 'convicted' : 'cleared') && hasPaid === isLate) return
  const { prover, deadline } = kill
  throw new WeftError(
    'wrong_verdict',
    `${prover} had promised until ${deadline} and the aggregate was settled at ${settledAt}, but it was ${verdict ?? 'not judged'} and ${hasPaid ? 'has' : 'has not'} paid for a default: see the coordinator’s log`,
  )
}
