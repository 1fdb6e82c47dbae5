import {
  canonical,
  DEFAULT_LIMITS,
  DEFAULT_REPUTATION,
  type Decision,
  type DigestSigner,
  decodeEntry,
  findForgery,
  type Input,
  isIntact,
  type LogEntry,
  LogTail,
  LogWriter,
  Market,
  type MarketLog,
  type MarketRules,
  type Output,
  parseCanonical,
  proveLeftOut,
  provesFork,
  type Receipt,
  receiptLeadsToSeal,
  receiptOf,
  replay,
} from '@weft/market'
import {
  type Bytes32,
  hashWords,
  offerId,
  POLICIES,
  type PolicyName,
  requestId,
  type SignatureChecker,
  sealBid,
  toAddress,
} from '@weft/protocol'
import fc from 'fast-check'
import { recoverAddress } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test } from 'vitest'
import {
  anOffer,
  aRequest,
  DOMAIN,
  ETHER,
  NOW_MS,
  NOW_S,
  PROGRAM,
  policyNumber,
  proverAt,
  saltOf,
  word,
} from './build.js'

const CLASS = hashWords(word(1))
const RULES: MarketRules = {
  domain: DOMAIN,
  limits: DEFAULT_LIMITS,
  reputation: DEFAULT_REPUTATION,
  classes: [{ class: CLASS, programs: [PROGRAM] }],
  matcher: proverAt(77),
  ranks: 3,
}

const logOf = (inputs: readonly Input[]): LogWriter => {
  const [market, log] = [new Market(RULES), new LogWriter(RULES)]
  for (const input of inputs) log.append(input, market.apply(input))
  return log
}

/** The same log with another answer at an index, chained anew: what a coordinator that lies would publish. */
const forged = (log: MarketLog, index: number, change: (output: Output) => Output): LogWriter => {
  const writer = new LogWriter(log.rules)
  log.entries.forEach((entry, i) => {
    writer.append(entry.input, i === index ? change(entry.output) : entry.output)
  })
  return writer
}

type Play = { at: number; n: number; k: number; what: Input['kind']; policy: number }
const somePlay: fc.Arbitrary<Play[]> = fc.array(
  fc.record({
    at: fc.integer({ min: 0, max: 40 }),
    n: fc.integer({ min: 1, max: 4 }),
    k: fc.nat(5),
    what: fc.constantFrom(
      'offer' as const,
      'offer' as const,
      'request' as const,
      'cancel' as const,
      'commit' as const,
      'reveal' as const,
      'match' as const,
      'match' as const,
      'release' as const,
      'take-over' as const,
      'event' as const,
    ),
    policy: fc.nat(POLICIES.length - 1),
  }),
  { maxLength: 50 },
)

/** Offers end early where a match has to wait for that. */
const endsEarly = (policy: number) => isSealed(policy) || POLICIES[policy] === 'lottery'
const isSealed = (policy: number) => POLICIES[policy]?.startsWith('sealed') === true
const bidOf = (n: number) => ({
  prover: proverAt(n),
  priceWei: BigInt(n) * 500_000n,
  turnaroundMs: 9,
  collateralWei: ETHER,
})

