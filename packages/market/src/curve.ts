import { CURVES, type Request } from './request.js'

/** The signed part of a request that says how its price limit moves. */
export type PriceCurve = Pick<Request, 'floorWeiPerMwork' | 'maxWeiPerMwork' | 'openS' | 'rampS' | 'curve'>

/**
 * The price limit at a time, rounded down (for the requester): floor until the opening, then rising, from the end
 * of the ramp on the maximum. Never falls as time passes and never leaves the signed limits.
 */
export const limitDownWeiPerMwork = (curve: PriceCurve, nowMs: number): bigint => {
  const { floorWeiPerMwork: floor, maxWeiPerMwork: max } = curve
  const rampMs = BigInt(curve.rampS) * 1000n
  const passedMs = BigInt(nowMs) - curve.openS * 1000n
  if (passedMs >= rampMs) return passedMs < 0n ? floor : max
  if (passedMs <= 0n) return floor
  const rise = max - floor
  return CURVES[curve.curve] === 'quadratic'
    ? floor + (rise * passedMs * passedMs) / (rampMs * rampMs)
    : floor + (rise * passedMs) / rampMs
}

/** The first millisecond at which the limit reaches `weiPerMwork`; undefined if it never does. */
export const reachesAtMs = (curve: PriceCurve, weiPerMwork: bigint): number | undefined => {
  if (weiPerMwork > curve.maxWeiPerMwork) return undefined
  const openMs = Number(curve.openS) * 1000
  let [below, reached] = [openMs - 1, openMs + curve.rampS * 1000]
  while (reached - below > 1) {
    const middle = Math.floor((below + reached) / 2)
    if (limitDownWeiPerMwork(curve, middle) >= weiPerMwork) reached = middle
    else below = middle
  }
  return reached
}
