import type { Lease } from '@weft/api'
import {
  type Address,
  allowedProversHash,
  encodePolicy,
  type Offer,
  SEALED_COMMITMENT,
  sealBid,
  typedData,
  uintToBytes32,
} from '@weft/protocol'
import { afterEach, describe, expect, test } from 'vitest'
import { leaseOf, prove } from './harness.js'
import { DOMAIN, MarketHarness, type MarketNode } from './market-harness.js'

const UNCHECKED = 'nobody else was there to check'
const message = 'template Root, line 7: a constraint failed'

let m: MarketHarness
afterEach(() => m.h.stop())

/** A market with a request, and one prover that has said that nobody can prove it. */
const blamed = async (): Promise<{ id: `0x${string}`; node: MarketNode }> => {
  m = await MarketHarness.start()
  const node = await m.prover()
  await m.offer(node)
  const id = await m.request(1)
  await tell(node)
  return { id, node }
}

const tell = async (node: MarketNode, said = message) => {
  const { id } = await m.commit(node, await leaseOf(node))
  const body = { reason: 'unsatisfied', ...(said === '' ? {} : { message: said }) } as const
  await node.api.releaseLease({ params: { id }, body })
}

/** Asks for work; what serves everybody is done at once. */
const poll = async (node: MarketNode): Promise<Lease | undefined> => {
  const lease = await node.api.lease({ query: { waitMs: '0' } })
  if (!lease || lease.terms) return lease
  await prove(node, lease)
  return undefined
}

/** The next lease for a node that asks again and again. */
const nextLease = async (node: MarketNode) => {
  for (let i = 0; i < 60; i++) {
    const lease = await poll(node)
    if (lease) return lease
    m.h.clock.advance(500)
  }
  throw new Error('no lease within 30 s')
}

describe('where nobody else could take a job, its only prover’s word', () => {
  test('ends the request after a while, and costs neither its owner nor the prover', async () => {
    const { id, node } = await blamed()
    m.h.clock.advance(9_000)
    expect((await m.order(id)).state).toBe('proving')
    m.h.clock.advance(2_000)
    const failure = { code: 'unsatisfied', message: `${message} (${UNCHECKED})` }
    expect(await m.order(id)).toMatchObject({ state: 'failed', failure })
    const { reason, jobs } = await m.h.client().batch({ params: { id } })
    expect(reason).toBe(`1 prover reports unsatisfied for segment ${jobs[0]?.id}: ${failure.message}`)
    m.h.clock.advance(60_000)
    expect(m.l1.attempts).toEqual([])
    expect(m.l1.accused).toEqual([])
    const known = await m.h.client().prover({ params: { prover: node.address } })
    expect(known).toMatchObject({ standings: [], lockedWei: 0n })
  })

  test('without words says at least that', async () => {
    m = await MarketHarness.start()
    const node = await m.prover()
    await m.offer(node)
    const id = await m.request(1)
    await tell(node, '')
    m.h.clock.advance(11_000)
    expect(await m.order(id)).toMatchObject({ state: 'failed', failure: { message: UNCHECKED } })
  })

  test('outlives the process', async () => {
    const { id } = await blamed()
    m.h.clock.advance(5_000)
    await m.h.restart()
    m.h.clock.advance(9_000)
    expect((await m.order(id)).state).toBe('proving')
    m.h.clock.advance(2_000)
    const view = { state: 'failed', failure: { message: `${message} (${UNCHECKED})` } }
    expect(await m.order(id)).toMatchObject(view)
    await m.h.restart()
    m.h.clock.advance(60_000)
    expect(await m.order(id)).toMatchObject(view)
    expect(m.l1.attempts).toEqual([])
  })

  test('does not end it while its owner’s account keeps everybody from being asked', async () => {
    const { id } = await blamed()
    m.l1.balances.set(m.ownerAddress, { balanceWei: 0n, leavingWei: 0n })
    for (let i = 0; i < 60; i++) {
      m.h.clock.advance(500)
      await m.h.client().health()
    }
    expect((await m.order(id)).state).not.toBe('failed')
  })

  const USELESS: readonly [string, Partial<Offer>][] = [
    ['beyond the maximum price', { priceWei: 2_001n }],
    ['too slow', { turnaroundMs: 2_000_000_000n }],
    ['with less collateral than asked for', { collateralWei: 49n }],
  ]
  test.each(USELESS)('ends it in spite of an offer %s', async (_, changes) => {
    const { id } = await blamed()
    await m.offer(await m.prover(), changes)
    m.h.clock.advance(11_000)
    expect((await m.order(id)).state).toBe('failed')
  })

  test('ends it where others are not allowed', async () => {
    m = await MarketHarness.start()
    const [node, stranger] = [await m.prover(), await m.prover()]
    await m.offer(node)
    await m.offer(stranger)
    const provers: Address[] = [node.address]
    const body = await m.signRequest(1, 0, { allowedProvers: allowedProversHash(provers) })
    const { id } = await m.h.client().submitRequest({ body: { ...body, provers } })
    await tell(node)
    m.h.clock.advance(11_000)
    expect((await m.order(id)).state).toBe('failed')
  })
})

