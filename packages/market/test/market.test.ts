import {
  DEFAULT_LIMITS,
  DEFAULT_REPUTATION,
  type Decision,
  type Input,
  Market,
  type MarketRules,
  type Output,
} from '@weft/market'
import {
  type Address,
  allowedProversHash,
  type Bytes32,
  type Offer,
  offerId,
  type Request,
  requestId,
  sealBid,
  ZERO_BYTES32,
} from '@weft/protocol'
import { describe, expect, test } from 'vitest'
import {
  anOffer,
  aRequest,
  DOMAIN,
  ETHER,
  NOW_MS,
  PROGRAM,
  policyNumber,
  proverAt,
  saltOf,
  word,
} from './build.js'

const RULES: MarketRules = {
  domain: DOMAIN,
  limits: DEFAULT_LIMITS,
  reputation: DEFAULT_REPUTATION,
  classes: [],
  matcher: proverAt(77),
  ranks: 3,
}
const WORK = 1_000_000n
/** What a new prover may have in progress. */
const NEW = BigInt(DEFAULT_REPUTATION.newcomerWork)
type Body<T> = T extends Input ? Omit<T, 'atMs'> : never

/** A market with three provers that ask 1, 2 and 3 million wei, and a clock in seconds. */
const aMarket = (offers: Partial<Offer>[] = [{}, {}, {}]) => {
  const market = new Market(RULES)
  const at = (seconds: number, input: Body<Input>): Output =>
    market.apply({ ...input, atMs: NOW_MS + seconds * 1000 } as Input)
  offers.forEach((over, i) => {
    const offer = anOffer({ prover: proverAt(i + 1), priceWei: BigInt(i + 1) * 1_000_000n, ...over })
    at(0, {
      kind: 'account',
      prover: offer.prover,
      account: { collateralWei: 100n * ETHER, stakeWei: ETHER },
    })
    expect(at(0, { kind: 'offer', offer, signature: '0x' })).toEqual({
      kind: 'admitted',
      id: offerId(DOMAIN, offer),
    })
  })
  const ask = (over: Partial<Request> = {}, provers: Address[] = []) => {
    const request = aRequest({ ...over, allowedProvers: allowedProversHash(provers) })
    const id = requestId(DOMAIN, request)
    expect(at(0, { kind: 'request', request, provers, signature: '0x' })).toEqual({ kind: 'admitted', id })
    return id
  }
  const match = (seconds: number, request: Bytes32, jobs: number[], seed: Bytes32 | null = null) =>
    at(seconds, { kind: 'match', request, jobs: jobs.map((job) => ({ job: word(job), work: WORK })), seed })
  const decide = (...args: Parameters<typeof match>): Decision => {
    const output = match(...args)
    if (output.kind !== 'decided') throw new Error(JSON.stringify(output))
    return output
  }
  return { market, at, ask, match, decide }
}

const winners = (decision: Decision) =>
  decision.filled.fills.map((fill) => [Number(fill.job), Number(fill.match.ranks[0].prover)])

