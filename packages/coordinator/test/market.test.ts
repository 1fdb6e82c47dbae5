import { type Lease, sessionTypedData } from '@weft/api'
import { decodeEntry, findForgery, parseCanonical, proveLeftOut, replay } from '@weft/market'
import {
  CANCELLATION,
  encodePolicy,
  type PolicyName,
  SEALED_COMMITMENT,
  sealBid,
  toAddress,
  typedData,
  uintToBytes32,
  WeftError,
} from '@weft/protocol'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterEach, describe, expect, test } from 'vitest'
import { DEPLOYMENT, leaseOf, proofOf, prove, segmentProgram, until } from './harness.js'
import { DOMAIN, MATCHER, MarketHarness, type MarketNode, WINDOW_S } from './market-harness.js'

let m: MarketHarness
afterEach(() => m.h.stop())

const policy = (name: PolicyName, winners = 1) => encodePolicy({ policy: name, curve: 'linear', winners })

/** Takes, commits to and proves jobs until there is none for any of these nodes. */
const work = async (...nodes: MarketNode[]): Promise<{ node: MarketNode; lease: Lease }[]> => {
  const done: { node: MarketNode; lease: Lease }[] = []
  for (let idle = 0; idle < nodes.length; ) {
    const node = nodes[done.length % nodes.length] as MarketNode
    let found = false
    for (const each of [node, ...nodes]) {
      const lease = await each.api.lease({ query: { waitMs: '0' } })
      if (!lease) continue
      await prove(each, await m.commit(each, lease))
      done.push({ node: each, lease })
      found = true
    }
    idle = found ? 0 : nodes.length
  }
  return done
}

/** Asks for work; what serves everybody is done at once. */
const poll = async (node: MarketNode): Promise<Lease | undefined> => {
  const lease = await node.api.lease({ query: { waitMs: '0' } })
  if (!lease || lease.terms) return lease
  await prove(node, lease)
  return undefined
}

const settled = (id: `0x${string}`) =>
  until(async () => (await m.order(id)).state === 'settled' && m.h.l1.payments.at(-1))

