import { type Bid, bestOfEachProver } from '../bid.js'
import {
  type Extra,
  eligible,
  isSome,
  matchOf,
  needOfRound,
  noMatch,
  payWinner,
  type Round,
  type SelectionPolicy,
} from '../policy.js'
import { opens } from '../sealed-bid.js'

const sealIn = (round: Round): Extra => ({
  missOf: (bid) => (opens(round.request, bid) ? null : 'seal'),
  priceOf: (bid) => bid.priceWei,
})

const openedBids = (round: Round): Bid[] => bestOfEachProver(eligible(round, sealIn(round)))

/**
 * Rule: provers commit to bids under a 256-bit salt until the offer deadline and reveal afterwards; the cheapest
 * opened bid wins at its own price.
 * Incentives: no bid can be fitted to another; a prover adds the margin that it guesses the others leave it.
 * Known attack: guessing a bid from its commitment (short salts: refused), and revealing only when it pays (an
 * unopened commitment is listed, and is a default in reputation).
 */
export const sealedFirstPrice: SelectionPolicy = {
  name: 'sealed-first-price',
  select: (round) => {
    const ranked = openedBids(round)
    return isSome(ranked) ? matchOf('sealed-first-price', round, ranked) : noMatch(round, sealIn(round))
  },
}

/**
 * Rule: as the first price auction, but the winner is paid the price of the cheapest bid of another prover; alone,
 * the request's price limit.
 * Incentives: bidding one's true cost is best whatever the others do (Vickrey 1961): a bid decides whether its
 * prover wins, never what it is paid. A runner-up that takes over is paid its own price.
 * Known attack: the second bidder is the winner's accomplice and bids high (only as high as honest bids and the
 * signed limit let it); a requester that bids itself to press the price must then prove or default.
 */
export const sealedSecondPrice: SelectionPolicy = {
  name: 'sealed-second-price',
  select: (round) => {
    const ranked = openedBids(round)
    if (!isSome(ranked)) return noMatch(round, sealIn(round))
    const second = ranked[1]?.priceWei ?? needOfRound(round).limitPriceWei
    return payWinner(matchOf('sealed-second-price', round, ranked), second)
  },
}