describe('order book', () => {
  test('matches, is overtaken by ranked runners-up at their own prices, and matches anew when none is left', () => {
    const { market, at, ask, decide, match } = aMarket()
    const request = ask()
    const [fill] = decide(1, request, [1]).filled.fills
    expect(fill?.match.ranks.map((rank) => [Number(rank.prover), rank.costWei])).toEqual([
      [1, 1_000_000n],
      [2, 2_000_000n],
      [3, 3_000_000n],
    ])
    const takeOver = (seconds: number) =>
      at(seconds, { kind: 'take-over', request, job: word(1), event: 'default' })
    expect(match(2, request, [1])).toMatchObject({ code: 'job_matched' })
    expect(takeOver(3)).toEqual({ kind: 'taken-over', prover: proverAt(2), position: 1, isLate: false })
    // Ten seconds for the work, and five are left: late is better than never.
    expect(takeOver(3595)).toEqual({ kind: 'taken-over', prover: proverAt(3), position: 2, isLate: true })
    expect(takeOver(3596)).toMatchObject({ code: 'no_runner_up' })
    expect(market.reputation.standing(proverAt(2), PROGRAM, NOW_MS).counts.default).toBe(1)
  })

  test('a runner-up that is busy is passed over', () => {
    const { at, ask, decide } = aMarket([{}, { capacity: 1 }, {}])
    const [first, second] = [ask(), ask({ nonce: 8n }, [proverAt(2)])]
    decide(1, first, [1])
    decide(1, second, [2])
    expect(at(2, { kind: 'take-over', request: first, job: word(1), event: 'late' })).toMatchObject({
      prover: proverAt(3),
      position: 2,
    })
  })

  test('fills a batch from several offers, and the rest when room is back', () => {
    const { at, ask, decide } = aMarket([{ capacity: 2 }, { capacity: 1 }])
    const request = ask()
    const decision = decide(1, request, [1, 2, 3, 4])
    expect(winners(decision)).toEqual([
      [1, 1],
      [2, 1],
      [3, 2],
    ])
    expect(decision.filled.open).toMatchObject([{ job: word(4), noMatch: { code: 'no_bid_meets' } }])
    expect(decision.escalation).toMatchObject({ kind: 'waits' })
    at(2, { kind: 'release', request, job: word(1) })
    expect(winners(decide(3, request, [4]))).toEqual([[4, 1]])
    expect(at(4, { kind: 'take-over', request, job: word(1), event: 'late' })).toMatchObject({
      code: 'job_not_matched',
    })
  })

  test('never promises more than the maximum total, whoever of the ranks proves', () => {
    const { ask, decide } = aMarket()
    const decision = decide(1, ask({ maxTotalWei: 1_000_000_000n, maxPriceWei: 400_000_000n }), [1])
    expect(decision.filled.leftWei).toBe(997_000_000n)
    const tight = aMarket([{ priceWei: 400_000_000n, capacity: 8 }])
    const parts = tight.decide(
      1,
      tight.ask({ maxTotalWei: 1_000_000_000n, maxPriceWei: 400_000_000n }),
      [1, 2, 3],
    )
    expect(parts.filled.fills).toHaveLength(2)
    expect(parts.filled).toMatchObject({
      leftWei: 200_000_000n,
      open: [{ noMatch: { code: 'price_too_low' } }],
    })
  })

  test('a new prover gets small jobs, and larger ones when it has delivered', () => {
    const { at, ask } = aMarket([{}])
    const big = { job: word(1), work: BigInt(DEFAULT_REPUTATION.newcomerWork) + 1n }
    const request = ask({ maxTotalWei: ETHER })
    const tried = (seconds: number) =>
      at(seconds, { kind: 'match', request, jobs: [big], seed: null }) as Decision
    expect(tried(1).filled.open).toMatchObject([{ noMatch: { code: 'no_bid_meets' } }])
    at(2, { kind: 'event', prover: proverAt(1), program: PROGRAM, event: 'on_time', work: WORK })
    expect(tried(3).filled.fills).toHaveLength(1)
  })
})

test('a request without offers escalates within its signed limits, and says so', () => {
  const { ask, decide, match } = aMarket([{ priceWei: 3_000_000n }])
  const request = ask({ startPriceWei: 1_000_000n, maxPriceWei: 5_000_000n })
  const modest = ask({ startPriceWei: 0n, maxPriceWei: 2_000_000n, nonce: 8n })
  const first = decide(0, request, [1])
  expect(first.escalation).toEqual({
    kind: 'escalates',
    retryAtMs: NOW_MS + 7_500,
    limitPriceWei: 1_250_000n,
    reason: expect.stringContaining('price_too_low'),
  })
  expect(decide(58, request, [1]).escalation).toMatchObject({
    retryAtMs: NOW_MS + 60_000,
    limitPriceWei: 3_000_000n,
  })
  expect(winners(decide(60, request, [1]))).toEqual([[1, 1]])
  expect(decide(119, modest, [1]).escalation).toMatchObject({
    kind: 'escalates',
    retryAtMs: NOW_MS + 120_000,
  })
  expect(decide(599, modest, [1]).escalation).toMatchObject({ kind: 'waits', untilMs: NOW_MS + 600_000 })
  expect(match(600, modest, [1])).toMatchObject({ code: 'offer_deadline_passed' })
})

test('a request that has begun is matched until its proof deadline: its first proofs would be lost', () => {
  const { ask, decide, match, at } = aMarket([{ capacity: 1 }])
  const [begun, idle] = [ask({ nonce: 8n }), ask({ nonce: 9n })]
  decide(1, begun, [1])
  const { escalation, filled } = decide(599, begun, [2])
  expect(filled.open).toMatchObject([{ job: word(2), noMatch: { code: 'no_bid_meets' } }])
  expect(escalation).toMatchObject({ kind: 'waits', untilMs: NOW_MS + 3_600_000 })
  expect(match(600, idle, [1])).toMatchObject({ code: 'offer_deadline_passed' })

  at(900, { kind: 'release', request: begun, job: word(1) })
  expect(winners(decide(900, begun, [2]))).toEqual([[2, 1]])
  // Even when nobody has any of the rest at the moment.
  at(901, { kind: 'take-over', request: begun, job: word(2), event: 'late' })
  expect(winners(decide(902, begun, [2]))).toEqual([[2, 1]])
  expect(match(3_600, begun, [3])).toMatchObject({ code: 'proof_deadline_passed' })
})

