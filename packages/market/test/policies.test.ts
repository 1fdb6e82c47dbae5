import {
  type Bid,
  bestOfEachProver,
  commitmentOf,
  compareBids,
  drawTicket,
  dutch,
  holderOf,
  lottery,
  type Match,
  missOf,
  needOfRound,
  orderBook,
  POLICY_BY_NAME,
  type Round,
  race,
  sealedFirstPrice,
  sealedSecondPrice,
} from '@weft/market'
import { costUpWei, hashWords, sealBid } from '@weft/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  aBid,
  aRound,
  aTerms,
  ETHER,
  NOW_MS,
  NOW_S,
  proverAt,
  saltOf,
  sealed,
  someRound,
  word,
} from './build.js'

const meeting = (round: Round) => round.bids.filter((bid) => missOf(bid, needOfRound(round)) === null)
const limitOf = (round: Round) => needOfRound(round).limitPriceWei

const select = (policy: (typeof POLICY_BY_NAME)[keyof typeof POLICY_BY_NAME], round: Round): Match | null => {
  const outcome = policy.select(round)
  return outcome.kind === 'match' ? outcome : null
}

describe.each(Object.values(POLICY_BY_NAME))('$name: laws of every policy', (policy) => {
  test('the order of bids does not matter', () => {
    fc.assert(
      fc.property(
        someRound.chain((round) =>
          fc
            .shuffledSubarray([...round.bids], { minLength: round.bids.length })
            .map((bids) => [round, bids] as const),
        ),
        ([round, bids]) => {
          expect(policy.select({ ...round, bids })).toEqual(policy.select(round))
        },
      ),
    )
  })

  test('all ranks meet the terms, cost no more than is signed, and are of different provers', () => {
    fc.assert(
      fc.property(someRound, (round) => {
        const match = select(policy, round)
        if (!match) return
        const ids = meeting(round).map((bid) => bid.id)
        for (const [i, rank] of match.ranks.entries()) {
          expect(rank.position).toBe(i)
          expect(ids).toContain(rank.bid)
          expect(rank.costWei).toBe(costUpWei(rank.priceWei, round.work))
          expect(rank.costWei).toBeLessThanOrEqual(round.budgetWei)
          expect(rank.priceWei).toBeLessThanOrEqual(limitOf(round))
          const own = round.bids.find((bid) => bid.id === rank.bid) as Bid
          if (i > 0) expect(rank.priceWei).toBe(own.priceWei)
          else expect(rank.priceWei).toBeGreaterThanOrEqual(own.priceWei)
        }
        expect(match.feeWei).toBeLessThanOrEqual(round.budgetWei)
        expect(new Set(match.ranks.map((rank) => rank.prover)).size).toBe(match.ranks.length)
      }),
    )
  })

  test('splitting a bid gains its prover neither places nor money', () => {
    fc.assert(
      fc.property(someRound, fc.nat(), fc.integer({ min: 1, max: 5 }), (round, at, pieces) => {
        const bids = bestOfEachProver(round.bids)
        if (bids.length === 0) return
        const whole = bids[at % bids.length] as Bid
        // The same terms, the room split into pieces.
        const split = Array.from({ length: pieces }, (_, i) => {
          const part = { ...whole, roomWork: whole.roomWork / BigInt(pieces) }
          return whole.salt ? { ...sealed(part, saltOf(1000 + i)), roomWork: part.roomWork } : part
        })
        const gain = (match: Match | null) => {
          const held = match?.ranks.filter((rank) => rank.prover === whole.prover) ?? []
          return { ranks: held.length, wei: held[0]?.position === 0 ? held[0].costWei : 0n }
        }
        const others = bids.filter((bid) => bid !== whole)
        const before = gain(select(policy, { ...round, bids }))
        const after = gain(select(policy, { ...round, bids: [...others, ...split] }))
        expect(after.ranks).toBeLessThanOrEqual(before.ranks)
        expect(after.wei).toBeLessThanOrEqual(before.wei)
      }),
    )
  })

  test('says what is missing when nothing matches', () => {
    const round = aRound({ bids: [] })
    const code = (over: Partial<Round>) => policy.select({ ...round, ...over })
    expect(code({})).toMatchObject({ kind: 'no-match', code: 'no_bids' })
    expect(code({ bids: [sealed(aBid({ roomWork: 0n }))] })).toMatchObject({ code: 'no_bid_meets' })
    const dear = sealed(aBid({ priceWei: 2_000_000n }))
    const terms = aTerms({ startPriceWei: 1_000_000n, maxPriceWei: 3_000_000n, riseMs: 100000 })
    expect(code({ terms, bids: [dear] })).toEqual({
      kind: 'no-match',
      code: 'price_too_low',
      reachesAtMs: NOW_MS + 50_000,
    })
    const firm = aTerms({ maxPriceWei: 1_000_000n })
    expect(code({ terms: firm, bids: [dear] })).toMatchObject({ code: 'price_too_low', reachesAtMs: null })
  })
})

