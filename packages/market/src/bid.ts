import { type Address, type Bytes32, decodePolicy, type Request } from '@weft/protocol'
import type { MarketLimits } from './admission.js'
import { limitDownWei, type PriceCurve } from './curve.js'
import { lesser, priceDownWei, turnaroundDownMs } from './money.js'

/** An offer or an opened sealed bid as a policy sees it: the signed terms, and what the prover may take now. */
export interface Bid {
  /** Id of the offer, or the commitment of a sealed bid. */
  readonly id: Bytes32
  readonly prover: Address
  readonly priceWei: bigint
  readonly turnaroundMs: number
  readonly collateralWei: bigint
  /** The most work it may take now: capacity left, and within the prover's bidding rights. */
  readonly roomWork: bigint
  /** The prover's stake; weighs its lottery ticket. */
  readonly stakeWei: bigint
  /** What opens a sealed bid: 256 random bits. */
  readonly salt?: Bytes32
}

/** What a bid has to meet. */
export interface Need {
  readonly work: bigint
  readonly limitPriceWei: bigint
  readonly maxTurnaroundMs: bigint
  readonly collateralWei: bigint
  /** Empty: every prover. */
  readonly provers: readonly Address[]
}

/** What of a request decides what a bid has to meet. */
export interface Terms extends PriceCurve {
  readonly maxTotalWei: bigint
  /** Unix seconds. */
  readonly proofDeadline: number
  readonly collateralWei: bigint
  /** Empty: every prover. */
  readonly provers: readonly Address[]
}

/** The terms of a request that opened at `openMs`. */
export const termsOf = (
  request: Request,
  provers: readonly Address[],
  openMs: number,
  limits: Pick<MarketLimits, 'riseS'>,
): Terms => ({
  startPriceWei: request.startPriceWei,
  maxPriceWei: request.maxPriceWei,
  openMs,
  riseMs: Math.max(0, Math.min(limits.riseS * 1000, request.offerDeadline * 1000 - openMs)),
  curve: decodePolicy(request.policy)?.curve ?? 'linear',
  maxTotalWei: request.maxTotalWei,
  proofDeadline: request.proofDeadline,
  collateralWei: request.collateralWei,
  provers,
})

/**
 * What a bid has to meet for `work` units at `nowMs`, when `budgetWei` of the maximum total is left. The total
 * becomes a price and the deadline a turnaround, exactly: a bid within them costs no more and is not late.
 */
export const needOf = (terms: Terms, work: bigint, nowMs: number, budgetWei = terms.maxTotalWei): Need => {
  const limit = limitDownWei(terms, nowMs)
  const affordable = priceDownWei(budgetWei, work)
  const spanMs = BigInt(terms.proofDeadline * 1000 - nowMs)
  return {
    work,
    limitPriceWei: lesser(limit, affordable),
    maxTurnaroundMs: spanMs > 0n ? turnaroundDownMs(spanMs, work) : 0n,
    collateralWei: terms.collateralWei,
    provers: terms.provers,
  }
}

/** What a bid may miss: the terms of the request, then what single policies ask. */
export type Miss = 'prover' | 'room' | 'turnaround' | 'collateral' | 'price' | 'seal' | 'stake'

/** What a bid misses first of the request's terms, or null; the price last. */
export const missOf = (bid: Bid, need: Need): Miss | null => {
  if (need.provers.length > 0 && !need.provers.includes(bid.prover)) return 'prover'
  if (bid.roomWork < need.work) return 'room'
  if (BigInt(bid.turnaroundMs) > need.maxTurnaroundMs) return 'turnaround'
  if (bid.collateralWei < need.collateralWei) return 'collateral'
  return bid.priceWei > need.limitPriceWei ? 'price' : null
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** What the order of bids is made of. */
export type Ranking = Pick<Bid, 'priceWei' | 'turnaroundMs' | 'prover' | 'id'>

/**
 * The order of bids: cheaper, then faster, then the lower address, then the lower id. Says nothing of arrival.
 * The address comes before the id so that a tie is not won by splitting one offer into many tickets; a ground
 * address is worth at most a wei per million units, for which anyone can undercut it.
 */
export const compareBids = (a: Ranking, b: Ranking): number => {
  if (a.priceWei !== b.priceWei) return a.priceWei < b.priceWei ? -1 : 1
  if (a.turnaroundMs !== b.turnaroundMs) return a.turnaroundMs - b.turnaroundMs
  return compareText(a.prover, b.prover) || compareText(a.id, b.id)
}

/** The first bid of each prover in the order of bids: nobody fills two places of a ranking. */
export const bestOfEachProver = (bids: readonly Bid[]): Bid[] => {
  const seen = new Set<Address>()
  return [...bids].sort(compareBids).filter((bid) => !seen.has(bid.prover) && seen.add(bid.prover))
}