test('a request whose only prover failed ends at its offer deadline: nothing is lost', () => {
  const { ask, decide, match, at } = aMarket([{}])
  const request = ask()
  decide(1, request, [1])
  at(601, { kind: 'take-over', request, job: word(1), event: 'default' })
  expect(match(602, request, [1])).toMatchObject({ code: 'offer_deadline_passed' })
})

test('Dutch: the clock pays', () => {
  const { ask, decide } = aMarket()
  const request = ask({
    policy: policyNumber('dutch'),
    startPriceWei: 0n,
    maxPriceWei: 4_000_000n,
  })
  expect(decide(29, request, [1]).filled.open).toMatchObject([{ noMatch: { reachesAtMs: NOW_MS + 30_000 } }])
  const decision = decide(33, request, [1])
  expect(decision.filled.fills[0]?.match.ranks[0].priceWei).toBe(1_100_000n)
  expect(decision.saw).toHaveLength(3)
})

test('lottery: waits for a seed, then draws', () => {
  const { ask, decide } = aMarket()
  const request = ask({ policy: policyNumber('lottery') })
  expect(decide(1, request, [1]).filled.open).toMatchObject([{ noMatch: { code: 'no_seed' } }])
  const [fill] = decide(601, request, [1], saltOf(1)).filled.fills
  expect(fill?.match.ranks).toHaveLength(3)
})

test('race: all entrants have the job at once', () => {
  const { market, at, ask, decide } = aMarket()
  const request = ask({ policy: policyNumber('race', 2), maxPriceWei: 9_000_000n })
  expect(decide(1, request, [1]).filled.fills[0]?.match).toMatchObject({ active: 3, feeWei: 9_000_000n })
  expect(market.book.bids(PROGRAM).map((bid) => bid.roomWork)).toEqual([NEW - WORK, NEW - WORK, NEW - WORK])
  at(2, { kind: 'release', request, job: word(1) })
  expect(market.book.bids(PROGRAM).map((bid) => bid.roomWork)).toEqual([NEW, NEW, NEW])
})

describe('sealed auction', () => {
  const setup = (policy: 'sealed-first-price' | 'sealed-second-price') => {
    const { market, at, ask, decide, match } = aMarket()
    const request = ask({ policy: policyNumber(policy) })
    const bidOf = (n: number) => ({
      prover: proverAt(n),
      priceWei: BigInt(n) * 1_000_000n,
      turnaroundMs: 1000,
      collateralWei: ETHER,
    })
    const commit = (seconds: number, n: number, commitment = sealBid(request, bidOf(n), saltOf(n))) =>
      at(seconds, { kind: 'commit', request, prover: proverAt(n), commitment, signature: '0x' })
    const reveal = (seconds: number, n: number, salt = saltOf(n), bid = bidOf(n)) =>
      at(seconds, { kind: 'reveal', request, bid, salt })
    return { market, at, request, commit, reveal, decide, match, bidOf }
  }

  test('commits, reveals, matches; who stays silent has defaulted, once', () => {
    const { market, request, commit, reveal, decide } = setup('sealed-second-price')
    for (const n of [1, 2, 3]) expect(commit(1, n)).toEqual({ kind: 'done' })
    for (const n of [2, 3]) expect(reveal(601, n)).toEqual({ kind: 'done' })
    const decision = decide(630, request, [1])
    expect(winners(decision)).toEqual([[1, 2]])
    expect(decision.filled.fills[0]?.match.ranks[0].priceWei).toBe(3_000_000n)
    decide(631, request, [2])
    expect(market.reputation.standing(proverAt(1), PROGRAM, NOW_MS).counts.default).toBe(1)
    expect(market.book.roomOf(proverAt(2), PROGRAM, ETHER)).toBe(NEW - 2n * WORK)
  })

  test('phases are kept, and openings are checked', () => {
    const { request, commit, reveal, match, bidOf } = setup('sealed-first-price')
    expect(commit(1, 1)).toEqual({ kind: 'done' })
    expect(commit(2, 1)).toMatchObject({ code: 'one_bid_each' })
    // A copied commitment is of no use: it opens for its own prover alone.
    expect(commit(3, 2, sealBid(request, bidOf(1), saltOf(1)))).toEqual({ kind: 'done' })
    const weak = word(7)
    expect(commit(4, 3, sealBid(request, bidOf(3), weak))).toEqual({ kind: 'done' })
    expect(commit(4, 9)).toMatchObject({ code: 'too_little_stake' })
    expect(reveal(5, 1)).toMatchObject({ code: 'not_revealing' })
    expect(match(600, request, [1])).toMatchObject({ code: 'still_revealing' })
    expect(commit(600, 4)).toMatchObject({ code: 'too_little_stake' })
    expect(reveal(601, 1, saltOf(8))).toMatchObject({ code: 'no_such_commitment' })
    expect(reveal(601, 2, saltOf(1))).toMatchObject({ code: 'no_such_commitment' })
    expect(reveal(601, 3, weak)).toMatchObject({ code: 'weak_salt' })
    expect(reveal(601, 1, '0x12')).toMatchObject({ code: 'weak_salt' })
    expect(reveal(601, 1, saltOf(1), { ...bidOf(1), priceWei: 2n ** 96n })).toMatchObject({
      code: 'out_of_range',
    })
    expect(reveal(630, 1)).toMatchObject({ code: 'reveal_phase_over' })
  })

  test('nobody commits after the offer deadline', () => {
    const { commit } = setup('sealed-first-price')
    expect(commit(600, 1)).toMatchObject({ code: 'commit_phase_over' })
  })
})

