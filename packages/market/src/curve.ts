import type { CurveName } from '@weft/protocol'

/** How a request's price limit moves: its signed ends, and when it opened. */
export interface PriceCurve {
  readonly startPriceWei: bigint
  readonly maxPriceWei: bigint
  /** When the limit begins to rise. */
  readonly openMs: number
  /** How long it rises; 0: it is the maximum from the opening on. */
  readonly riseMs: number
  readonly curve: CurveName
}

/**
 * The price limit at a time, rounded down (for the requester): the start until the opening, then rising, from the end
 * of the rise on the maximum. Never falls as time passes and never leaves the signed ends.
 */
export const limitDownWei = (curve: PriceCurve, nowMs: number): bigint => {
  const { startPriceWei: start, maxPriceWei: max, openMs, riseMs } = curve
  if (nowMs < openMs) return start
  if (nowMs >= openMs + riseMs) return max
  const [passed, all] = [BigInt(nowMs - openMs), BigInt(riseMs)]
  return curve.curve === 'quadratic'
    ? start + ((max - start) * passed * passed) / (all * all)
    : start + ((max - start) * passed) / all
}

/** The first millisecond from the opening on at which the limit is `priceWei`; undefined if it never is. */
export const reachesAtMs = (curve: PriceCurve, priceWei: bigint): number | undefined => {
  if (priceWei > curve.maxPriceWei) return undefined
  let [below, reached] = [curve.openMs - 1, curve.openMs + curve.riseMs]
  while (reached - below > 1) {
    const middle = Math.floor((below + reached) / 2)
    if (limitDownWei(curve, middle) >= priceWei) reached = middle
    else below = middle
  }
  return reached
}
