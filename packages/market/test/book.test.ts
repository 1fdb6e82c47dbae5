import { bestOfEachProver, missOf, needOf, orderBook } from '@weft/market'
import { costUpWei, hashWords, type Offer, tag } from '@weft/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  aBook,
  anOffer,
  aRound,
  aTerms,
  ETHER,
  NOW_MS,
  NOW_S,
  PROGRAM,
  proverAt,
  rest,
  word,
} from './build.js'

const CLASS = hashWords(tag('test.class'))
const classOf = (program: string) => (program === PROGRAM || program === CLASS ? CLASS : word(0))

const someOffer: fc.Arbitrary<Offer> = fc
  .record({
    prover: fc.integer({ min: 1, max: 12 }),
    price: fc.integer({ min: 1, max: 6 }),
    speed: fc.integer({ min: 1, max: 6 }),
    collateral: fc.integer({ min: 0, max: 4 }),
    capacity: fc.integer({ min: 1, max: 6 }),
    isClass: fc.boolean(),
    expiry: fc.integer({ min: 1, max: 4 }),
  })
  .map((o) =>
    anOffer({
      prover: proverAt(o.prover),
      target: o.isClass ? CLASS : PROGRAM,
      // Beyond 2^53, where doubles alone cannot tell prices apart.
      priceWei: 2n ** 70n + BigInt(o.price),
      turnaroundMs: BigInt(o.speed) * 1000n,
      collateralWei: 2n ** 62n + BigInt(o.collateral),
      capacity: o.capacity,
      expiry: NOW_S + o.expiry * 100,
    }),
  )

type Step =
  | { kind: 'add'; offer: Offer }
  | { kind: 'withdraw'; at: number }
  | { kind: 'reserve'; at: number; work: number }
  | { kind: 'release'; at: number }
  | { kind: 'rights'; prover: number; work: number }
  | { kind: 'pass'; seconds: number }

const someStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: someOffer.map((offer) => ({ kind: 'add' as const, offer })) },
  fc.record({ kind: fc.constant('withdraw' as const), at: fc.nat(40) }),
  fc.record({
    kind: fc.constant('reserve' as const),
    at: fc.nat(40),
    work: fc.integer({ min: 1, max: 3_000_000 }),
  }),
  fc.record({ kind: fc.constant('release' as const), at: fc.nat(40) }),
  fc.record({
    kind: fc.constant('rights' as const),
    prover: fc.integer({ min: 1, max: 12 }),
    work: fc.nat(9_000_000),
  }),
  fc.record({ kind: fc.constant('pass' as const), seconds: fc.nat(60) }),
)

const someNeed = fc.record({
  work: fc.integer({ min: 1, max: 5_000_000 }),
  limit: fc.integer({ min: 0, max: 7 }),
  seconds: fc.integer({ min: 1, max: 30 }),
  collateral: fc.integer({ min: 0, max: 5 }),
  provers: fc.oneof(
    { weight: 3, arbitrary: fc.constant<number[]>([]) },
    fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 4 }),
  ),
})

const played = (steps: readonly Step[]) => {
  const book = aBook({}, classOf)
  const ids: string[] = []
  let nowMs = NOW_MS
  steps.forEach((step, i) => {
    if (step.kind === 'add') {
      const offer = { ...step.offer, nonce: BigInt(i) }
      book.setAccount(offer.prover, { collateralWei: 2n ** 65n, stakeWei: ETHER })
      const id = hashWords(tag('test.id'), word(i))
      if (book.add(id, offer, nowMs) === null) ids.push(id)
    } else if (step.kind === 'pass') {
      nowMs += step.seconds * 1000
      book.expire(nowMs)
    } else if (step.kind === 'rights') book.setRights(proverAt(step.prover), CLASS, step.work)
    else {
      const id = (ids[step.at % Math.max(1, ids.length)] ?? word(0)) as `0x${string}`
      if (step.kind === 'withdraw') book.withdraw(id)
      if (step.kind === 'reserve') book.reserve(`${id}${i % 4}`, id, BigInt(step.work))
      if (step.kind === 'release') for (let k = 0; k < 4; k++) book.release(`${id}${k}`)
    }
  })
  return { book, nowMs }
}

