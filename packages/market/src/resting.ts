import type { Bytes32 } from '@weft/protocol'
import { compareBids, type Need, type Ranking } from './bid.js'
import type { Offer } from './offer.js'

/** An offer in the book, and its node in its scope's tree. Numbers mirror the offer's bigints: rounding keeps order. */
export interface Resting extends Ranking {
  readonly offer: Offer
  /** Program or class whose reputation bounds it. */
  readonly class: Bytes32
  readonly price: number
  readonly collateral: number
  /** Work in progress under it. */
  reserved: number
  /** The most work it may take now; negative when rights have shrunk below what is in progress. */
  room: number
  left: Resting | null
  right: Resting | null
  height: number
  /** Over the node's subtree: least milliseconds per million units, most room, most collateral. */
  fastest: number
  roomiest: number
  surest: number
}

export const newResting = (id: Bytes32, offer: Offer, ofClass: Bytes32): Resting => {
  const [price, collateral] = [Number(offer.weiPerMwork), Number(offer.collateralWei)]
  return {
    id,
    prover: offer.prover,
    weiPerMwork: offer.weiPerMwork,
    msPerMwork: offer.msPerMwork,
    offer,
    class: ofClass,
    price,
    collateral,
    reserved: 0,
    room: 0,
    left: null,
    right: null,
    height: 1,
    fastest: offer.msPerMwork,
    roomiest: 0,
    surest: collateral,
  }
}

/** The order of bids, deciding by doubles what they can decide. */
export const compareResting = (a: Resting, b: Resting): number =>
  a.price !== b.price ? a.price - b.price : compareBids(a, b)

/** A need with its doubles: a bid whose double is beyond one is beyond the bigint too. */
export interface QuickNeed {
  readonly need: Need
  readonly work: number
  readonly limit: number
  readonly maxMsPerMwork: number
  readonly collateral: number
}

export const quickNeed = (need: Need): QuickNeed => ({
  need,
  work: Number(need.work),
  limit: Number(need.limitWeiPerMwork),
  maxMsPerMwork: Number(need.maxMsPerMwork),
  collateral: Number(need.collateralWei),
})

/** Equal doubles say nothing: only then are the bigints compared. */
export const isWithinPrice = (node: Resting, quick: QuickNeed): boolean =>
  node.price < quick.limit || (node.price === quick.limit && node.weiPerMwork <= quick.need.limitWeiPerMwork)

export const meetsBeyondPrice = (node: Resting, quick: QuickNeed): boolean =>
  node.msPerMwork <= quick.maxMsPerMwork &&
  node.room >= quick.work &&
  (node.collateral > quick.collateral ||
    (node.collateral === quick.collateral && node.offer.collateralWei >= quick.need.collateralWei))
