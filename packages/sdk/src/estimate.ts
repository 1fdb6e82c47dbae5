import type { OfferView } from '@weft/api'
import type { Delivery } from '@weft/protocol'
import { MERGE_WORK } from '@weft/protocol'
import { maxTotalUpWei } from './request.js'

/** How a proof of one segment reaches L1: in one proof with others'. Coordinators refuse any other (`unsupported`). */
export type ProofDelivery = Extract<Delivery, 'aggregated'>

/** Gas of a settled request, paid by whoever settles; a contract that asks `isProven` pays for its call. */
export interface GasEstimate {
  /** The only request of its settlement, and one of 32. */
  readonly alone: number
  readonly oneOf32: number
  /** Where the figures come from. */
  readonly source: string
}

/** What a proof costs, as offers are now. Amounts are in wei, rounded up. */
export interface Estimate {
  readonly delivery: ProofDelivery
  /** Gates that are paid for at most: the program's, and a merge's for the way to one proof of all. */
  readonly work: bigint
  /** What is paid at most, under the maximum price; it has to be in the market account. */
  readonly maxWei: bigint
  /** Offers for the program, and the price of the cheapest for a million units of work; null if there is none. */
  readonly offers: number
  readonly cheapestPriceWei: bigint | null
  /** What all the work costs at that price. */
  readonly cheapestWei: bigint | null
  /** What all the work takes the prover of that offer by its own word; the window for other claims comes on top. */
  readonly seconds: number | null
  readonly gas: GasEstimate
}

/** Measured: `npm run bench -- settlement`, and `contracts/snapshots/gas.json` for all but the verifier. */
export const MEASURED_GAS = {
  /** A settlement of 2 to 32 claims with its verifier, and without. */
  settlement: 888_000,
  settlementWithoutVerifier: 76_842,
  /** Settlement and payment of one request and of 32, without verifier. */
  request: 152_315,
  requests32: 1_446_942,
} as const

const gasEstimate = (): GasEstimate => {
  const { settlement, settlementWithoutVerifier, request, requests32 } = MEASURED_GAS
  const verifier = settlement - settlementWithoutVerifier
  return {
    alone: verifier + request,
    oneOf32: Math.ceil((verifier + requests32) / 32),
    source: 'npm run bench -- settlement; contracts/snapshots/gas.json',
  }
}

const MWORK = 1_000_000n

/** `offers`: those for the program, cheapest first. */
export const estimateOf = (
  segmentWork: bigint,
  maxPriceWei: bigint,
  offers: readonly OfferView[],
): Estimate => {
  const work = segmentWork + MERGE_WORK
  const cheapest = offers[0]?.offer ?? null
  return {
    delivery: 'aggregated',
    work,
    maxWei: maxTotalUpWei(maxPriceWei, 1, segmentWork),
    offers: offers.length,
    cheapestPriceWei: cheapest?.priceWei ?? null,
    cheapestWei: cheapest && maxTotalUpWei(cheapest.priceWei, 1, segmentWork),
    seconds: cheapest && Number((cheapest.turnaroundMs * work + 1000n * MWORK - 1n) / (1000n * MWORK)),
    gas: gasEstimate(),
  }
}