describe.each([orderBook, sealedFirstPrice, sealedSecondPrice, dutch])('$name', (policy) => {
  test('no bid that meets the terms stands before the winner or between the ranks', () => {
    fc.assert(
      fc.property(someRound, (round) => {
        const expected = [...meeting(round)].sort(compareBids)
        const match = select(policy, round)
        expect(match === null).toBe(expected.length === 0)
        expect(match?.ranks[0].bid).toBe(expected[0]?.id)
        const ranked = new Set(match?.ranks.map((rank) => rank.prover))
        const last = match?.ranks.at(-1)
        const lastBid = expected.find((bid) => bid.id === last?.bid)
        for (const bid of expected) {
          if (!ranked.has(bid.prover) && match && match.ranks.length === round.ranks) {
            expect(compareBids(bid, lastBid as Bid)).toBeGreaterThan(0)
          } else expect(ranked.has(bid.prover)).toBe(true)
        }
      }),
    )
  })
})

describe('second price', () => {
  const isRanked = (match: Match | null, prover: string) => match?.ranks[0].prover === prover

  test('pays the cheapest bid of another prover, or the limit', () => {
    const bids = [1, 2, 3].map((n) => sealed(aBid({ prover: proverAt(n), priceWei: BigInt(n) * 1_000_000n })))
    expect(select(sealedSecondPrice, aRound({ bids }))?.ranks.map((rank) => rank.priceWei)).toEqual([
      2_000_000n,
      2_000_000n,
      3_000_000n,
    ])
    expect(select(sealedSecondPrice, aRound({ bids: bids.slice(0, 1) }))?.ranks[0].priceWei).toBe(5_000_000n)
  })

  test('no bid earns more than the true cost as a bid', () => {
    fc.assert(
      fc.property(
        someRound,
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        (round, cost, lie) => {
          const others = round.bids.filter((bid) => bid.prover !== proverAt(1))
          const utility = (price: number) => {
            const bid = sealed(aBid({ priceWei: BigInt(price) * 1_000_000n, turnaroundMs: 1 }))
            const match = select(sealedSecondPrice, { ...round, bids: [...others, bid] })
            return isRanked(match, proverAt(1))
              ? (match as Match).ranks[0].priceWei - BigInt(cost) * 1_000_000n
              : 0n
          }
          expect(utility(lie)).toBeLessThanOrEqual(utility(cost))
        },
      ),
    )
  })

  test('further keys of the winner never raise what it is paid', () => {
    fc.assert(
      fc.property(someRound, fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 4 }), (round, extra) => {
        const before = select(sealedSecondPrice, round)
        if (!before) return
        const keys = extra.map((price, i) =>
          sealed(aBid({ prover: proverAt(100 + i), priceWei: BigInt(price) * 1_000_000n })),
        )
        const after = select(sealedSecondPrice, { ...round, bids: [...round.bids, ...keys] }) as Match
        expect(after.ranks[0].priceWei).toBeLessThanOrEqual(before.ranks[0].priceWei)
      }),
    )
  })
})

test('a sealed bid counts only if it opens: request, prover, terms, and 256 bits of salt', () => {
  const bid = sealed(aBid())
  const weak = word(12345)
  const wrong: Bid[] = [
    aBid(),
    { ...bid, priceWei: 1n },
    { ...bid, prover: proverAt(2) },
    { ...bid, salt: saltOf(9) },
    { ...bid, id: sealBid(word(1), bid, bid.salt as `0x${string}`) },
    sealed(aBid(), weak),
  ]
  expect(sealedFirstPrice.select(aRound({ bids: [bid] })).kind).toBe('match')
  for (const one of wrong) expect(sealedFirstPrice.select(aRound({ bids: [one] })).kind).toBe('no-match')
})

test('Dutch: the first who takes it is paid the clock’s price, and not before the clock is there', () => {
  const terms = aTerms({ startPriceWei: 1_000_000n, maxPriceWei: 3_000_000n, riseMs: 100000 })
  const bids = [2, 3].map((n) => aBid({ prover: proverAt(n), priceWei: BigInt(n) * 1_000_000n }))
  expect(select(dutch, aRound({ terms, bids, nowMs: NOW_MS + 49_999 }))).toBeNull()
  expect(select(dutch, aRound({ terms, bids, nowMs: NOW_MS + 50_010 }))?.ranks).toMatchObject([
    { prover: proverAt(2), priceWei: 2_000_200n },
  ])
  const both = select(dutch, aRound({ terms, bids, nowMs: NOW_MS + 100_000 }))
  expect(both?.ranks.map((rank) => rank.priceWei)).toEqual([3_000_000n, 3_000_000n])
})