describe('another prover', () => {
  test('that comes within that time is asked, and proves it', async () => {
    const { id } = await blamed()
    m.h.clock.advance(8_000)
    const other = await m.prover()
    await m.offer(other, { priceWei: 1_500n })
    const lease = await nextLease(other)
    await prove(other, await m.commit(other, lease))
    expect(await m.order(id)).toMatchObject({ jobs: [{ state: 'proven', prover: other.address }] })
  })

  test('that says the same ends it as ever: both are paid for having tried', async () => {
    const { id, node } = await blamed()
    m.h.clock.advance(8_000)
    const other = await m.prover()
    await m.offer(other, { priceWei: 1_500n })
    const lease = await m.commit(other, await nextLease(other))
    await other.api.releaseLease({ params: { id: lease.id }, body: { reason: 'unsatisfied', message } })
    expect(await m.order(id)).toMatchObject({ state: 'failed', failure: { message } })
    m.h.clock.advance(1_000)
    await expect.poll(() => m.l1.attempts.length).toBe(1)
    const tried = m.l1.attempts[0]?.attempts.map(({ commitment }) => commitment.prover)
    expect(tried).toEqual([node.address, other.address].sort())
  })

  /** A request that one prover finds at fault, and another that is at work on something else. */
  const withBusy = async (offerWithinS = 300) => {
    m = await MarketHarness.start()
    const [node, busy] = [await m.prover(), await m.prover()]
    await m.offer(busy)
    await m.request(1)
    const lease = await m.commit(busy, await leaseOf(busy))
    await m.offer(node)
    const offerDeadline = m.h.clock.nowMs() / 1000 + offerWithinS
    const id = await m.request(1, 1, { offerDeadline })
    await tell(node)
    return { id, beat: () => busy.api.heartbeat({ params: { id: lease.id }, body: {} }) }
  }

  test('that is at work on something else is waited for; gone, it is not', async () => {
    const { id, beat } = await withBusy()
    for (let i = 0; i < 10; i++) {
      m.h.clock.advance(3_000)
      await beat()
    }
    expect((await m.order(id)).state).toBe('proving')
    // No heartbeats any more.
    m.h.clock.advance(20_000)
    expect((await m.order(id)).state).toBe('failed')
  })

  test('that is waited for until nobody may be asked: the request ends with what the first one said', async () => {
    const { id, beat } = await withBusy(20)
    for (let i = 0; i < 10; i++) {
      m.h.clock.advance(3_000)
      await beat()
    }
    const failure = { message: `${message} (${UNCHECKED})` }
    const waits = expect.stringMatching(/1 prover reports unsatisfied.*offer deadline has passed/)
    expect(await m.order(id)).toMatchObject({ state: 'failed', failure, waits })
    expect(m.l1.attempts).toEqual([])
  })

  test('that needs a higher limit, which is yet to be reached, is waited for', async () => {
    m = await MarketHarness.start()
    const [node, dear] = [await m.prover(), await m.prover()]
    await m.offer(node, { priceWei: 500n })
    await m.offer(dear, { priceWei: 1_900n })
    const id = await m.request(1, 0, { startPriceWei: 600n })
    await tell(node)
    for (let i = 0; i < 6; i++) {
      m.h.clock.advance(5_000)
      expect((await m.order(id)).state).not.toBe('failed')
      await poll(dear)
    }
    expect((await nextLease(dear)).terms?.commitment.priceWei).toBe(1_900n)
  })

  test.each([
    [1, 'failed'],
    [2, 'proving'],
  ])('that has bid under a seal is asked: of %i bidders’ request, %s', async (count, state) => {
    m = await MarketHarness.start()
    const nodes: MarketNode[] = []
    for (let i = 0; i < count; i++) nodes.push(await m.prover())
    // Standing offers are no sealed bids.
    await m.offer(await m.prover())
    const policy = encodePolicy({ policy: 'sealed-first-price', curve: 'linear', winners: 1 })
    const offerDeadline = m.h.clock.nowMs() / 1000 + 30
    const id = await m.request(1, 0, { policy, offerDeadline })
    const salt = uintToBytes32((1n << 250n) + 5n)
    const bids = nodes.map(({ address: prover }, i) => ({
      ...{ prover, priceWei: 700n + BigInt(i), turnaroundMs: 1_000, collateralWei: 100n },
    }))
    for (const [i, { address: prover, account }] of nodes.entries()) {
      const commitment = sealBid(id, bids[i] as (typeof bids)[number], salt)
      const sealed = { prover, request: id, commitment }
      const signature = await account.signTypedData(typedData(DOMAIN, SEALED_COMMITMENT, sealed))
      await m.h.client().sealBid({ params: { id }, body: { prover, commitment, signature } })
    }
    m.h.clock.advance(31_000)
    for (const bid of bids) await m.h.client().revealBid({ params: { id }, body: { bid, salt } })
    m.h.clock.advance(10_000)
    const [first, second] = nodes
    await tell(first as MarketNode)
    m.h.clock.advance(5_000)
    if (second) await m.commit(second, await leaseOf(second))
    m.h.clock.advance(6_000)
    expect((await m.order(id)).state).toBe(state)
  })
})
