import type { Request } from '@weft/protocol'
import { limitDownWei, type PriceCurve } from './curve.js'
import type { NoMatch } from './policy.js'

/** A request that found no offer: when it is tried again, at which limit, and why; or that it is over. */
export type Escalation =
  | {
      readonly kind: 'escalates'
      readonly retryAtMs: number
      /** The price limit then, within what is signed. */
      readonly limitPriceWei: bigint
      readonly reason: string
    }
  | {
      /** The limit is at its maximum: only a new offer helps. Tried again when one arrives. */
      readonly kind: 'waits'
      readonly untilMs: number
      readonly reason: string
    }
  | {
      readonly kind: 'over'
      readonly code: `${SearchEnd['deadline']}_deadline_passed`
      readonly reason: string
    }

/** Until when a request's provers are looked for. */
export interface SearchEnd {
  readonly deadline: 'offer' | 'proof'
  readonly atMs: number
}

/**
 * The offer deadline of a request that is idle. One that was begun goes on until its proof deadline: jobs become ready one
 * after the other, and the proofs of the first ones would be lost.
 */
export const searchEnd = ({ offerDeadline, proofDeadline }: Request, isIdle: boolean): SearchEnd =>
  isIdle
    ? { deadline: 'offer', atMs: offerDeadline * 1000 }
    : { deadline: 'proof', atMs: proofDeadline * 1000 }

/** Steps of a rise at which a request without any offer says that its limit has risen. */
const STEPS = 16

/**
 * What a request without a match does next: its price limit rises along the signed curve, never beyond it. It is
 * tried again when the limit reaches the cheapest offer that meets the rest, and every sixteenth of the rise.
 */
export const escalate = (curve: PriceCurve, end: SearchEnd, noMatch: NoMatch, nowMs: number): Escalation => {
  const { deadline, atMs: endMs } = end
  if (nowMs >= endMs) {
    return {
      kind: 'over',
      code: `${deadline}_deadline_passed`,
      reason: `no offer met the request by its ${deadline} deadline (${noMatch.code}): sign it again with higher limits`,
    }
  }
  const { openMs, riseMs } = curve
  const step = Math.max(0, Math.floor(((nowMs - openMs) * STEPS) / Math.max(1, riseMs)) + 1)
  const nextStepMs = Math.ceil(openMs + (Math.min(step, STEPS) * riseMs) / STEPS)
  const knownMs = noMatch.reachesAtMs
  const retryAtMs = knownMs !== null && knownMs > nowMs ? Math.min(knownMs, nextStepMs) : nextStepMs
  const limitPriceWei = limitDownWei(curve, retryAtMs)
  const isAtMaximum = limitDownWei(curve, nowMs) === curve.maxPriceWei
  if (isAtMaximum || retryAtMs <= nowMs || retryAtMs >= endMs) {
    return {
      kind: 'waits',
      untilMs: endMs,
      reason: `no offer meets the request at its maximum price (${noMatch.code}): it waits for new offers`,
    }
  }
  return {
    kind: 'escalates',
    retryAtMs,
    limitPriceWei,
    reason: `no offer meets the request yet (${noMatch.code}): its price limit rises to ${limitPriceWei} wei per million units of work`,
  }
}
