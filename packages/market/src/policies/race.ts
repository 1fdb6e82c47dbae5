import { type Address, costUpWei } from '@weft/protocol'
import { type Bid, bestOfEachProver } from '../bid.js'
import { priceUpWei, sharesWei } from '../money.js'
import {
  type Extra,
  eligible,
  isSome,
  matchOf,
  needOfRound,
  noMatch,
  type Round,
  type SelectionPolicy,
} from '../policy.js'

/** What all winners share: the price limit of the moment, for the whole job. */
const feeOf = (round: Round): bigint => costUpWei(needOfRound(round).limitPriceWei, round.work)

/** A share has to cover what the prover asks, so nobody wins less than its own price. */
const shareCovers = (round: Round): Extra => {
  const neededWei = (bid: Bid) => costUpWei(bid.priceWei, round.work) * BigInt(round.winners)
  return {
    missOf: (bid) => (neededWei(bid) <= feeOf(round) ? null : 'price'),
    priceOf: (bid) => priceUpWei(neededWei(bid), round.work),
  }
}

/**
 * Rule: the ranked provers start at once; the first n valid proofs of different provers share the fee, which is the
 * request's price limit of the moment. Only those enter whose own price a share covers; if more would than places
 * are, the cheapest.
 * Incentives: the fastest wins, so latency is bought with work that is thrown away; provers enter only where the
 * chance of a share covers their cost, so n is small and the requester pays for the rest in price.
 * Known attack: one operator enters under many keys: each share still takes a proof of its own, since a proof
 * names its prover; and copying a rival's proof from the mempool, which fails for the same reason.
 */
export const race: SelectionPolicy = {
  name: 'race',
  select: (round) => {
    const entrants = bestOfEachProver(eligible(round, shareCovers(round)))
    if (!isSome(entrants)) return noMatch(round, shareCovers(round))
    const places = Math.min(entrants.length, Math.max(round.ranks, round.winners))
    return { ...matchOf('race', round, entrants, places), feeWei: feeOf(round) }
  },
}

/** A valid proof in a race. */
export interface Arrival {
  readonly prover: Address
  /** When it was on L1, or received: block time or clock. */
  readonly atMs: number
}

/**
 * What each of the first `winners` provers to arrive gets of the fee; a prover counts once. Ties go to the lower
 * address. Sums to the fee; the first gets the remainder of the division.
 */
export const raceShares = (
  arrivals: readonly Arrival[],
  winners: number,
  feeWei: bigint,
): { readonly prover: Address; readonly wei: bigint }[] => {
  const first = new Map<Address, Arrival>()
  const inOrder = [...arrivals].sort((a, b) => a.atMs - b.atMs || (a.prover < b.prover ? -1 : 1))
  for (const arrival of inOrder) if (!first.has(arrival.prover)) first.set(arrival.prover, arrival)
  const paid = [...first.keys()].slice(0, winners)
  if (paid.length === 0) return []
  const shares = sharesWei(feeWei, paid.length)
  return paid.map((prover, i) => ({ prover, wei: shares[i] as bigint }))
}
