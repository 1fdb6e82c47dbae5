import { type Bytes32, hashWords, tag, uintToBytes32 } from '@weft/protocol'
import { type Bid, bestOfEachProver } from '../bid.js'
import { type Extra, eligible, isSome, matchOf, noMatch, type SelectionPolicy } from '../policy.js'

const DRAW = tag('lottery-draw')

/** Who holds a ticket, of the tickets 0 to total stake - 1 handed out in the order of the entries. */
export const holderOf = <T extends { readonly stakeWei: bigint }>(
  entries: readonly T[],
  ticket: bigint,
): T => {
  let rest = ticket
  for (const entry of entries) {
    if (rest < entry.stakeWei) return entry
    rest -= entry.stakeWei
  }
  throw new RangeError(`ticket ${ticket} is beyond the total stake`)
}

/**
 * The ticket of one place. 256 bits modulo the total: stakes below 2^128 wei bias it by less than 2^-128.
 */
export const drawTicket = (seed: Bytes32, request: Bytes32, position: number, totalWei: bigint): bigint =>
  BigInt(hashWords(DRAW, seed, request, uintToBytes32(BigInt(position)))) % totalWei

/** Draws places one after the other, without replacement; entries are put in the order of their addresses first. */
export const drawOrder = (bids: readonly Bid[], seed: Bytes32, request: Bytes32, places: number): Bid[] => {
  let left = [...bids].sort((a, b) => (a.prover < b.prover ? -1 : 1))
  const drawn: Bid[] = []
  while (left.length > 0 && drawn.length < places) {
    const total = left.reduce((sum, bid) => sum + bid.stakeWei, 0n)
    const next = holderOf(left, drawTicket(seed, request, drawn.length, total))
    drawn.push(next)
    left = left.filter((bid) => bid !== next)
  }
  return drawn
}

const hasTicket: Extra = {
  missOf: (bid) => (bid.stakeWei > 0n ? null : 'stake'),
  priceOf: (bid) => bid.priceWei,
}

/**
 * Rule: provers whose offers meet the request draw by stake, from a public seed; each place is drawn in proportion
 * to stake among those that are left. Anyone repeats the draw with seed, request id and bids. Each is paid its own
 * price. Without a seed nobody is drawn.
 * Incentives: work spreads over provers; the chance is linear in stake, so splitting it over keys gains nothing.
 * Price does not compete below the limit, which the requester therefore sets low.
 * Known attack: entering with ground addresses, or adding stake, when the seed is known: the seed has to be of a
 * block after the offer deadline, with stake as of that deadline; its proposer can withhold one block, for one more draw.
 */
export const lottery: SelectionPolicy = {
  name: 'lottery',
  select: (round) => {
    const { seed, request, ranks } = round
    if (seed === null) return { ...noMatch(round, hasTicket), code: 'no_seed' }
    const drawn = drawOrder(bestOfEachProver(eligible(round, hasTicket)), seed, request, ranks)
    return isSome(drawn) ? matchOf('lottery', round, drawn) : noMatch(round, hasTicket)
  },
}
