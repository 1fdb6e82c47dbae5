import { type Address, type Bytes32, costUpWei, type Offer } from '@weft/protocol'
import { type AdmissionRefusal, checkOffer, type MarketLimits } from './admission.js'
import type { Bid, Need } from './bid.js'
import { ExpiryCalendar } from './expiry.js'
import { OfferTree } from './offer-tree.js'
import { type NoMatch, needOfRound, type Outcome, priceTooLow, type Ranked, type Round } from './policy.js'
import { type Account, type ClassWork, ProverState } from './prover-state.js'
import { refuse } from './refusal.js'
import {
  compareResting,
  isWithinPrice,
  meetsBeyondPrice,
  newResting,
  type QuickNeed,
  quickNeed,
  type Resting,
} from './resting.js'

interface Reservation {
  readonly state: ProverState
  readonly in: ClassWork
  readonly amount: number
  readonly collateralWei: bigint
  /** Null for a sealed bid. */
  readonly item: Resting | null
}

export interface BookOptions {
  readonly limits: MarketLimits
  /** The class of a program; a program in no class is a class of its own. */
  readonly classOf: (program: Bytes32) => Bytes32
  /** Bidding rights of a prover of which nothing is known. */
  readonly newcomerWork: number
}

/**
 * The offers that rest, and who has how much in progress. Finds the cheapest offers that meet a need in logarithmic
 * time: one tree per program and class, whose order is the order of bids. Every match through it equals the order
 * book policy's over all its bids. State changes by these calls alone; the same calls give the same answers.
 */
export class OfferBook {
  readonly #trees = new Map<Bytes32, OfferTree>()
  readonly #items = new Map<Bytes32, Resting>()
  readonly #provers = new Map<Address, ProverState>()
  readonly #reservations = new Map<string, Reservation>()
  readonly #expiring = new ExpiryCalendar<Resting>()

  constructor(readonly options: BookOptions) {}

  /** Offers that rest. */
  get size(): number {
    return this.#items.size
  }

  offer(id: Bytes32): Offer | undefined {
    return this.#items.get(id)?.offer
  }

  /** A resting offer as a bid. */
  bid(id: Bytes32): Bid | undefined {
    const item = this.#items.get(id)
    return item && this.#bidOf(item)
  }