describe('a request in the order book', () => {
  test('goes to the cheapest offers at their prices, is paid for in its settlement, and its log replays', async () => {
    m = await MarketHarness.start()
    const [cheap, dear] = [await m.prover(), await m.prover()]
    await m.offer(dear, { priceWei: 1_500n })
    await m.offer(cheap)
    const id = await m.request(2)

    const first = await leaseOf(cheap)
    expect(first.terms?.commitment).toMatchObject({
      prover: cheap.address,
      priceWei: 1_000n,
      rank: 0,
      request: id,
    })
    expect(first.terms?.request.owner).toBe(m.ownerAddress)
    const second = await leaseOf(dear)
    expect(second.terms?.commitment).toMatchObject({ prover: dear.address, priceWei: 1_500n, rank: 0 })
    // The cheap one's capacity is one job: the dear one got the second, and nobody stands behind it.
    expect((await m.order(id)).jobs.map((job) => job.ranks.map((rank) => rank.prover))).toContainEqual([
      cheap.address,
      dear.address,
    ])
    await prove(cheap, await m.commit(cheap, first))
    await prove(dear, await m.commit(dear, second))
    expect((await work(cheap, dear)).map(({ lease }) => lease.job.kind)).toEqual(['merge'])

    const payment = await settled(id)
    const [order] = payment ? payment.orders : []
    expect(payment ? payment.claims : []).toHaveLength(1)
    expect(order).toMatchObject({ request: { owner: m.ownerAddress }, place: 0n, allowed: [] })
    expect(order?.work).toBe(1_000n + 1_750_000n)
    expect(
      order?.entries.map(({ priceWei, rank, counterSignature }) => [priceWei, rank, counterSignature]),
    ).toEqual(
      expect.arrayContaining([
        [1_000n, 0, '0x'],
        [1_500n, 0, '0x'],
      ]),
    )
    expect(order?.entries).toHaveLength(3)

    const page = await until(async () => {
      m.h.clock.advance(500)
      const all = await m.h.client().marketLog({ query: {} })
      return all.seals.at(-1)?.index === all.entries.at(-1)?.index && all
    })
    const log = {
      rules: parseCanonical(page.rules) as never,
      entries: page.entries.map(decodeEntry),
      seals: page.seals,
    }
    expect(replay(log).kind).toBe('same')
    expect(proveLeftOut(log)).toBeNull()
    expect(await findForgery(log, toAddress(MATCHER.address), m.l1)).toBeNull()
  })

  test('has its place among all claims of a proof, however many', async () => {
    m = await MarketHarness.start()
    const node = await m.prover()
    await m.offer(node, { capacity: 8 })
    const ids = [await m.request(2, 0), await m.request(2, 1), await m.request(2, 2)]
    await work(node)
    const payment = await settled(ids[0] as `0x${string}`)
    expect(payment ? payment.orders.map(({ place }) => place) : []).toEqual([0n, 1n, 2n])
    expect(new Set(payment ? payment.orders.map(({ request }) => request.nonce) : []).size).toBe(3)
  })

  test('takes neither heartbeat nor proof before the prover has signed, and only its own signature', async () => {
    m = await MarketHarness.start()
    const [node, other] = [await m.prover(), await m.prover()]
    await m.offer(node)
    await m.request(1)
    const lease = await leaseOf(node)
    const params = { id: lease.id }
    await expect(node.api.heartbeat({ params, body: {} })).rejects.toMatchObject({
      code: 'commitment_missing',
    })
    await expect(prove(node, lease)).rejects.toMatchObject({ code: 'commitment_missing' })
    const foreign = await other.account.signTypedData(
      typedData(DOMAIN, { name: 'Commitment', fields: [] }, {}),
    )
    await expect(node.api.commitLease({ params, body: { signature: foreign } })).rejects.toMatchObject({
      code: 'bad_signature',
    })
    await m.commit(node, lease)
    await m.commit(node, lease)
    await node.api.heartbeat({ params, body: {} })
    expect((await prove(node, lease)).accepted).toBe(true)
  })

  test('a hot key opens sessions, offers, commits and cancels for its prover, and no other key does', async () => {
    m = await MarketHarness.start()
    const owner = await m.prover()
    const hot = privateKeyToAccount(generatePrivateKey())
    const api = m.h.client()
    const open = async () => {
      const { nonce } = await api.challenge()
      const signature = await hot.signTypedData(sessionTypedData(DEPLOYMENT, owner.address, nonce))
      return api.openSession({ body: { address: owner.address, nonce, signature } })
    }
    const node: MarketNode = { ...owner, account: hot }
    await expect(open()).rejects.toMatchObject({ code: 'bad_signature' })
    await expect(m.offer(node)).rejects.toMatchObject({ code: 'bad_signature' })
    m.l1.hotKeys.set(owner.address, toAddress(hot.address))
    await open()
    const id = await m.offer(node)
    await m.request(1)
    const lease = await m.commit(node, await leaseOf(node))
    expect((await prove(node, lease)).accepted).toBe(true)
    const message = { owner: owner.address, intent: id }
    const signature = await hot.signTypedData(typedData(DOMAIN, CANCELLATION, message))
    await api.cancelIntent({ body: { ...message, signature } })
    expect(await api.offers({ query: { prover: owner.address } })).toEqual([])
  })

  test('a silent prover is replaced by its runner-up at that one’s price, and shown to L1 as a default', async () => {
    m = await MarketHarness.start()
    const [cheap, dear] = [await m.prover(), await m.prover()]
    await m.offer(cheap)
    await m.offer(dear, { priceWei: 1_500n, capacity: 2 })
    const id = await m.request(2)
    const broken = await m.commit(cheap, await leaseOf(cheap))
    const own = await m.commit(dear, await leaseOf(dear))

    // Dear keeps its lease; nothing is heard of cheap.
    const startedMs = m.h.clock.nowMs()
    const rescue = await until(async () => {
      m.h.clock.advance(500)
      await dear.api.heartbeat({ params: { id: own.id }, body: {} })
      return dear.api.lease({ query: { waitMs: '0' } })
    })
    expect(m.h.clock.nowMs() - startedMs).toBeLessThan(10_000)
    expect(rescue.job.id).toBe(broken.job.id)
    expect(rescue.terms?.commitment).toMatchObject({ priceWei: 1_500n, rank: 1 })
    await prove(dear, await m.commit(dear, rescue))
    await prove(dear, own)
    await work(dear)
    await settled(id)

    const { deadline } = broken.terms?.commitment ?? { deadline: 0 }
    await until(async () => {
      m.h.clock.advance(1_000)
      return m.l1.accused.length > 0
    })
    expect(m.h.clock.nowMs() / 1000).toBeGreaterThan(deadline + WINDOW_S)
    const [accused] = m.l1.accused
    expect(accused?.broken.commitment).toEqual(broken.terms?.commitment)
    expect(accused?.rescue.commitment).toEqual(rescue.terms?.commitment)
    expect(accused?.evidence.path.entry).toMatchObject({ prover: dear.address, job: broken.job.id })
    await until(async () => {
      m.h.clock.advance(1_000)
      return m.l1.convicted.length > 0
    })
    expect(m.l1.convicted).toEqual([broken.terms?.commitment])
    // Reputation saw a default, too.
    const { standings } = await m.h.client().prover({ params: { prover: cheap.address } })
    expect(standings).toMatchObject([{ defaults: 1, onTime: 0 }])
  })

  test('what L1 clears is not convicted', async () => {
    m = await MarketHarness.start()
    m.l1.refusal = new WeftError('not_late', 'recorded in time')
    const [cheap, dear] = [await m.prover(), await m.prover()]
    await m.offer(cheap)
    await m.offer(dear, { priceWei: 1_500n, capacity: 2 })
    const id = await m.request(2)
    await m.commit(cheap, await leaseOf(cheap))
    m.h.clock.advance(8_000)
    await work(dear)
    await settled(id)
    const rows = () =>
      m.h.database.read('select state from accusations', []) as Promise<readonly { state: string }[]>
    await until(async () => {
      m.h.clock.advance(1_000)
      return (await rows())[0]?.state === 'cleared'
    })
    expect(m.l1.convicted).toEqual([])
  })

  test('a prover that does not begin is relieved, and matched again once it is heard of', async () => {
    m = await MarketHarness.start()
    const [cheap, dear] = [await m.prover(), await m.prover()]
    await m.offer(cheap)
    await m.offer(dear, { priceWei: 1_500n })
    const id = await m.request(1)
    expect(await dear.api.lease({ query: { waitMs: '0' } })).toBeUndefined()
    m.h.clock.advance(7_500)
    expect((await leaseOf(dear)).terms?.commitment.rank).toBe(1)
    const { standings } = await m.h.client().prover({ params: { prover: cheap.address } })
    expect(standings).toMatchObject([{ late: 1 }])
    expect((await m.order(id)).state).toBe('proving')
    await cheap.api.lease({ query: { waitMs: '0' } })
    await m.request(1, 1)
    expect((await leaseOf(cheap)).terms?.commitment.prover).toBe(cheap.address)
  })

  test('an invalid proof costs standing, and the next in rank takes over', async () => {
    m = await MarketHarness.start()
    const [cheap, dear] = [await m.prover(), await m.prover()]
    await m.offer(cheap)
    await m.offer(dear, { priceWei: 1_500n })
    await m.request(1)
    const lease = await m.commit(cheap, await leaseOf(cheap))
    const body = await proofOf(lease, dear.address)
    await expect(cheap.api.submitProof({ params: { id: lease.id }, query: {}, body })).rejects.toMatchObject({
      code: 'invalid_proof',
    })
    expect((await leaseOf(dear)).job.id).toBe(lease.job.id)
    const { standings } = await m.h.client().prover({ params: { prover: cheap.address } })
    expect(standings).toMatchObject([{ invalid: 1 }])
  })

  test('a released lease goes to the next; a requester’s fault counts against nobody', async () => {
    m = await MarketHarness.start()
    const [cheap, dear] = [await m.prover(), await m.prover()]
    await m.offer(cheap)
    await m.offer(dear, { priceWei: 1_500n })
    const id = await m.request(1)
    const lease = await m.commit(cheap, await leaseOf(cheap))
    await cheap.api.releaseLease({ params: { id: lease.id }, body: { reason: 'unsatisfied' } })
    const again = await m.commit(dear, await leaseOf(dear))
    expect(again.job.id).toBe(lease.job.id)
    expect((await m.h.client().prover({ params: { prover: cheap.address } })).standings).toEqual([])
    await dear.api.releaseLease({ params: { id: again.id }, body: { reason: 'unsatisfied' } })
    expect((await m.order(id)).state).toBe('failed')
  })

  test('a declined lease counts against nobody, and its prover rests a while', async () => {
    m = await MarketHarness.start()
    const [cheap, dear] = [await m.prover(), await m.prover()]
    await m.offer(cheap)
    await m.offer(dear, { priceWei: 1_500n })
    await m.request(1)
    const lease = await leaseOf(cheap)
    await cheap.api.releaseLease({ params: { id: lease.id }, body: { reason: 'declined' } })
    expect((await leaseOf(dear)).terms?.commitment.rank).toBe(1)
    expect((await m.h.client().prover({ params: { prover: cheap.address } })).standings).toEqual([])
    await m.request(1, 1)
    expect((await cheap.api.lease({ query: { waitMs: '0' } }))?.terms).toBeUndefined()
  })

  test('a prover at work on what serves everybody is matched with nothing else meanwhile', async () => {
    m = await MarketHarness.start()
    const [cheap, dear] = [await m.prover(), await m.prover()]
    await m.offer(dear, { priceWei: 1_500n })
    // The filler: a lone segment's claim needs company.
    const first = await m.request(1)
    await prove(dear, await m.commit(dear, await leaseOf(dear)))
    const filler = await until(async () => {
      m.h.clock.advance(500)
      return cheap.api.lease({ query: { waitMs: '0' } })
    })
    expect(filler.terms).toBeUndefined()
    await m.offer(cheap)
    await m.request(1, 1)
    await dear.api.lease({ query: { waitMs: '0' } })
    const second = await until(async () => {
      m.h.clock.advance(500)
      await cheap.api.heartbeat({ params: { id: filler.id }, body: {} })
      return dear.api.lease({ query: { waitMs: '0' } })
    })
    expect(second.terms?.commitment.prover).toBe(dear.address)
    await prove(cheap, filler)
    const third = await m.request(1, 2)
    expect((await m.order(third)).jobs[0]?.ranks[0]?.prover).toBe(cheap.address)
    expect((await m.order(first)).state).toBe('proving')
  })

  test('a restart continues with the same holders, commitments and prices', async () => {
    m = await MarketHarness.start()
    const [cheap, dear] = [await m.prover(), await m.prover()]
    await m.offer(cheap)
    await m.offer(dear, { priceWei: 1_500n })
    const id = await m.request(2)
    const lease = await m.commit(cheap, await leaseOf(cheap))
    const before = await m.order(id)
    await m.h.kill()
    await m.h.open()
    const nodes = await Promise.all(
      [cheap, dear].map(async (node) => {
        const { token } = await m.h.session(node.account)
        return { ...node, api: m.h.client(token) }
      }),
    )
    expect(await m.order(id)).toEqual(before)
    const [again] = nodes as [MarketNode, MarketNode]
    expect((await prove(again, lease)).accepted).toBe(true)
  })

  test('waits for offers and says so, and ends when its offer deadline has passed', async () => {
    m = await MarketHarness.start()
    const id = await m.request(1)
    expect(await m.order(id)).toMatchObject({ state: 'matching', waits: expect.stringContaining('no_bids') })
    const node = await m.prover()
    await m.offer(node, { priceWei: 2_500n })
    m.h.clock.advance(1_000)
    expect((await m.order(id)).state).toBe('matching')
    const late = await m.request(1, 1, { startPriceWei: 100n })
    await m.offer(node)
    expect((await m.order(id)).jobs[0]).toMatchObject({ state: 'matched' })
    await prove(node, await m.commit(node, await leaseOf(node)))
    // Its limit rises until it meets the offer.
    expect((await m.order(late)).state).toBe('matching')
    m.h.clock.advance(5_000)
    expect((await m.order(late)).state).toBe('matching')
    await until(async () => {
      m.h.clock.advance(1_000)
      await poll(node)
      return (await m.order(late)).jobs[0]?.state === 'matched'
    })
    const over = await m.request(3, 2, { maxPriceWei: 10n, startPriceWei: 10n, maxTotalWei: 1_000n })
    m.h.clock.advance(301_000)
    expect(await m.order(over)).toMatchObject({
      state: 'failed',
      waits: expect.stringContaining('offer deadline'),
    })
  })
})

