import type { Address, Bytes32 } from '@weft/protocol'
import { limitDownWeiPerMwork, type PriceCurve } from './curve.js'
import { lesser, priceDownWeiPerMwork, turnaroundDownMsPerMwork } from './money.js'
import type { Request } from './request.js'

/** An offer or an opened sealed bid as a policy sees it: the signed terms, and what the prover may take now. */
export interface Bid {
  /** Id of the offer, or the commitment of a sealed bid. */
  readonly id: Bytes32
  readonly prover: Address
  readonly weiPerMwork: bigint
  readonly msPerMwork: number
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
  readonly limitWeiPerMwork: bigint
  readonly maxMsPerMwork: bigint
  readonly collateralWei: bigint
  /** Empty: every prover. */
  readonly provers: readonly Address[]
}

/** The signed terms of a request that decide what a bid has to meet. */
export type Terms = PriceCurve & Pick<Request, 'maxTotalWei' | 'proofDeadlineS' | 'collateralWei' | 'provers'>

/**
 * What a bid has to meet for `work` units at `nowMs`, when `budgetWei` of the maximum total is left. The total
 * becomes a price and the deadline a turnaround, exactly: a bid within them costs no more and is not late.
 */
export const needOf = (terms: Terms, work: bigint, nowMs: number, budgetWei = terms.maxTotalWei): Need => {
  const limit = limitDownWeiPerMwork(terms, nowMs)
  const affordable = priceDownWeiPerMwork(budgetWei, work)
  const spanMs = terms.proofDeadlineS * 1000n - BigInt(nowMs)
  return {
    work,
    limitWeiPerMwork: lesser(limit, affordable),
    maxMsPerMwork: spanMs > 0n ? turnaroundDownMsPerMwork(spanMs, work) : 0n,
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
  if (BigInt(bid.msPerMwork) > need.maxMsPerMwork) return 'turnaround'
  if (bid.collateralWei < need.collateralWei) return 'collateral'
  return bid.weiPerMwork > need.limitWeiPerMwork ? 'price' : null
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** What the order of bids is made of. */
export type Ranking = Pick<Bid, 'weiPerMwork' | 'msPerMwork' | 'prover' | 'id'>

/**
 * The order of bids: cheaper, then faster, then the lower address, then the lower id. Says nothing of arrival.
 * The address comes before the id so that a tie is not won by splitting one offer into many tickets; a ground
 * address is worth at most a wei per million units, for which anyone can undercut it.
 */
export const compareBids = (a: Ranking, b: Ranking): number => {
  if (a.weiPerMwork !== b.weiPerMwork) return a.weiPerMwork < b.weiPerMwork ? -1 : 1
  if (a.msPerMwork !== b.msPerMwork) return a.msPerMwork - b.msPerMwork
  return compareText(a.prover, b.prover) || compareText(a.id, b.id)
}

/** The first bid of each prover in the order of bids: nobody fills two places of a ranking. */
export const bestOfEachProver = (bids: readonly Bid[]): Bid[] => {
  const seen = new Set<Address>()
  return [...bids].sort(compareBids).filter((bid) => !seen.has(bid.prover) && seen.add(bid.prover))
}