  /** Puts an offer whose signature has been checked into the book, or says why not. O(log n). */
  add(id: Bytes32, offer: Offer, nowMs: number): AdmissionRefusal | null {
    this.expire(nowMs)
    const refusal =
      checkOffer(offer, nowMs, this.options.limits) ?? this.#refuse(id, offer, Math.floor(nowMs / 1000))
    if (refusal) return refusal
    const state = this.#stateOf(offer.prover)
    const { target } = offer
    const item = newResting(id, offer, state, state.in(this.options.classOf(target)), this.#treeOf(target))
    state.add(item)
    this.#items.set(id, item)
    this.#expiring.add(item)
    item.room = state.roomOf(item)
    item.tree.insert(item)
    return null
  }

  #refuse(id: Bytes32, offer: Offer, nowS: number): AdmissionRefusal | null {
    const { limits } = this.options
    if (this.#items.has(id)) return refuse('already_resting', 'this offer is in the book', { id })
    const state = this.#provers.get(offer.prover)
    const { collateralWei, stakeWei } = state?.account ?? { collateralWei: 0n, stakeWei: 0n }
    if (state === undefined || stakeWei < limits.minStakeWei) {
      return refuse('too_little_stake', `stake at least ${limits.minStakeWei} wei`, { stakeWei })
    }
    if (offer.collateralWei > collateralWei) {
      return refuse('beyond_collateral', 'deposit more collateral, or offer less of it', {
        offeredWei: offer.collateralWei,
        freeWei: collateralWei,
      })
    }
    if (state.hasUsed(offer.nonce, nowS)) {
      return refuse('nonce_used', 'sign the offer with another nonce', { nonce: offer.nonce })
    }
    let ofTarget = 0
    const { offers } = state.in(this.options.classOf(offer.target))
    for (const item of offers) if (item.offer.target === offer.target) ofTarget++
    if (state.offerCount >= limits.offersPerProver || ofTarget >= limits.offersPerTarget) {
      return refuse('too_many_offers', 'withdraw an offer first, or offer more capacity in one', {
        resting: state.offerCount,
        restingOfTarget: ofTarget,
      })
    }
    // Bounds what sign-and-withdraw can make the book remember.
    const unexpired = state.nonceCount(nowS, 16 * limits.offersPerProver)
    if (unexpired >= 16 * limits.offersPerProver) {
      return refuse('too_many_offers', 'let offers expire first: sign them with shorter expiries', {
        unexpired,
      })
    }
    return null
  }

  /** Takes an offer out; what it has in progress stays in progress. False if it does not rest. O(log n). */
  withdraw(id: Bytes32): boolean {
    const item = this.#items.get(id)
    if (item === undefined) return false
    this.#items.delete(id)
    this.#expiring.remove(item)
    item.owner.remove(item)
    item.tree.remove(item)
    return true
  }

  /** Drops what has expired by `nowMs`. O(log n) for each offer, once. */
  expire(nowMs: number): void {
    for (const item of this.#expiring.due(Math.floor(nowMs / 1000))) this.withdraw(item.id)
  }

  stakeOf(prover: Address): bigint {
    return this.#provers.get(prover)?.account.stakeWei ?? 0n
  }

  /** Takes over what L1 says of a prover. Its offers beyond its collateral stay, without room. */
  setAccount(prover: Address, account: Account): void {
    const state = this.#stateOf(prover)
    state.account = account
    for (const item of state.offers()) refreshRoom(item)
  }

  /** Whether a prover may be given anything new. Its offers rest meanwhile, without room. */
  setAvailable(prover: Address, isAvailable: boolean): void {
    const state = this.#stateOf(prover)
    state.isAvailable = isAvailable
    for (const item of state.offers()) refreshRoom(item)
  }

  /** What L1 said of a prover last, and what of its collateral stands behind work in progress. */
  accountOf(prover: Address): Account & { readonly lockedWei: bigint; readonly isAvailable: boolean } {
    const state = this.#provers.get(prover)
    const { collateralWei, stakeWei } = state?.account ?? { collateralWei: 0n, stakeWei: 0n }
    const [lockedWei, isAvailable] = [state?.lockedWei ?? 0n, state?.isAvailable ?? true]
    return { collateralWei, stakeWei, lockedWei, isAvailable }
  }

  /** Every program and class with resting offers. */
  targets(): Bytes32[] {
    return [...this.#trees].flatMap(([target, { size }]) => (size > 0 ? [target] : []))
  }

  /** Resting offers of a prover, in the order in which they came. */
  offersOf(prover: Address): Bid[] {
    return [...(this.#provers.get(prover)?.offers() ?? [])].map((item) => this.#bidOf(item))
  }

  /** Bidding rights of a prover in a class. */
  setRights(prover: Address, ofClass: Bytes32, work: number): void {
    const state = this.#stateOf(prover)
    state.in(ofClass).rights = work
    for (const item of state.offers()) refreshRoom(item)
  }

  /** The cheapest offers that meet the need, best first, one per prover, at most `count`. */
  best(program: Bytes32, need: Need, count: number): Bid[] {
    return this.#best(program, quickNeed(need), count).map((item) => this.#bidOf(item))
  }

  /** The order book policy over all bids for a program, through the index. `round.bids` is not read. */
  match(program: Bytes32, round: Omit<Round, 'bids'>): Outcome {
    const quick = quickNeed(needOfRound(round))
    const found = this.#best(program, quick, round.ranks)
    const [cheapest] = found
    if (cheapest === undefined) return this.#noMatch(program, quick, round)
    const { request, work } = round
    const ranks = found.map((item, position) => rankOfItem(item, position, work)) as [Ranked, ...Ranked[]]
    return { kind: 'match', policy: 'order-book', request, work, ranks, active: 1, feeWei: ranks[0].costWei }
  }

  /** Every offer for a program as a bid, in the order of bids. O(n). */
  bids(program: Bytes32): Bid[] {
    const items = this.#targetsOf(program).flatMap((target) => this.#trees.get(target)?.items() ?? [])
    return items.sort(compareResting).map((item) => this.#bidOf(item))
  }

  /** The most work a prover may take now with so much collateral, apart from any offer: its sealed bid's room. */
  roomOf(prover: Address, program: Bytes32, collateralWei: bigint): bigint {
    const state = this.#stateOf(prover)
    const { rights, inProgress } = state.in(this.options.classOf(program))
    return !state.isAvailable || state.freeWei < collateralWei ? 0n : BigInt(Math.max(0, rights - inProgress))
  }

  /** Sets work aside under a key, until it is released. False if the offer does not rest or has no such room. */
  reserve(key: string, offer: Bytes32, work: bigint): boolean {
    const item = this.#items.get(offer)
    const amount = Number(work)
    if (item === undefined || item.room < amount || this.#reservations.has(key)) return false
    const { collateralWei } = item.offer
    this.#hold(key, { state: item.owner, in: item.work, amount, collateralWei, item })
    return true
  }

  /** Sets work aside for a prover without an offer. False if it has no such room. */
  reserveFor(key: string, prover: Address, program: Bytes32, work: bigint, collateralWei: bigint): boolean {
    if (this.roomOf(prover, program, collateralWei) < work || this.#reservations.has(key)) return false
    const state = this.#stateOf(prover)
    const ofClass = state.in(this.options.classOf(program))
    this.#hold(key, { state, in: ofClass, amount: Number(work), collateralWei, item: null })
    return true
  }

  /** Gives back what was set aside under a key. False if nothing is. */
  release(key: string): boolean {
    const reservation = this.#reservations.get(key)
    if (reservation === undefined) return false
    this.#reservations.delete(key)
    this.#move(reservation, -1)
    return true
  }

  #hold(key: string, reservation: Reservation): void {
    this.#reservations.set(key, reservation)
    this.#move(reservation, 1)
  }

  #move({ state, in: ofClass, item, amount, collateralWei }: Reservation, jobs: 1 | -1): void {
    state.move(ofClass, item, jobs, jobs * amount, BigInt(jobs) * collateralWei, refreshRoom)
  }

  #best(program: Bytes32, quick: QuickNeed, count: number): Resting[] {
    if (quick.need.provers.length > 0) return this.#bestOfNamed(program, quick, count)
    const found: Resting[] = []
    this.#trees.get(program)?.search(quick, count, found)
    const ofClass = this.options.classOf(program)
    const classTree = ofClass === program ? undefined : this.#trees.get(ofClass)
    if (classTree === undefined || classTree.size === 0) return found
    const others: Resting[] = []
    classTree.search(quick, count, others)
    return firstOfEachProver([...found, ...others], count)
  }

  /** A request that names its provers: their few offers, one by one. */
  #bestOfNamed(program: Bytes32, quick: QuickNeed, count: number): Resting[] {
    const targets = this.#targetsOf(program)
    const found: Resting[] = []
    for (const prover of quick.need.provers) {
      for (const item of this.#provers.get(prover)?.offers() ?? []) {
        if (
          targets.includes(item.offer.target) &&
          isWithinPrice(item, quick) &&
          meetsBeyondPrice(item, quick)
        ) {
          found.push(item)
        }
      }
    }
    return firstOfEachProver(found, count)
  }

  #noMatch(program: Bytes32, quick: QuickNeed, round: Omit<Round, 'bids'>): NoMatch {
    const anyPrice = { ...quick, limit: Number.POSITIVE_INFINITY }
    const [cheapest] = this.#best(program, anyPrice, 1)
    if (cheapest !== undefined) return priceTooLow(round, cheapest.priceWei)
    const size = this.#targetsOf(program).reduce(
      (sum, target) => sum + (this.#trees.get(target)?.size ?? 0),
      0,
    )
    return { kind: 'no-match', code: size === 0 ? 'no_bids' : 'no_bid_meets', reachesAtMs: null }
  }

  #targetsOf(program: Bytes32): Bytes32[] {
    const ofClass = this.options.classOf(program)
    return ofClass === program ? [program] : [program, ofClass]
  }

  #bidOf(item: Resting): Bid {
    const { id, prover, priceWei, turnaroundMs, offer, room } = item
    const { collateralWei } = offer
    const { stakeWei } = item.owner.account
    return { id, prover, priceWei, turnaroundMs, collateralWei, roomWork: BigInt(room), stakeWei }
  }

  #treeOf(target: Bytes32): OfferTree {
    const known = this.#trees.get(target)
    if (known) return known
    const tree = new OfferTree()
    this.#trees.set(target, tree)
    return tree
  }

  #stateOf(prover: Address): ProverState {
    const known = this.#provers.get(prover)
    if (known) return known
    const state = new ProverState(prover, this.options.newcomerWork)
    this.#provers.set(prover, state)
    return state
  }
}

const rankOfItem = (item: Resting, position: number, work: bigint): Ranked => ({
  position,
  bid: item.id,
  prover: item.prover,
  priceWei: item.priceWei,
  turnaroundMs: item.turnaroundMs,
  collateralWei: item.offer.collateralWei,
  costWei: costUpWei(item.priceWei, work),
})

/** O(log n), if its room has changed. */
const refreshRoom = (item: Resting): void => {
  const room = item.owner.roomOf(item)
  if (room === item.room) return
  item.room = room
  // A withdrawn offer may have work in progress still.
  if (item.slot !== 0) item.tree.refresh(item)
}

const firstOfEachProver = (items: readonly Resting[], count: number): Resting[] => {
  const provers = new Set<Address>()
  const inOrder = [...items].sort(compareResting)
  return inOrder.filter((item) => !provers.has(item.prover) && provers.add(item.prover)).slice(0, count)
}