test('a request outlives its offer deadline once a job of it was matched: nothing proven is lost', async () => {
  m = await MarketHarness.start()
  const node = await m.prover()
  await m.offer(node)
  const id = await m.request(2)
  const first = await leaseOf(node)
  await prove(node, await m.commit(node, first))
  const { offerDeadline } = first.terms?.request ?? { offerDeadline: 0 }
  m.h.clock.advance(offerDeadline * 1000 - m.h.clock.nowMs() + 1_000)
  await m.offer(node, { nonce: 99n })
  expect((await work(node)).map(({ lease }) => lease.job.kind)).toEqual(['segment', 'merge'])
  expect((await settled(id)) ? (await m.order(id)).state : null).toBe('settled')
})

test.each([
  ['matched', true],
  ['waiting', false],
])(
  'a request goes on when another one that shares a job with it ends while it is %s',
  async (_, isMatched) => {
    m = await MarketHarness.start()
    const node = await m.prover()
    if (isMatched) await m.offer(node)
    const older = await m.request(1)
    const id = await m.request(2)
    const message = { owner: m.ownerAddress, intent: older }
    const signature = await m.owner.signTypedData(typedData(DOMAIN, CANCELLATION, message))
    expect((await m.order(older)).jobs[0]?.state === 'matched').toBe(isMatched)
    await m.h.client().cancelIntent({ body: { ...message, signature } })
    if (!isMatched) await m.offer(node)
    const done = await work(node)
    expect(done.map(({ lease }) => lease.terms?.commitment.request)).toEqual([id, id, id])
    expect((await settled(id)) ? (await m.order(id)).state : null).toBe('settled')
  },
)

