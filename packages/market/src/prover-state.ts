import type { Address, Bytes32 } from '@weft/protocol'
import { greater } from './money.js'
import type { Resting } from './resting.js'

/** What L1 says of a prover. */
export interface Account {
  /** Collateral in all: what the book has locked of it is still in it. */
  readonly collateralWei: bigint
  readonly stakeWei: bigint
}

const NO_ACCOUNT: Account = { collateralWei: 0n, stakeWei: 0n }

/** A prover's offers and work in one class of programs. */
export interface ClassWork {
  /** Bidding rights: the most it may have in progress. */
  rights: number
  inProgress: number
  readonly offers: Set<Resting>
}

/** What the book knows of one prover, and from it how much each of its offers may take now. */
export class ProverState {
  account: Account = NO_ACCOUNT
  /** False while nothing new is given to it: silent, suspended or declining. */
  isAvailable = true
  lockedWei = 0n
  offerCount = 0
  /** Nonces of offers, resting or not, with the second at which each expires. */
  readonly #nonces = new Map<bigint, number>()
  readonly #classes = new Map<Bytes32, ClassWork>()
  /** No offer of the prover ever had more collateral. */
  #surestWei = 0n

  constructor(
    readonly address: Address,
    readonly newcomerWork: number,
  ) {}

  get freeWei(): bigint {
    return this.account.collateralWei - this.lockedWei
  }

  in(ofClass: Bytes32): ClassWork {
    const known = this.#classes.get(ofClass)
    if (known) return known
    const work = { rights: this.newcomerWork, inProgress: 0, offers: new Set<Resting>() }
    this.#classes.set(ofClass, work)
    return work
  }

  add(item: Resting): void {
    item.work.offers.add(item)
    this.#surestWei = greater(this.#surestWei, item.offer.collateralWei)
    this.#nonces.set(item.offer.nonce, item.expiryS)
    this.offerCount++
  }

  remove(item: Resting): void {
    item.work.offers.delete(item)
    this.offerCount--
  }

  /** An expired offer cannot come back, so that its nonce is free. */
  hasUsed(nonce: bigint, nowS: number): boolean {
    return (this.#nonces.get(nonce) ?? 0) > nowS
  }

  /** Nonces in use; counted exactly, and expired ones forgotten, only where there are `enough` to matter. */
  nonceCount(nowS: number, enough: number): number {
    if (this.#nonces.size >= enough) {
      for (const [nonce, expiryS] of this.#nonces) if (expiryS <= nowS) this.#nonces.delete(nonce)
    }
    return this.#nonces.size
  }

  *offers(): Iterable<Resting> {
    for (const { offers } of this.#classes.values()) yield* offers
  }

  /** Adds to what is in progress and locked, and calls back for every offer whose room may have changed. */
  move(
    work: ClassWork,
    item: Resting | null,
    jobs: number,
    amount: number,
    collateralWei: bigint,
    changed: (item: Resting) => void,
  ): void {
    const wasAmple = this.#isAmple()
    if (item !== null) item.jobs += jobs
    work.inProgress += amount
    this.lockedWei += collateralWei
    // Rights bound the offers of the class, collateral those of all classes.
    if (wasAmple && this.#isAmple()) work.offers.forEach(changed)
    else for (const each of this.offers()) changed(each)
  }

  #isAmple(): boolean {
    return this.freeWei >= this.#surestWei
  }

  /** The most work that an offer may take now. */
  roomOf(item: Resting): number {
    if (!this.isAvailable) return 0
    if (this.freeWei < item.offer.collateralWei) return 0
    if (item.jobs >= item.offer.capacity) return 0
    return Math.max(0, item.work.rights - item.work.inProgress)
  }
}