/** Inputs of all kinds about the same few provers, requests and jobs; some make sense. */
const inputsOf = (play: readonly Play[]): Input[] => {
  const signature = '0x'
  let atMs = NOW_MS
  const requests = POLICIES.map((_, policy) =>
    aRequest({
      policy: policyNumber(POLICIES[policy] as PolicyName, POLICIES[policy] === 'race' ? 2 : 1),
      nonce: BigInt(policy),
      startPriceWei: 1_000_000n,
      offerDeadline: NOW_S + (endsEarly(policy) ? 100 : 2000),
    }),
  )
  const ids = requests.map((request) => requestId(DOMAIN, request))
  const offers = [0, 1, 2, 3, 4, 5].map(
    (k) => (n: number) =>
      anOffer({
        prover: proverAt(n),
        nonce: BigInt(k),
        target: k % 2 ? CLASS : PROGRAM,
        priceWei: BigInt(1 + k) * 700_000n,
      }),
  )
  const account = { collateralWei: 3n * ETHER, stakeWei: ETHER }
  const commitOf = (request: Bytes32, n: number): Input => ({
    atMs,
    kind: 'commit',
    request,
    prover: proverAt(n),
    commitment: sealBid(request, bidOf(n), saltOf(n)),
    signature,
  })
  const start: Input[] = [
    ...[1, 2, 3, 4].map((n): Input => ({ atMs, kind: 'account', prover: proverAt(n), account })),
    ...requests.map((request): Input => ({ atMs, kind: 'request', request, provers: [], signature })),
    ...ids.filter((_, i) => isSealed(i)).flatMap((id) => [commitOf(id, 1), commitOf(id, 2)]),
  ]
  return [
    ...start,
    ...play.map(({ at, n, k, what, policy }): Input => {
      atMs += at * 1000
      const [request, offer] = [
        ids[policy] as Bytes32,
        (offers[k] as (n: number) => ReturnType<typeof anOffer>)(n),
      ]
      const job = word(k)
      switch (what) {
        case 'offer':
          return { atMs, kind: what, offer, signature }
        case 'request':
          return {
            atMs,
            kind: what,
            request: requests[policy] as ReturnType<typeof aRequest>,
            provers: [],
            signature,
          }
        case 'cancel':
          return { atMs, kind: what, owner: offer.prover, intent: offerId(DOMAIN, offer), signature }
        case 'commit':
          return commitOf(request, n)
        case 'reveal': {
          atMs = Math.max(atMs, NOW_MS + 100_000)
          const auction = ids[1 + (policy % 2)] as Bytes32
          return { atMs, kind: what, request: auction, bid: bidOf(1 + (n % 2)), salt: saltOf(1 + (n % 2)) }
        }
        case 'match':
          if (isSealed(policy)) atMs = Math.max(atMs, NOW_MS + 130_000)
          return { atMs, kind: what, request, jobs: [{ job, work: BigInt(n) * 1_000_000n }], seed: saltOf(k) }
        case 'take-over':
          return { atMs, kind: what, request, job, event: 'late' }
        case 'event':
          return {
            atMs,
            kind: what,
            prover: proverAt(n),
            program: PROGRAM,
            event: 'on_time',
            work: 1_000_000n,
          }
        default:
          return { atMs, kind: 'release', request, job }
      }
    }),
  ]
}

describe('replay', () => {
  test('gives every recorded answer again, bit for bit', () => {
    fc.assert(
      fc.property(somePlay, (play) => {
        const log = logOf(inputsOf(play))
        expect(replay(log).kind).toBe('same')
        expect(proveLeftOut(log)).toBeNull()
      }),
      { numRuns: 60 },
    )
  })

  test('the plays above do decide, under every policy', () => {
    const decided = new Set<string>()
    for (const play of fc.sample(somePlay, { numRuns: 200, seed: 1 })) {
      for (const { output } of logOf(inputsOf(play)).entries) {
        if (output.kind === 'decided' && output.filled.fills.length > 0) decided.add(output.policy)
      }
    }
    expect([...decided].sort()).toEqual([...POLICIES].sort())
  })

  test('shows where an answer was changed', () => {
    fc.assert(
      fc.property(somePlay, fc.nat(), (play, at) => {
        const log = logOf(inputsOf(play))
        const index = at % log.entries.length
        const found = replay(forged(log, index, () => ({ kind: 'admitted', id: word(1) })))
        expect(found).toMatchObject({ kind: 'differs', index })
      }),
      { numRuns: 20 },
    )
  })

  test('shows where the chain is broken: an entry changed, left out or moved', () => {
    const { entries } = logOf(inputsOf([]))
    const [a, b, c, d] = entries as LogEntry[] as [LogEntry, LogEntry, LogEntry, LogEntry]
    const broken = (list: readonly LogEntry[]) => replay({ rules: RULES, entries: list, seals: [] })
    expect(broken([a, { ...b, input: { ...b.input, atMs: 5 } }])).toEqual({ kind: 'broken-chain', index: 1 })
    expect(broken([a, c, d])).toEqual({ kind: 'broken-chain', index: 1 })
    expect(broken([b, a, c, d])).toEqual({ kind: 'broken-chain', index: 0 })
    expect(replay({ rules: { ...RULES, ranks: 4 }, entries, seals: [] })).toEqual({
      kind: 'broken-chain',
      index: 0,
    })
  })
})

