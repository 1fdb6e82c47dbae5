import { bestOfEachProver } from '../bid.js'
import {
  eligible,
  isSome,
  matchOf,
  needOfRound,
  noMatch,
  payWinner,
  type SelectionPolicy,
} from '../policy.js'

/**
 * Rule: the price rises from its start along the signed curve; the first round at which somebody takes it ends the
 * auction. Takers of one round are ranked by what they ask, and the winner is paid the clock's price.
 * Incentives: waiting earns more and risks all, so each takes near its cost plus what the next rival leaves it; the
 * requester finds the market's price without knowing it, and a request cannot starve below its maximum.
 * Known attack: all provers agree to wait for the maximum (one newcomer breaks it, and the maximum is the
 * requester's own), and front-running of takes within a round (arrival does not count; asking less does).
 */
export const dutch: SelectionPolicy = {
  name: 'dutch',
  select: (round) => {
    const takers = bestOfEachProver(eligible(round))
    if (!isSome(takers)) return noMatch(round)
    return payWinner(matchOf('dutch', round, takers), needOfRound(round).limitPriceWei)
  },
}