describe('refuses, and changes nothing', () => {
  test.each<[string, string, (m: ReturnType<typeof aMarket>) => Output]>([
    [
      'a nonce twice',
      'nonce_used',
      ({ ask, at }) => {
        ask()
        return at(1, {
          kind: 'request',
          request: aRequest({ maxTotalWei: 2n * ETHER }),
          provers: [],
          signature: '0x',
        })
      },
    ],
    [
      'a time before the last',
      'time_went_back',
      ({ at, ask }) => {
        const request = ask()
        at(5, { kind: 'release', request, job: word(1) })
        return at(4, { kind: 'release', request, job: word(1) })
      },
    ],
    ['a request that it does not know', 'unknown_intent', ({ match }) => match(1, word(5), [1])],
    [
      'a matcher that it is not',
      'foreign_matcher',
      ({ at }) =>
        at(1, {
          kind: 'request',
          request: aRequest({ matcher: proverAt(78) }),
          provers: [],
          signature: '0x',
        }),
    ],
    [
      'a cancellation by another',
      'not_the_owner',
      ({ ask, at }) => at(1, { kind: 'cancel', owner: proverAt(1), intent: ask(), signature: '0x' }),
    ],
    [
      'a cancellation of nothing',
      'unknown_intent',
      ({ at }) => at(1, { kind: 'cancel', owner: proverAt(1), intent: word(1), signature: '0x' }),
    ],
    [
      'a match after a cancellation',
      'unknown_intent',
      ({ ask, at, match }) => {
        const intent = ask()
        expect(at(1, { kind: 'cancel', owner: proverAt(99), intent, signature: '0x' })).toEqual({
          kind: 'done',
        })
        return match(2, intent, [1])
      },
    ],
    ['a job twice', 'bad_job', ({ ask, match }) => match(1, ask(), [1, 1])],
    [
      'a job without work',
      'bad_job',
      ({ ask, at }) =>
        at(1, { kind: 'match', request: ask(), jobs: [{ job: word(1), work: 0n }], seed: null }),
    ],
    [
      'a job beyond counting',
      'bad_job',
      ({ ask, at }) =>
        at(1, { kind: 'match', request: ask(), jobs: [{ job: word(1), work: 2n ** 256n }], seed: null }),
    ],
    [
      'a malformed offer',
      'malformed',
      ({ at }) => at(1, { kind: 'offer', offer: anOffer({ target: '0x' }), signature: '0x' }),
    ],
    [
      'a commitment without an auction',
      'unknown_intent',
      ({ ask, at }) =>
        at(1, {
          kind: 'commit',
          request: ask(),
          prover: proverAt(1),
          commitment: ZERO_BYTES32,
          signature: '0x',
        }),
    ],
  ])('%s', (_name, code, attempt) => {
    const m = aMarket()
    expect(attempt(m)).toMatchObject({ kind: 'refused', code })
    expect(m.market.book.bids(PROGRAM).map((bid) => bid.roomWork)).toEqual([NEW, NEW, NEW])
  })
})

describe('a prover that is not there', () => {
  const away = (prover: Address, isAvailable: boolean) =>
    ({ kind: 'availability', prover, isAvailable, reason: 'silent' }) as const

  test('is matched with nothing new, and stands behind nobody, until it is back', () => {
    const { at, ask, decide } = aMarket()
    const request = ask()
    at(0, away(proverAt(1), false))
    expect(winners(decide(1, request, [1]))).toEqual([[1, 2]])
    at(2, away(proverAt(1), true))
    expect(winners(decide(2, request, [2]))).toEqual([[2, 1]])
  })

  test('does not take over; nobody’s fault counts against nobody', () => {
    const { market, at, ask, decide } = aMarket()
    const request = ask()
    decide(1, request, [1])
    at(1, away(proverAt(2), false))
    const taken = at(2, { kind: 'take-over', request, job: word(1), event: null })
    expect(taken).toMatchObject({ kind: 'taken-over', prover: proverAt(3), position: 2 })
    expect(market.reputation.standing(proverAt(1), PROGRAM, NOW_MS).counts.default).toBe(0)
  })
})