describe('a better bid that was left out', () => {
  const request = aRequest()
  const honest = logOf([
    ...[1, 2, 3].flatMap((n): Input[] => [
      {
        atMs: NOW_MS,
        kind: 'account',
        prover: proverAt(n),
        account: { collateralWei: ETHER, stakeWei: ETHER },
      },
      {
        atMs: NOW_MS,
        kind: 'offer',
        offer: anOffer({ prover: proverAt(n), priceWei: BigInt(n) * 1_000_000n }),
        signature: '0x',
      },
    ]),
    { atMs: NOW_MS, kind: 'request', request, provers: [], signature: '0x' },
    {
      atMs: NOW_MS,
      kind: 'match',
      request: requestId(DOMAIN, request),
      jobs: [{ job: word(1), work: 1_000_000n }],
      seed: null,
    },
  ])
  const cheapest = offerId(DOMAIN, anOffer({ prover: proverAt(1), priceWei: 1_000_000n }))

  /** The decision as if the cheapest offer had never been there; it may still admit to have seen it. */
  const without = (output: Output, keepsSeen: boolean): Output => {
    const decision = output as Decision
    const [fill] = decision.filled.fills as [Decision['filled']['fills'][0]]
    const [, second, third] = fill.match.ranks
    const ranks = [
      { ...second, position: 0 },
      { ...third, position: 1 },
    ] as unknown as typeof fill.match.ranks
    const saw = keepsSeen ? decision.saw : decision.saw.filter((bid) => bid.id !== cheapest)
    return {
      ...decision,
      saw,
      filled: { ...decision.filled, fills: [{ ...fill, match: { ...fill.match, ranks } }] },
    }
  }

  test.each([
    ['left_out', false],
    ['passed_over', true],
  ] as const)('is proven from the log: %s', (how, keepsSeen) => {
    const proof = proveLeftOut(forged(honest, 7, (output) => without(output, keepsSeen)))
    expect(proof).toMatchObject({
      index: 7,
      job: word(1),
      position: 0,
      how,
      admittedAt: 1,
      better: { id: cheapest, prover: proverAt(1), priceWei: 1_000_000n },
      recorded: { prover: proverAt(2) },
    })
  })

  test('is proven also when the job was said to find nobody', () => {
    const lie = forged(honest, 7, (output) => {
      const decision = output as Decision
      const open = [
        { job: word(1), noMatch: { kind: 'no-match', code: 'no_bids', reachesAtMs: null } as const },
      ]
      return { ...decision, saw: [], filled: { ...decision.filled, fills: [], open } }
    })
    expect(proveLeftOut(lie)).toMatchObject({ how: 'left_out', recorded: null, better: { id: cheapest } })
  })

  test('an honest decision proves nothing', () => expect(proveLeftOut(honest)).toBeNull())
})

