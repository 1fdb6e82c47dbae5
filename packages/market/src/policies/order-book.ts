import { bestOfEachProver } from '../bid.js'
import { eligible, isSome, matchOf, noMatch, type SelectionPolicy } from '../policy.js'

/**
 * Rule: among offers that meet price, deadline, program, collateral and bidding rights, the cheapest wins, then the
 * faster, at its own price; the next ones, one per prover, are the runners-up at theirs.
 * Incentives: the requester sees the price before it asks; a prover asks what its nearest rival would, not its cost.
 * Known attack: quote and vanish: offers cheaper than anyone can prove, to push rivals out. Answer: collateral, the
 * runner-up at once, and bidding rights that a default destroys.
 */
export const orderBook: SelectionPolicy = {
  name: 'order-book',
  select: (round) => {
    const ranked = bestOfEachProver(eligible(round))
    return isSome(ranked) ? matchOf('order-book', round, ranked) : noMatch(round)
  },
}