describe('the index answers what a search through all offers answers', () => {
  const someTerms = (
    need: { work: number; limit: number; seconds: number; collateral: number; provers: number[] },
    nowMs: number,
  ) => {
    const work = BigInt(need.work)
    const max = 2n ** 70n + BigInt(need.limit)
    const terms = aTerms({
      startPriceWei: max,
      maxPriceWei: max,
      maxTotalWei: 2n ** 100n,
      proofDeadline: Math.ceil(nowMs / 1000) + need.seconds,
      collateralWei: 2n ** 62n + BigInt(need.collateral),
      provers: need.provers.map(proverAt),
    })
    return { terms, work }
  }

  test('after any sequence of calls', () => {
    fc.assert(
      fc.property(
        fc.array(someStep, { maxLength: 60 }),
        someNeed,
        fc.integer({ min: 1, max: 5 }),
        (steps, need, ranks) => {
          const { book, nowMs } = played(steps)
          const { terms, work } = someTerms(need, nowMs)
          const round = aRound({ terms, work, nowMs, ranks, bids: book.bids(PROGRAM) })
          expect(book.match(PROGRAM, round)).toEqual(orderBook.select(round))
          const met = round.bids.filter((bid) => missOf(bid, needOf(terms, work, nowMs)) === null)
          expect(book.best(PROGRAM, needOf(terms, work, nowMs), ranks)).toEqual(
            bestOfEachProver(met).slice(0, ranks),
          )
        },
      ),
      { numRuns: 400 },
    )
  })

  test('a match is affordable, in time, and nothing cheaper meets the need', () => {
    fc.assert(
      fc.property(fc.array(someStep, { maxLength: 40 }), someNeed, (steps, need) => {
        const { book, nowMs } = played(steps)
        const { terms, work } = someTerms(need, nowMs)
        const outcome = book.match(PROGRAM, aRound({ terms, work, nowMs }))
        if (outcome.kind === 'no-match') return
        const [winner] = outcome.ranks
        expect(winner.costWei).toBe(costUpWei(winner.priceWei, work))
        expect(winner.costWei).toBeLessThanOrEqual(terms.maxTotalWei)
        for (const bid of book.bids(PROGRAM)) {
          if (missOf(bid, needOf(terms, work, nowMs)) === null) {
            expect(bid.priceWei).toBeGreaterThanOrEqual(winner.priceWei)
          }
        }
      }),
    )
  })
})

describe('room', () => {
  const need = (work: bigint) => needOf(aTerms(), work, NOW_MS)
  const rooms = (book: ReturnType<typeof aBook>) => book.bids(PROGRAM).map((bid) => bid.roomWork)

  test('a reservation takes from the rights of all offers of the prover in the class, and gives back', () => {
    const book = aBook()
    const first = rest(book, anOffer({ capacity: 2 }))
    rest(book, anOffer({ nonce: 2n, priceWei: 2_000_000n }))
    expect(book.reserve('job', first, 5_000_000n)).toBe(true)
    expect(rooms(book)).toEqual([3_000_000n, 3_000_000n])
    expect(book.best(PROGRAM, need(3_000_001n), 1)).toEqual([])
    expect(book.reserve('job', first, 1n)).toBe(false)
    expect(book.reserve('other', first, 3_000_001n)).toBe(false)
    expect(book.reserve('other', first, 1_000_000n)).toBe(true)
    // Two jobs are all that the first offer takes at a time.
    expect(rooms(book)).toEqual([0n, 2_000_000n])
    expect(book.release('job')).toBe(true)
    expect(book.release('job')).toBe(false)
    expect(book.release('other')).toBe(true)
    expect(rooms(book)).toEqual([8_000_000n, 8_000_000n])
  })

  test('collateral is not committed twice', () => {
    const book = aBook()
    const [first, second] = [anOffer(), anOffer({ nonce: 2n })]
    const ids = [rest(book, first), rest(book, second)] as const
    book.setAccount(first.prover, { collateralWei: ETHER, stakeWei: ETHER })
    expect(book.reserve('a', ids[0], 1_000_000n)).toBe(true)
    expect(rooms(book)).toEqual([0n, 0n])
    expect(book.reserve('b', ids[1], 1_000_000n)).toBe(false)
    book.release('a')
    expect(book.reserve('b', ids[1], 1_000_000n)).toBe(true)
  })

  test('what a withdrawn offer has in progress counts until it is released', () => {
    const book = aBook()
    const id = rest(book, anOffer())
    book.reserve('job', id, 8_000_000n)
    expect(book.withdraw(id)).toBe(true)
    expect(book.withdraw(id)).toBe(false)
    rest(book, anOffer({ nonce: 2n }))
    expect(book.best(PROGRAM, need(1n), 1)).toEqual([])
    book.release('job')
    expect(book.best(PROGRAM, need(1n), 1)).toHaveLength(1)
  })

  test('an offer is gone at its expiry, and its nonce with it', () => {
    const book = aBook()
    const offer = anOffer({ expiry: NOW_S + 10 })
    rest(book, offer)
    book.expire(NOW_MS + 9_999)
    expect(book.size).toBe(1)
    book.expire(NOW_MS + 10_000)
    expect(book.size).toBe(0)
    rest(book, { ...offer, expiry: NOW_S + 20 }, NOW_MS + 10_000)
    expect(book.size).toBe(1)
  })
})
