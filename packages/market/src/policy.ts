import { type Address, type Bytes32, costUpWei, type PolicyName } from '@weft/protocol'
import type { Bid, Miss, Need, Terms } from './bid.js'
import { missOf, needOf } from './bid.js'
import { reachesAtMs } from './curve.js'
import { lesser, priceDownWei } from './money.js'

/** Everything that a policy decides from: the same round gives the same outcome, bit for bit. */
export interface Round {
  /** Id of the request. */
  readonly request: Bytes32
  readonly terms: Terms
  /** The job's work. */
  readonly work: bigint
  readonly nowMs: number
  /** What is left of the request's maximum total. */
  readonly budgetWei: bigint
  /** In any order; the outcome does not depend on it. */
  readonly bids: readonly Bid[]
  /** How many provers a match names at most. */
  readonly ranks: number
  /** Proofs that share the fee in a race. */
  readonly winners: number
  /** Public randomness that nobody knew when bids were made; a lottery needs it. */
  readonly seed: Bytes32 | null
}

/** One prover's place in a match: what it gets if the job becomes its own. */
export interface Ranked {
  /** 0 proves now, 1 takes over first. */
  readonly position: number
  readonly bid: Bytes32
  readonly prover: Address
  /** Agreed: its own price, or for the winner what the policy says. */
  readonly priceWei: bigint
  readonly turnaroundMs: number
  readonly collateralWei: bigint
  /** What the job costs at that price, rounded up (for the prover); within the signed maximum. */
  readonly costWei: bigint
}

export interface Match {
  readonly kind: 'match'
  readonly policy: PolicyName
  readonly request: Bytes32
  readonly work: bigint
  /** Best first; at least one. */
  readonly ranks: readonly [Ranked, ...Ranked[]]
  /** The first so many ranks prove at once: 1 unless it is a race. */
  readonly active: number
  /** What the job costs if no runner-up takes over; what the winners of a race share. Within the signed maximum. */
  readonly feeWei: bigint
}

/**
 * No bid met the request. `price_too_low`: some meet everything but its price limit of the moment; `reachesAtMs` is
 * when the limit, as it is signed to rise, reaches the cheapest of them; null if it never does.
 */
export interface NoMatch {
  readonly kind: 'no-match'
  readonly code: 'no_bids' | 'no_bid_meets' | 'price_too_low' | 'no_seed'
  readonly reachesAtMs: number | null
}

export type Outcome = Match | NoMatch

/**
 * How a request chooses among bids. Pure: clock, randomness and bids are in the round. Laws, tested for every
 * policy: no bid that the rule puts first is passed over; the order of bids does not matter; no prover fills two
 * places or gains by splitting a bid; nobody is paid more than the request's signed limits.
 */
export interface SelectionPolicy {
  readonly name: PolicyName
  select(round: Round): Outcome
}

export const isSome = <T>(items: readonly T[]): items is readonly [T, ...T[]] => items.length > 0

export const needOfRound = (round: Omit<Round, 'bids'>): Need =>
  needOf(round.terms, round.work, round.nowMs, round.budgetWei)

/** What a policy asks of a bid beyond the request's terms. */
export interface Extra {
  readonly missOf: (bid: Bid) => Miss | null
  /** The price limit that the bid needs. */
  readonly priceOf: (bid: Bid) => bigint
}
const NOTHING: Extra = { missOf: () => null, priceOf: (bid) => bid.priceWei }

/** The bids that meet the request's terms, and what the policy asks beyond them. */
export const eligible = (round: Round, extra = NOTHING): Bid[] => {
  const need = needOfRound(round)
  return round.bids.filter((bid) => (missOf(bid, need) ?? extra.missOf(bid)) === null)
}

export const rankOf = (bid: Omit<Bid, 'roomWork' | 'stakeWei'>, position: number, work: bigint): Ranked => ({
  position,
  bid: bid.id,
  prover: bid.prover,
  priceWei: bid.priceWei,
  turnaroundMs: bid.turnaroundMs,
  collateralWei: bid.collateralWei,
  costWei: costUpWei(bid.priceWei, work),
})

/** A match of bids in their ranked order, each at its own price, cut to the round's number of ranks. */
export const matchOf = (
  policy: PolicyName,
  round: Round,
  ranked: readonly [Bid, ...Bid[]],
  active = 1,
): Match => {
  const ranks = ranked
    .slice(0, Math.max(round.ranks, active))
    .map((bid, position) => rankOf(bid, position, round.work))
  const [first, ...rest] = ranks as [Ranked, ...Ranked[]]
  return {
    kind: 'match',
    policy,
    request: round.request,
    work: round.work,
    ranks: [first, ...rest],
    active: Math.min(active, ranks.length),
    feeWei: first.costWei,
  }
}

/** The match with another price for its winner. */
export const payWinner = (match: Match, priceWei: bigint): Match => {
  const [winner, ...rest] = match.ranks
  const costWei = costUpWei(priceWei, match.work)
  return { ...match, ranks: [{ ...winner, priceWei, costWei }, ...rest], feeWei: costWei }
}

/** What is missing, and when the price limit will reach bids that miss by it alone. */
export const noMatch = (round: Round, extra = NOTHING): NoMatch => {
  const need = needOfRound(round)
  const prices = round.bids
    .filter((bid) => (missOf(bid, need) ?? extra.missOf(bid)) === 'price')
    .map((bid) => extra.priceOf(bid))
  if (prices.length === 0) {
    return { kind: 'no-match', code: round.bids.length === 0 ? 'no_bids' : 'no_bid_meets', reachesAtMs: null }
  }
  return priceTooLow(round, prices.reduce(lesser))
}

/** No match, because the limit has not reached `priceWei`. */
export const priceTooLow = (round: Omit<Round, 'bids'>, priceWei: bigint): NoMatch => {
  const isAffordable = priceWei <= priceDownWei(round.budgetWei, round.work)
  const atMs = isAffordable ? reachesAtMs(round.terms, priceWei) : undefined
  return { kind: 'no-match', code: 'price_too_low', reachesAtMs: atMs ?? null }
}