describe('signatures', () => {
  const [coordinator, prover] = [privateKeyToAccount(word(1)), privateKeyToAccount(word(2))]
  const sealer: DigestSigner = { sign: (digest) => coordinator.sign({ hash: digest }) }
  const checker: SignatureChecker = {
    isSignedBy: async (signer, hash, signature) =>
      toAddress(await recoverAddress({ hash, signature: signature as Bytes32 })) === signer,
  }
  const account = { collateralWei: ETHER, stakeWei: ETHER }

  const signedLog = async (withOffer: boolean): Promise<LogWriter> => {
    const address = toAddress(prover.address)
    const offer = anOffer({ prover: address })
    const signature = await prover.sign({ hash: offerId(DOMAIN, offer) })
    const log = logOf([
      { atMs: NOW_MS, kind: 'account', prover: address, account },
      ...(withOffer ? [{ atMs: NOW_MS, kind: 'offer' as const, offer, signature }] : []),
      { atMs: NOW_MS, kind: 'account', prover: proverAt(5), account },
      { atMs: NOW_MS, kind: 'account', prover: proverAt(6), account },
    ])
    await log.seal(sealer)
    return log
  }

  test('all of a log hold, or the first that does not is named', async () => {
    const log = await signedLog(true)
    const own = toAddress(coordinator.address)
    expect(await log.seal(sealer)).toBeNull()
    expect(await findForgery(log, own, checker)).toBeNull()
    expect(await findForgery(log, proverAt(1), checker)).toEqual({ kind: 'seal', index: 3 })
    const input = { ...log.entries[1]?.input, signature: await coordinator.sign({ hash: word(1) }) } as Input
    const entries = log.entries.map((entry, i) => (i === 1 ? { ...entry, input } : entry))
    expect(await findForgery({ ...log, rules: RULES, entries }, own, checker)).toEqual({
      kind: 'entry',
      index: 1,
    })
  })

  test('a receipt leads to its seal, and shows a coordinator that publishes another log', async () => {
    const [told, published] = [await signedLog(true), await signedLog(false)]
    published.append({ atMs: NOW_MS, kind: 'account', prover: proverAt(7), account }, { kind: 'done' })
    await published.seal(sealer)
    const receipt = receiptOf(told, 1) as Receipt
    const own = toAddress(coordinator.address)
    expect(receiptLeadsToSeal(receipt)).toBe(true)
    expect(receiptLeadsToSeal({ ...receipt, path: receipt.path.slice(1) })).toBe(false)
    expect(receiptLeadsToSeal({ ...receipt, entry: { ...receipt.entry, index: 0 } })).toBe(false)
    expect(await provesFork(receipt, published, own, checker)).toBe(true)
    expect(await provesFork(receipt, told, own, checker)).toBe(false)
    expect(await provesFork(receipt, published, proverAt(1), checker)).toBe(false)
    expect(receiptOf(told, 9)).toBeUndefined()
  })
})

describe('canonical text', () => {
  test('does not depend on the order of keys, and tells values apart', () => {
    expect(canonical({ b: 1n, a: [null, true, 'x\u00e9'], c: undefined })).toBe(
      '{"a":[null,true,"x\\u00e9"],"b":1n}',
    )
    expect(canonical({ a: 1 })).not.toBe(canonical({ a: 1n }))
    expect(canonical({ a: '1n' })).not.toBe(canonical({ a: 1n }))
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonical(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })
  test.each([[Number.NaN], [Number.POSITIVE_INFINITY], [() => 1], [undefined]])('%s has none', (value) => {
    expect(() => canonical(value)).toThrow(TypeError)
  })
})

describe('a log that is kept elsewhere', () => {
  test('has the entries and hashes of one in memory, from any entry on', () => {
    const output: Output = { kind: 'done' }
    const inputs = [1, 2, 3].map(
      (atMs): Input => ({
        atMs,
        kind: 'account',
        prover: proverAt(atMs),
        account: { collateralWei: 2n ** 90n, stakeWei: 0n },
      }),
    )
    const writer = new LogWriter(RULES)
    const tail = new LogTail(RULES)
    expect(tail.end).toEqual({ index: -1, head: writer.head })
    const encoded = inputs.map((input) => {
      writer.append(input, output)
      return tail.append(input, output)
    })
    expect(encoded.map(decodeEntry)).toEqual(writer.entries)
    expect(encoded.every(isIntact)).toBe(true)
    expect(tail.end).toEqual({ index: 2, head: writer.head })
    const resumed = new LogTail(RULES, encoded[1])
    expect(resumed.append(inputs[2] as Input, output)).toEqual(encoded[2])
    const [first] = encoded
    expect(first && isIntact({ ...first, input: `${first.input} ` })).toBe(false)
    expect(first && isIntact({ ...first, output: '{"kind":"admitted"}' })).toBe(false)
  })

  test('canonical texts are read back as they were written', () => {
    const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
      any: fc.oneof(
        fc.string(),
        fc.bigInt(),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.constantFrom('12n', '"5n"', '\\"7n', 'n'),
        fc.array(tie('any'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom('a', 'b', 'priceWei', '3n'), tie('any'), { noNullPrototype: true }),
      ),
    })).any
    fc.assert(
      fc.property(value, (one) => {
        expect(parseCanonical(canonical(one))).toEqual(one)
      }),
    )
    expect(() => parseCanonical('{')).toThrow(SyntaxError)
  })
})
