import type { OfferBook, Terms } from '@weft/market'
import { type Address, type Bytes32, type Offer, uintToBytes32 } from '@weft/protocol'

/** Numbers that look random and are the same in every run (xorshift32). */
export const createRandom = (seed: number) => {
  let state = seed
  const next = (): number => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
  return {
    below: (end: number) => Math.floor(next() * end),
    between: (from: number, to: number) => Math.floor(from + next() * (to - from)),
  }
}
export type Random = ReturnType<typeof createRandom>

export const NOW_S = 1_800_000_000
export const NOW_MS = NOW_S * 1000
const FINNEY = 10n ** 15n
/** Work that each prover may have in progress in each program. */
export const RIGHTS = 2 ** 26

/** What both rivals and the book can read: an offer, and its numbers as doubles. */
export interface LoadOffer {
  readonly id: Bytes32
  readonly program: number
  readonly offer: Offer
  readonly price: number
  readonly turnaroundMs: number
  readonly collateral: number
}

export interface LoadRequest {
  readonly id: Bytes32
  readonly program: number
  readonly terms: Terms
  readonly work: bigint
}

/** One step of the stream, the same for everyone who runs it. */
export type Step =
  | { readonly kind: 'request'; readonly request: LoadRequest }
  /** Of a request that was matched so many matches ago. */
  | { readonly kind: 'cancel-request'; readonly ago: number }
  | { readonly kind: 'cancel-offer'; readonly offer: LoadOffer }

/** A part of the stream, and the offers that rest afterwards in place of the cancelled ones. */
export interface Part {
  readonly steps: readonly Step[]
  readonly fresh: readonly LoadOffer[]
}

export interface Load {
  readonly programs: readonly Bytes32[]
  readonly offers: readonly LoadOffer[]
  /** The next part of the stream, of so many steps; at most twice as many as there are offers. */
  readonly next: (count: number) => Part
}

export interface LoadSize {
  readonly offers: number
  readonly programs: number
  /** Requests that ask for a price alone: all that a plain order book can match. */
  readonly priceOnly: boolean
}

const proverAt = (n: number): Address => `0x${(n + 1).toString(16).padStart(40, '0')}`
const word = (n: number): Bytes32 => uintToBytes32(BigInt(n))

const offerOf = (
  random: Random,
  programs: readonly Bytes32[],
  program: number,
  prover: number,
  serial: number,
): LoadOffer => {
  const offer: Offer = {
    prover: proverAt(prover),
    target: programs[program] as Bytes32,
    // About 10 to 100 gwei for a million units; cheap offers are a little slower.
    priceWei: BigInt(random.between(10, 100)) * 10n ** 9n + BigInt(random.below(10 ** 9)),
    turnaroundMs: BigInt(random.between(2_000, 60_000)),
    capacity: random.between(1, 64),
    collateralWei: BigInt(random.between(1, 1000)) * FINNEY,
    expiry: NOW_S + random.between(3_600, 86_400),
    nonce: BigInt(serial),
  }
  return {
    id: word(2 ** 40 + serial),
    program,
    offer,
    price: Number(offer.priceWei),
    turnaroundMs: Number(offer.turnaroundMs),
    collateral: Number(offer.collateralWei),
  }
}

const requestOf = (random: Random, size: LoadSize, serial: number): LoadRequest => {
  const work = BigInt(random.between(2 ** 18, 2 ** 22))
  const limit = BigInt(random.between(9, 120)) * 10n ** 9n
  const seconds = size.priceOnly ? 86_400 : random.between(30, 600)
  const terms: Terms = {
    startPriceWei: size.priceOnly ? 10n ** 12n : limit,
    maxPriceWei: size.priceOnly ? 10n ** 12n : limit,
    maxTotalWei: 10n ** 18n,
    openMs: NOW_MS,
    riseMs: 0,
    curve: 'linear',
    proofDeadline: NOW_S + seconds,
    collateralWei: size.priceOnly ? 0n : BigInt(random.between(1, 800)) * FINNEY,
    provers: [],
  }
  return {
    id: word(2 ** 42 + serial),
    program: random.below(size.programs),
    terms,
    work,
  }
}

/**
 * Offers of so many provers that each has one for each program, and a stream of which six in ten steps are requests,
 * two cancel a request, and two cancel an offer. What was cancelled in a part of the stream is replaced after it.
 */
export const createLoad = (size: LoadSize): Load => {
  const random = createRandom(2_463_534_242)
  const programs = Array.from({ length: size.programs }, (_, i) => word(2 ** 20 + i))
  const offers = Array.from({ length: size.offers }, (_, i) =>
    offerOf(random, programs, i % size.programs, Math.floor(i / size.programs), i),
  )
  const resting = [...offers]
  let serial = 0
  const next = (count: number): Part => {
    const gone = new Set<number>()
    const steps = Array.from({ length: count }, (): Step => {
      const kind = random.below(10)
      if (kind < 6) return { kind: 'request', request: requestOf(random, size, serial++) }
      if (kind < 8) return { kind: 'cancel-request', ago: random.between(1, 500) }
      let at = random.below(resting.length)
      while (gone.has(at)) at = random.below(resting.length)
      gone.add(at)
      return { kind: 'cancel-offer', offer: resting[at] as LoadOffer }
    })
    const fresh = [...gone].map((at) => {
      const { program, offer } = resting[at] as LoadOffer
      const prover = Number(BigInt(offer.prover)) - 1
      const replacement = offerOf(random, programs, program, prover, size.offers + serial++)
      resting[at] = replacement
      return replacement
    })
    return { steps, fresh }
  }
  return { programs, offers, next }
}

/** Puts the offers of a load into a book; every prover has collateral and stake enough. */
export const fillBook = (book: OfferBook, load: Load) => {
  for (const { id, offer } of load.offers) {
    book.setAccount(offer.prover, { collateralWei: 10n ** 24n, stakeWei: 10n ** 18n })
    const refusal = book.add(id, offer, NOW_MS)
    if (refusal) throw new Error(`${refusal.code}: ${refusal.reason}`)
  }
}