describe('other policies', () => {
  test('sealed bids: committed, revealed, and the cheapest wins at the second price', async () => {
    m = await MarketHarness.start()
    const nodes = [await m.prover(), await m.prover()] as const
    const nowS = m.h.clock.nowMs() / 1000
    const id = await m.request(1, 0, {
      policy: policy('sealed-second-price'),
      offerDeadline: nowS + 30,
    })
    const bids = nodes.map(({ address }, i) => ({
      prover: address,
      priceWei: 700n + BigInt(i) * 500n,
      turnaroundMs: 1_000,
      collateralWei: 100n,
    }))
    const salt = uintToBytes32((1n << 250n) + 5n)
    for (const [i, node] of nodes.entries()) {
      const bid = bids[i] as (typeof bids)[number]
      const commitment = sealBid(id, bid, salt)
      const message = { prover: node.address, request: id, commitment }
      const signature = await node.account.signTypedData(typedData(DOMAIN, SEALED_COMMITMENT, message))
      const body = { prover: node.address, commitment, signature }
      await m.h.client().sealBid({ params: { id }, body })
      await expect(m.h.client().sealBid({ params: { id }, body })).rejects.toMatchObject({
        code: 'one_bid_each',
      })
      await expect(m.h.client().revealBid({ params: { id }, body: { bid, salt } })).rejects.toMatchObject({
        code: 'not_revealing',
      })
    }
    m.h.clock.advance(31_000)
    for (const bid of bids) await m.h.client().revealBid({ params: { id }, body: { bid, salt } })
    m.h.clock.advance(10_000)
    expect((await leaseOf(nodes[0])).terms?.commitment.priceWei).toBe(1_200n)
  })

  test('a lottery is drawn from a block after the offer deadline', async () => {
    m = await MarketHarness.start()
    const node = await m.prover()
    await m.offer(node)
    const nowS = m.h.clock.nowMs() / 1000
    const id = await m.request(1, 0, { policy: policy('lottery'), offerDeadline: nowS + 30 })
    m.h.clock.advance(25_000)
    expect(await m.order(id)).toMatchObject({
      state: 'matching',
      waits: expect.stringContaining('first block'),
    })
    m.l1.seed = uintToBytes32(99n)
    await until(async () => {
      m.h.clock.advance(1_000)
      await poll(node)
      return (await m.order(id)).state === 'proving'
    })
  })

  test('in a race all may prove, and the first proof is the one', async () => {
    m = await MarketHarness.start()
    const nodes = [await m.prover(), await m.prover()] as const
    await m.offer(nodes[0])
    await m.offer(nodes[1], { priceWei: 1_500n })
    await m.request(1, 0, { policy: policy('race') })
    const leases = [
      await m.commit(nodes[0], await leaseOf(nodes[0])),
      await m.commit(nodes[1], await leaseOf(nodes[1])),
    ] as const
    expect(leases[0].job.id).toBe(leases[1].job.id)
    await prove(nodes[1], leases[1])
    await expect(prove(nodes[0], leases[0])).rejects.toMatchObject({ code: 'job_already_proven' })
  })

  test('individual delivery has a root proof of its own', async () => {
    m = await MarketHarness.start()
    const node = await m.prover()
    await m.offer(node, { capacity: 4 })
    const id = await m.request(2, 0, { delivery: 0 })
    await m.request(2, 1)
    await work(node)
    await settled(id)
    expect(m.h.l1.payments[0]).toMatchObject({ claims: { length: 1 }, orders: { length: 1 } })
  })
})

