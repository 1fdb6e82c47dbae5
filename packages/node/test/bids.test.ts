import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { ApiError, type OrderSummary } from '@weft/api'
import {
  encodePolicy,
  isStrongSalt,
  type Request,
  requestId,
  sealBid,
  sealedBidId,
  toAddress,
} from '@weft/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openBidStore } from '../src/market/bid-store.js'
import { prover, until } from './support/harness.js'
import {
  createMarketHarness,
  domain,
  isSigned,
  type MarketHarness,
  nowS,
  sealedPolicy,
} from './support/market.js'

let h: MarketHarness
beforeEach(async () => {
  h = await createMarketHarness()
})
afterEach(() => h.close())

const summary = (request: Request, changes: Partial<OrderSummary> = {}): OrderSummary => ({
  id: requestId(domain, request),
  request,
  post: request.pre,
  provers: [],
  batch: 'proving',
  state: 'matching',
  acceptedAtMs: 0,
  policy: 'sealed-first-price',
  limitPriceWei: request.maxPriceWei,
  reservedWei: 0n,
  waits: null,
  l1Tx: null,
  ...changes,
})

const auction = (changes: Partial<Request> = {}) => h.request({ policy: sealedPolicy(), ...changes })
const bids = () => openBidStore(join(h.folder, 'bids'))

describe('a sealed auction', () => {
  it('is bid in with the node’s own quote, hidden, and opened when the commit phase is over', async () => {
    const request = auction()
    h.orders.push(summary(request))
    await h.start({ collateralWei: 5n })
    await until(() => h.log.sealed.length === 1)
    const looks = h.log.looks
    await until(() => h.log.looks > looks + 2)
    expect(h.log.revealed).toEqual([])
    h.pass(600)
    await until(() => h.log.revealed.length === 1)
    const id = requestId(domain, request)
    const [sealed] = h.log.sealed
    const [revealed] = h.log.revealed
    if (!sealed || !revealed) throw new Error('no bid')
    expect(revealed.priceWei).toBe(1_000n)
    expect(isStrongSalt(revealed.salt)).toBe(true)
    const kept = (await bids()).get(id)
    expect(kept?.bid).toMatchObject({ prover, priceWei: 1_000n, collateralWei: 5n })
    if (kept) expect(sealBid(id, kept.bid, revealed.salt)).toBe(sealed.commitment)
    const message = { prover, request: id, commitment: sealed.commitment }
    expect(await isSigned(sealedBidId(domain, message), sealed.signature)).toBe(true)
    expect(h.log.sealed).toHaveLength(1)
  })

  it('is opened by the node’s next life: the salt is on disk before the commitment leaves', async () => {
    h.orders.push(summary(auction()))
    const { sealBid: seal } = h.coordinator.handlers
    let onDisk = 0
    h.coordinator.handlers.sealBid = async (call) => {
      onDisk = (await readdir(join(h.folder, 'bids'))).length
      return seal?.(call) as never
    }
    const first = await h.start()
    await until(() => h.log.sealed.length === 1)
    expect(onDisk).toBe(1)
    await first.stop()
    h.orders.length = 0
    h.pass(600)
    await h.start()
    await until(() => h.log.revealed.length === 1)
  })

  it('is committed to again, with the same bid, where the answer was lost', async () => {
    h.orders.push(summary(auction()))
    const { sealBid: seal } = h.coordinator.handlers
    h.coordinator.handlers.sealBid = (call) => {
      seal?.(call)
      if (h.log.sealed.length === 1) throw new ApiError('storage_unavailable', 'later')
      throw new ApiError('one_bid_each', 'you have')
    }
    await h.start()
    await until(() => h.log.sealed.length === 2)
    expect(h.log.sealed[0]?.commitment).toBe(h.log.sealed[1]?.commitment)
    await until(async () => (await bids()).all()[0]?.state === 'sealed')
  })

  it('binds the node to its bid, not to what it asks elsewhere', async () => {
    const request = auction()
    h.orders.push(summary(request))
    const node = await h.start()
    await until(() => h.log.sealed.length === 1)
    const [low, right] = [await h.segment(1), await h.segment(2)]
    await h.match(low, { request: { ...request }, commitment: { priceWei: 999n } })
    await h.match(right, { request: { ...request }, commitment: { priceWei: 1_000n } })
    h.coordinator.queue.push(low, right)
    await until(() => h.coordinator.log.accepted.length === 1)
    expect(h.coordinator.log.accepted[0]?.job).toBe(right.id)
    expect(node.status().lastFailure?.code).toBe('price_below_quote')
  })

  it.each([
    ['not_revealing', false],
    ['reveal_phase_over', true],
    ['does_not_open', true],
  ] as const)('whose opening is refused is opened again, or given up loudly: %s', async (code, isOver) => {
    h.orders.push(summary(auction()))
    const { revealBid } = h.coordinator.handlers
    let refused = 0
    h.coordinator.handlers.revealBid = (call) => {
      refused += 1
      if (refused === 1) throw new ApiError(code, 'no')
      return revealBid?.(call) as never
    }
    await h.start()
    await until(() => h.log.sealed.length === 1)
    h.pass(600)
    await until(() => refused > 0)
    await until(async () => (await bids()).all()[0]?.state === (isOver ? 'missed' : 'revealed'))
    expect(h.lines.some(({ level }) => level === 'error')).toBe(isOver)
  })

  it.each([
    ['with another policy', { policy: encodePolicy({ policy: 'dutch', curve: 'linear', winners: 1 }) }, {}],
    ['that pays less than asked', { maxPriceWei: 999n }, {}],
    ['for another program', { program: toAddress(`0x${'11'.repeat(20)}`).padEnd(66, '0') as never }, {}],
    ['with another matcher', { matcher: prover }, {}],
    ['whose commit phase is over', { offerDeadline: nowS() - 1 }, {}],
    ['that asks for more collateral', { collateralWei: 1n }, {}],
    ['that is matched', {}, { state: 'proving' }],
    ['under a false id', {}, { id: `0x${'22'.repeat(32)}` }],
  ] as const)('%s gets no bid', async (_, changes, shown) => {
    h.orders.push(summary(auction(changes), shown), summary(auction()))
    await h.start()
    await until(() => h.log.sealed.length === 1)
    expect(h.log.sealed[0]?.request).toBe(h.orders[1]?.id)
    await until(async () => (await bids()).all().length === 1)
  })

  it('is forgotten when its request is due', async () => {
    h.orders.push(summary(auction()))
    await h.start()
    await until(() => h.log.sealed.length === 1)
    h.pass(3601)
    await until(async () => (await readdir(join(h.folder, 'bids'))).length === 0)
  })
})