describe('lottery', () => {
  const stakers = (...stakes: number[]) =>
    stakes.map((stake, i) => aBid({ id: word(i + 1), prover: proverAt(i + 1), stakeWei: BigInt(stake) }))

  test('of all tickets, each prover holds as many as its stake; so keys that split a stake hold together the same', () => {
    const count = (entries: Bid[], provers: string[]) => {
      const total = entries.reduce((sum, bid) => sum + bid.stakeWei, 0n)
      let held = 0
      for (let ticket = 0n; ticket < total; ticket++) {
        if (provers.includes(holderOf(entries, ticket).prover)) held++
      }
      return held
    }
    fc.assert(
      fc.property(fc.array(fc.nat(20), { minLength: 2, maxLength: 6 }), fc.nat(20), (stakes, moved) => {
        const [own = 0, ...others] = stakes
        const part = Math.min(own, moved)
        expect(count(stakers(own, ...others), [proverAt(1)])).toBe(own)
        expect(count(stakers(part, own - part, ...others), [proverAt(1), proverAt(2)])).toBe(own)
      }),
    )
  })

  test('anyone repeats the draw from seed, request and bids', () => {
    fc.assert(
      fc.property(someRound, (round) => {
        const match = select(lottery, round)
        if (!match) return
        const left = bestOfEachProver(meeting(round).filter((bid) => bid.stakeWei > 0n)).sort((a, b) =>
          a.prover < b.prover ? -1 : 1,
        )
        for (const rank of match.ranks) {
          const total = left.reduce((sum, bid) => sum + bid.stakeWei, 0n)
          const ticket = drawTicket(round.seed as `0x${string}`, round.request, rank.position, total)
          const drawn = holderOf(left, ticket)
          expect(rank.bid).toBe(drawn.id)
          left.splice(left.indexOf(drawn), 1)
        }
      }),
    )
  })

  test('wins come in proportion to stake', () => {
    const bids = stakers(1, 3)
    let wins = 0
    for (let i = 0; i < 2000; i++) {
      if (select(lottery, aRound({ bids, seed: saltOf(i) }))?.ranks[0].prover === proverAt(2)) wins++
    }
    // Four standard deviations around 1500.
    expect(Math.abs(wins - 1500)).toBeLessThan(78)
  })

  test('nothing is drawn without a seed, nobody without stake', () => {
    expect(lottery.select(aRound({ bids: stakers(1), seed: null }))).toMatchObject({ code: 'no_seed' })
    expect(lottery.select(aRound({ bids: stakers(0) }))).toMatchObject({ code: 'no_bid_meets' })
  })
})

test('race: those enter whose price a share covers', () => {
  const bids = [1, 2, 3].map((n) =>
    aBid({ id: hashWords(word(n)), prover: proverAt(n), priceWei: BigInt(n) * 1_000_000n }),
  )
  const match = select(race, aRound({ bids, winners: 2, ranks: 1 }))
  expect(match?.ranks.map((rank) => rank.prover)).toEqual([proverAt(1), proverAt(2)])
  expect(match).toMatchObject({ active: 2, feeWei: 5_000_000n })
  expect(race.select(aRound({ bids: bids.slice(2), winners: 2 }))).toEqual({
    kind: 'no-match',
    code: 'price_too_low',
    reachesAtMs: null,
  })
})

test('a match needs collateral, room, time and a named prover', () => {
  const only = (over: Partial<Bid>, terms = aTerms()) =>
    orderBook.select(aRound({ terms, bids: [aBid(over)] })).kind
  expect(only({})).toBe('match')
  expect(only({ collateralWei: ETHER / 2n - 1n })).toBe('no-match')
  expect(only({ roomWork: 999_999n })).toBe('no-match')
  expect(only({ turnaroundMs: 3_600_001 })).toBe('no-match')
  expect(only({}, aTerms({ provers: [proverAt(2)] }))).toBe('no-match')
  expect(only({}, aTerms({ proofDeadline: NOW_S }))).toBe('no-match')
})

test('every rank commits to its own price, in its place', () => {
  const bids = [1, 2].map((n) => sealed(aBid({ prover: proverAt(n), priceWei: BigInt(n) * 1_000_000n })))
  const match = select(sealedSecondPrice, aRound({ bids })) as Match
  const commitments = match.ranks.map((rank) => commitmentOf(match, rank, word(5), NOW_S))
  expect(commitments).toEqual(
    [2_000_000n, 2_000_000n].map((priceWei, rank) => ({
      request: word(0xabc),
      job: word(5),
      prover: proverAt(rank + 1),
      priceWei,
      deadline: NOW_S,
      collateralWei: ETHER,
      rank,
    })),
  )
})