describe('is refused', () => {
  const refusal = async (changes: Parameters<MarketHarness['signRequest']>[2], segments = 1, rollup = 9) => {
    const body = await m.signRequest(segments, rollup, changes)
    return m.h
      .client()
      .submitRequest({ body })
      .then(() => 'accepted')
      .catch((error: { code: string }) => error.code)
  }

  test('a request that is wrong, foreign, unfunded or void', async () => {
    m = await MarketHarness.start()
    const nowS = m.h.clock.nowMs() / 1000
    expect(await refusal({ maxTotalWei: 100n })).toBe('total_too_low')
    expect(await refusal({ maxTotalWei: 10n ** 19n })).toBe('insufficient_balance')
    expect(await refusal({ maxPriceWei: 0n, startPriceWei: 0n })).toBe('zero_value')
    expect(await refusal({ startPriceWei: 3_000n })).toBe('start_above_maximum')
    expect(await refusal({ offerDeadline: nowS })).toBe('expired')
    expect(await refusal({ proofDeadline: nowS + 10, offerDeadline: nowS + 10 })).toBe(
      'deadlines_out_of_order',
    )
    expect(await refusal({ proofDeadline: 2 ** 40 - 1 })).toBe('too_far_ahead')
    expect(await refusal({ policy: 7 })).toBe('unknown_policy')
    expect(await refusal({ policy: policy('race', 2) })).toBe('unsupported')
    expect(await refusal({ delivery: 0 })).toBe('unsupported')
    expect(await refusal({ matcher: `0x${'12'.repeat(20)}` })).toBe('foreign_matcher')
    expect(await refusal({ allowedProvers: uintToBytes32(1n) })).toBe('foreign_provers')
    expect(await refusal({ owner: `0x${'12'.repeat(20)}` })).toBe('bad_signature')
    const large = await m.signRequest(1, 9)
    const beyond = { ...large, request: { ...large.request, maxPriceWei: 2n ** 96n } }
    await expect(m.h.client().submitRequest({ body: beyond })).rejects.toMatchObject({ code: 'out_of_range' })
    m.l1.nonces.add(`${m.ownerAddress}424242`)
    expect(await refusal({ nonce: 424_242n })).toBe('nonce_used')
    expect(await refusal({ nonce: 1n << 200n })).toBe('accepted')
    expect(await refusal({ nonce: 1n << 200n }, 1, 10)).toBe('nonce_used')
    expect(await refusal({})).toBe('statement_taken')
    for (const foreign of [
      { ...DOMAIN, chainId: 1n },
      { ...DOMAIN, contract: m.ownerAddress },
    ]) {
      const body = await m.signRequest(1, 11, {}, foreign)
      await expect(m.h.client().submitRequest({ body })).rejects.toMatchObject({ code: 'bad_signature' })
    }
    await expect(m.h.batch(1)).rejects.toMatchObject({ code: 'market_only' })
    m.l1.isDown = true
    expect(await refusal({}, 1, 12)).toBe('l1_unavailable')
  })

  test('an offer that is wrong, foreign or beyond its means, and ten thousand of one key', async () => {
    m = await MarketHarness.start()
    const node = await m.prover()
    const code = async (changes: Parameters<MarketHarness['signOffer']>[1], domain = DOMAIN) => {
      const body = await m.signOffer(node, changes, domain)
      return m.h
        .client()
        .submitOffer({ body })
        .then(() => 'accepted')
        .catch((error: { code: string }) => error.code)
    }
    expect(await code({}, { ...DOMAIN, chainId: 1n })).toBe('bad_signature')
    expect(await code({ prover: m.ownerAddress })).toBe('bad_signature')
    expect(await code({ priceWei: 0n })).toBe('zero_value')
    expect(await code({ capacity: 0 })).toBe('zero_value')
    expect(await code({ turnaroundMs: 2n ** 64n - 1n })).toBe('out_of_range')
    const large = await m.signOffer(node)
    const beyond = { ...large, offer: { ...large.offer, priceWei: 2n ** 96n } }
    await expect(m.h.client().submitOffer({ body: beyond })).rejects.toMatchObject({ code: 'out_of_range' })
    expect(await code({ expiry: 1 })).toBe('expired')
    expect(await code({ expiry: 2 ** 40 - 1 })).toBe('too_far_ahead')
    expect(await code({ collateralWei: 1_001n })).toBe('beyond_collateral')
    expect(await code({ nonce: 7_777n })).toBe('accepted')
    expect(await code({ nonce: 7_777n, priceWei: 5n })).toBe('nonce_used')
    m.l1.suspensions.set(node.address, m.h.clock.nowMs() / 1000 + 100)
    expect(await code({})).toBe('suspended')
    m.l1.suspensions.clear()
    m.l1.stakes.set(node.address, 9n)
    expect(await code({})).toBe('too_little_stake')
    m.l1.stakes.set(node.address, 100n)
    const codes = new Set<string>()
    for (let i = 0; i < 20; i++) codes.add(await code({ priceWei: 1n }))
    expect(codes).toEqual(new Set(['accepted', 'too_many_offers']))
    expect(await m.h.client().offers({ query: { prover: node.address } })).toHaveLength(16)
  })

  test('a cancellation by another, and of what provers have committed to', async () => {
    m = await MarketHarness.start()
    const node = await m.prover()
    const id = await m.request(1)
    const cancel = async (
      account: { signTypedData: MarketNode['account']['signTypedData'] },
      owner: `0x${string}`,
    ) => {
      const message = { owner, intent: id }
      const signature = await account.signTypedData(typedData(DOMAIN, CANCELLATION, message))
      return m.h.client().cancelIntent({ body: { ...message, signature } })
    }
    await expect(cancel(node.account, node.address)).rejects.toMatchObject({ code: 'not_the_owner' })
    await expect(cancel(node.account, m.ownerAddress)).rejects.toMatchObject({ code: 'bad_signature' })
    const taken = await m.request(1, 1)
    const message = { owner: m.ownerAddress, intent: taken }
    const signature = await m.owner.signTypedData(typedData(DOMAIN, CANCELLATION, message))
    await m.h.client().cancelIntent({ body: { ...message, signature } })
    expect(await m.order(taken)).toMatchObject({ state: 'cancelled', waits: 'cancelled by its owner' })
    await m.offer(node)
    await m.commit(node, await leaseOf(node))
    await expect(cancel(m.owner, m.ownerAddress)).rejects.toMatchObject({ code: 'already_committed' })
    const offers = await m.h.client().offers({ query: { target: segmentProgram.id } })
    expect(offers).toMatchObject([{ offer: { prover: node.address }, roomWork: 0 }])
  })

  test('a statement that somebody holds with a request that never matches: it gives way to one that pays more', async () => {
    m = await MarketHarness.start()
    const squatter = await m.request(1, 0, { maxPriceWei: 10n, startPriceWei: 10n })
    expect(await refusal({ maxPriceWei: 10n, startPriceWei: 10n }, 1, 0)).toBe('statement_taken')
    const id = await m.request(1, 0)
    expect(await m.order(squatter)).toMatchObject({
      state: 'failed',
      waits: expect.stringContaining('pays more'),
    })
    const node = await m.prover()
    await m.offer(node)
    await m.commit(node, await leaseOf(node))
    expect(await refusal({ maxPriceWei: 3_000n, maxTotalWei: 10n ** 15n }, 1, 0)).toBe('statement_taken')
    expect((await m.order(id)).state).toBe('proving')
  })

  test('an owner that takes its money out gets nothing more matched', async () => {
    m = await MarketHarness.start()
    const id = await m.request(1)
    m.l1.balances.set(m.ownerAddress, { balanceWei: 10n ** 18n, leavingWei: 10n ** 18n })
    const node = await m.prover()
    m.h.clock.advance(6_000)
    await until(async () => {
      m.h.clock.advance(500)
      return (await m.order(id)).waits?.includes('no longer covers')
    })
    await m.offer(node)
    expect((await m.order(id)).jobs[0]?.state).toBe('unmatched')
    m.l1.balances.set(m.ownerAddress, { balanceWei: 10n ** 18n, leavingWei: 0n })
    await until(async () => {
      m.h.clock.advance(500)
      await poll(node)
      return (await m.order(id)).jobs[0]?.state === 'matched'
    })
  })

  test('a market’s data folder under another matcher’s key', async () => {
    m = await MarketHarness.start()
    await m.request(1)
    await m.h.coordinator.close()
    const other = { address: m.ownerAddress, sign: async () => '0x' as const }
    Object.assign(m.h.overrides, { matcher: other })
    await expect(m.h.open()).rejects.toMatchObject({ code: 'foreign_log' })
    await m.h.kill()
  })
})
