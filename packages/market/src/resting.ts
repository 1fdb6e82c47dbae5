import type { Bytes32, Offer } from '@weft/protocol'
import { compareBids, type Need, type Ranking } from './bid.js'
import type { Expiring } from './expiry.js'
import type { OfferTree } from './offer-tree.js'
import type { ClassWork, ProverState } from './prover-state.js'

/** An offer in the book. Doubles mirror the offer's bigints: rounding keeps order, and equal doubles say nothing. */
export interface Resting extends Ranking, Expiring {
  readonly offer: Offer
  readonly owner: ProverState
  readonly work: ClassWork
  readonly tree: OfferTree
  readonly price: number
  readonly collateral: number
  /** In progress under it. */
  jobs: number
  /** The most work it may take now. */
  room: number
  /** Its node in its target's tree; 0 when it does not rest. */
  slot: number
}

export const newResting = (
  id: Bytes32,
  offer: Offer,
  owner: ProverState,
  work: ClassWork,
  tree: OfferTree,
): Resting => ({
  id,
  prover: offer.prover,
  priceWei: offer.priceWei,
  turnaroundMs: Number(offer.turnaroundMs),
  offer,
  owner,
  work,
  tree,
  price: Number(offer.priceWei),
  collateral: Number(offer.collateralWei),
  expiryS: offer.expiry,
  place: 0,
  jobs: 0,
  room: 0,
  slot: 0,
})

/** The order of bids, deciding by doubles what they can decide. */
export const compareResting = (a: Resting, b: Resting): number =>
  a.price !== b.price ? a.price - b.price : compareBids(a, b)

/** A need with its doubles: a bid whose double is beyond one is beyond the bigint too. */
export interface QuickNeed {
  readonly need: Need
  readonly work: number
  readonly limit: number
  readonly maxTurnaroundMs: number
  readonly collateral: number
}

export const quickNeed = (need: Need): QuickNeed => ({
  need,
  work: Number(need.work),
  limit: Number(need.limitPriceWei),
  maxTurnaroundMs: Number(need.maxTurnaroundMs),
  collateral: Number(need.collateralWei),
})

export const isWithinPrice = (item: Resting, quick: QuickNeed): boolean =>
  item.price < quick.limit || (item.price === quick.limit && item.priceWei <= quick.need.limitPriceWei)

export const meetsBeyondPrice = (item: Resting, quick: QuickNeed): boolean =>
  item.turnaroundMs <= quick.maxTurnaroundMs &&
  item.room >= quick.work &&
  (item.collateral > quick.collateral ||
    (item.collateral === quick.collateral && item.offer.collateralWei >= quick.need.collateralWei))
