import { type Bid, DEFAULT_LIMITS, type MarketLimits, OfferBook, type Round, type Terms } from '@weft/market'
import {
  type Address,
  type Bytes32,
  encodePolicy,
  hashWords,
  type MarketDomain,
  type Offer,
  offerId,
  type PolicyName,
  type Request,
  sealBid,
  tag,
  uintToBytes32,
} from '@weft/protocol'
import fc from 'fast-check'

export const DOMAIN: MarketDomain = { chainId: 31337n, contract: `0x${'5e'.repeat(20)}` }
export const NOW_S = 1_800_000_000
export const NOW_MS = NOW_S * 1000
export const ETHER = 10n ** 18n

export const word = (n: number | bigint): Bytes32 => uintToBytes32(BigInt(n))
export const proverAt = (n: number): Address => `0x${n.toString(16).padStart(40, '0')}`
export const PROGRAM = tag('test.program')
/** All 256 bits: strong. */
export const saltOf = (n: number): Bytes32 => hashWords(tag('test.salt'), word(n))

export const anOffer = (over: Partial<Offer> = {}): Offer => ({
  prover: proverAt(1),
  target: PROGRAM,
  priceWei: 1_000_000n,
  turnaroundMs: 10_000n,
  capacity: 4,
  collateralWei: ETHER,
  expiry: NOW_S + 3600,
  nonce: 1n,
  ...over,
})

/** Its price limit does not rise, unless it starts lower. */
export const aRequest = (over: Partial<Request> = {}): Request => ({
  owner: proverAt(99),
  program: PROGRAM,
  pre: word(0),
  data: word(1),
  startPriceWei: over.maxPriceWei ?? 5_000_000n,
  maxPriceWei: 5_000_000n,
  maxTotalWei: ETHER,
  offerDeadline: NOW_S + 600,
  proofDeadline: NOW_S + 3600,
  collateralWei: ETHER / 2n,
  policy: 0,
  delivery: 1,
  allowedProvers: word(0),
  matcher: proverAt(0),
  nonce: 7n,
  ...over,
})

/** The terms of that request, everybody allowed. */
export const aTerms = (over: Partial<Terms> = {}): Terms => ({
  startPriceWei: 1_000_000n,
  maxPriceWei: 5_000_000n,
  openMs: NOW_MS,
  riseMs: 0,
  curve: 'linear',
  maxTotalWei: ETHER,
  proofDeadline: NOW_S + 3600,
  collateralWei: ETHER / 2n,
  provers: [],
  ...over,
})

export const policyNumber = (policy: PolicyName, winners = 1): number =>
  encodePolicy({ policy, curve: 'linear', winners })

export const aBid = (over: Partial<Bid> = {}): Bid => ({
  id: word(1),
  prover: proverAt(1),
  priceWei: 1_000_000n,
  turnaroundMs: 10_000,
  collateralWei: ETHER,
  roomWork: 4_000_000n,
  stakeWei: ETHER,
  ...over,
})

export const aRound = (over: Partial<Round> = {}): Round => {
  const terms = over.terms ?? aTerms()
  return {
    request: word(0xabc),
    terms,
    work: 1_000_000n,
    nowMs: NOW_MS,
    budgetWei: terms.maxTotalWei,
    bids: [],
    ranks: 4,
    winners: 1,
    seed: saltOf(1),
    ...over,
  }
}

/** The bid under a commitment that opens in the request of `aRound`. */
export const sealed = (bid: Bid, salt: Bytes32 = saltOf(Number(BigInt(bid.prover) & 0xffffn))): Bid => ({
  ...bid,
  salt,
  id: sealBid(word(0xabc), bid, salt),
})

/** Few different values, so that ties and near misses are common. */
export const someBid: fc.Arbitrary<Bid> = fc
  .record({
    prover: fc.integer({ min: 1, max: 8 }),
    price: fc.integer({ min: 1, max: 8 }),
    speed: fc.integer({ min: 1, max: 5 }),
    collateral: fc.integer({ min: 0, max: 3 }),
    room: fc.integer({ min: 0, max: 4 }),
    stake: fc.integer({ min: 0, max: 5 }),
    nonce: fc.nat(1_000_000),
  })
  .map((o) =>
    sealed({
      id: hashWords(word(o.nonce), word(o.prover)),
      prover: proverAt(o.prover),
      priceWei: BigInt(o.price) * 1_000_000n,
      turnaroundMs: o.speed * 1_000_000,
      collateralWei: (BigInt(o.collateral) * ETHER) / 4n,
      roomWork: BigInt(o.room) * 500_000n,
      stakeWei: BigInt(o.stake),
    }),
  )

export const someBids = fc.uniqueArray(someBid, { selector: (bid) => bid.id, maxLength: 20 })

/** Terms and work that some of `someBid` meet. */
export const someRound: fc.Arbitrary<Round> = fc
  .record({
    bids: someBids,
    limit: fc.integer({ min: 1, max: 8 }),
    collateral: fc.integer({ min: 0, max: 3 }),
    work: fc.integer({ min: 1, max: 2_000_000 }),
    seed: fc.integer(),
    winners: fc.integer({ min: 1, max: 3 }),
    ranks: fc.integer({ min: 1, max: 5 }),
  })
  .map((o) =>
    aRound({
      bids: o.bids,
      terms: aTerms({
        maxPriceWei: BigInt(o.limit) * 1_000_000n,
        collateralWei: (BigInt(o.collateral) * ETHER) / 4n,
      }),
      work: BigInt(o.work),
      seed: saltOf(o.seed >>> 0),
      winners: o.winners,
      ranks: o.ranks,
    }),
  )

export const aBook = (limits: Partial<MarketLimits> = {}, classOf = (program: Bytes32): Bytes32 => program) =>
  new OfferBook({ limits: { ...DEFAULT_LIMITS, ...limits }, classOf, newcomerWork: 8_000_000 })

/** Puts the offer into the book, with an account that covers it. */
export const rest = (book: OfferBook, offer: Offer, nowMs = NOW_MS): Bytes32 => {
  book.setAccount(offer.prover, { collateralWei: 1000n * ETHER, stakeWei: ETHER })
  const id = offerId(DOMAIN, offer)
  const refusal = book.add(id, offer, nowMs)
  if (refusal) throw new Error(`${refusal.code}: ${refusal.reason}`)
  return id
}
