import {
  claimHeldCall,
  claimsRootOfProof,
  createL1Client,
  createMarketSettler,
  depositEtherCall,
  type MarketSettler,
  returnHeldCall,
  settleCall,
  settleMarketCall,
  settleRecordedCall,
} from '@weft/chain'
import { abis, bytecodes } from '@weft/contracts/testing'
import {
  type Address,
  type Bytes32,
  claimPath,
  MERGE_WORK,
  requestId,
  toAddress,
  ZERO_BYTES32,
} from '@weft/protocol'
import { encodeFunctionData } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aggregateOf, batchOf, joined, proofOf, WORK } from './claims.js'
import {
  addressOf,
  FUNDS_WEI,
  MATCHER,
  OPERATOR,
  openMarket,
  PRICE_WEI,
  PROVER,
  RIVAL,
  STRANGER,
  TEST_TERMS,
  type TestMarket,
  WALLET_SIGNATURE,
} from './market.js'

const prover = addressOf(PROVER)
const rival = addressOf(RIVAL)

let market: TestMarket
let settler: MarketSettler
let number = 0
beforeAll(async () => {
  market = await openMarket()
  const { client, addresses } = market
  settler = createMarketSettler(await market.senderOf(OPERATOR), { client, addresses, fromBlock: 0n })
})
afterAll(() => market.close())

const batch = (pre: Bytes32 = ZERO_BYTES32, by: Address = prover) => batchOf(++number, pre, by)

/** An aggregate of two batches with a request for each. */
const pair = async () => {
  const made = aggregateOf(batch(), batch(), prover)
  const orders = await Promise.all(made.batches.map((part, place) => market.order(part, place)))
  return { ...made, orders, payment: { claims: made.claims, orders } }
}

/** A root of one claim, with a rival's batch in it, and an order for it. */
const sequence = async (owner?: Address) => {
  const first = batch()
  const made = joined(first, batch(first.claim.post, rival), prover)
  const order = await market.order(made, 0, { delivery: 0, ...(owner && { owner }) })
  return { ...made, order, payment: { claims: [], orders: [order] } }
}

describe('an order that has become impossible', () => {
  it('is skipped with its reason, and paid later from what is recorded', async () => {
    const { reader, addresses, domain } = market
    const operator = await market.senderOf(OPERATOR)
    const made = aggregateOf(batch(), batch(), prover)
    const poor = addressOf(STRANGER)
    const paid = await market.order(made.batches[0], 0)
    const unpaid = await market.order(made.batches[1], 1, { owner: poor })
    const payment = { claims: made.claims, orders: [paid, unpaid] }
    const request = requestId(domain, unpaid.request)

    const tx = await settler.settle(made.root, proofOf(made.root), payment)
    expect(await settler.skippedBy(tx)).toEqual([{ request, reason: 'BalanceTooLow' }])
    const head = await reader.headBlock()
    expect(await reader.skippedOrders(0n, head, [request])).toMatchObject([
      { request, reason: 'BalanceTooLow', transaction: tx, blockNumber: head },
    ])
    expect(await settler.isSettled(made.root.claims, payment)).toBeNull()

    const { index, siblings } = claimPath(made.claims, 1)
    const later = settleRecordedCall(addresses.market, { ...unpaid, place: index }, siblings)
    await expect(operator.send(later)).rejects.toMatchObject({
      code: 'balance_too_low',
      details: { owner: expect.stringMatching(new RegExp(poor, 'i')) },
    })
    await operator.send(depositEtherCall(addresses.market, poor, FUNDS_WEI, 'poor'))
    await operator.send(later)
    expect(await settler.isSettled(made.root.claims, payment)).toBe(tx)
  })

  it('has a name for each of its reasons', async () => {
    const paid = await pair()
    await settler.settle(paid.root, proofOf(paid.root), paid.payment)
    const made = aggregateOf(batch(), batch(), prover)
    const expired = await market.order(made.batches[0], 0, { proofDeadline: 1 })
    const unsigned = { ...(await market.order(made.batches[1], 1)), signature: expired.signature }
    const orders = [expired, unsigned]
    const tx = await settler.settle(made.root, proofOf(made.root), { claims: made.claims, orders })
    expect((await settler.skippedBy(tx)).map(({ reason }) => reason)).toEqual(['Expired', 'InvalidSignature'])

    const again = aggregateOf(batch(), batch(), prover)
    const spent = await market.order(again.batches[0], 0, { nonce: paid.orders[0]?.request.nonce ?? 0n })
    const unposted = { ...(await market.order(again.batches[1], 1)), signature: '0x' } as const
    const payment = { claims: again.claims, orders: [spent, unposted] }
    const second = await settler.settle(again.root, proofOf(again.root), payment)
    expect((await settler.skippedBy(second)).map(({ reason }) => reason)).toEqual(['NonceUsed', 'NotPosted'])
    // Void is as final as paid.
    expect(await settler.isSettled(again.root.claims, payment)).toBe(second)
  })

  it('makes a call fail that was never right', async () => {
    const { root, payment, orders } = await pair()
    const dear = orders.map((order) => ({
      ...order,
      entries: order.entries.map((entry) => ({ ...entry, priceWei: entry.priceWei + 1n })),
    }))
    await expect(settler.settle(root, proofOf(root), { ...payment, orders: dear })).rejects.toMatchObject({
      code: 'invalid_commitment',
    })
    const swapped = { ...payment, orders: orders.toReversed() }
    await expect(settler.settle(root, proofOf(root), swapped)).rejects.toMatchObject({
      code: 'orders_not_ascending',
    })
    await expect(settler.settle(root, new Uint8Array(32), payment)).rejects.toMatchObject({
      code: 'invalid_proof',
    })
    expect(await settler.isSettled(root.claims, payment)).toBeNull()
  })
})

describe('a stranger', () => {
  it('who records the proof first changes nothing: it is paid for all the same', async () => {
    const { root, payment } = await pair()
    const stranger = await market.senderOf(STRANGER)
    const recorded = await stranger.send(settleCall(market.addresses.settlement, root, proofOf(root)))
    expect(await settler.isSettled(root.claims, payment)).toBeNull()
    const tx = await settler.settle(root, proofOf(root), payment)
    expect(tx).not.toBe(recorded.hash)
    expect(await settler.skippedBy(tx)).toEqual([])
    expect(await settler.isSettled(root.claims, payment)).toBe(recorded.hash)
  })

  it('who pays for a root of one claim first is taken for ours', async () => {
    const { root, payment } = await sequence()
    const stranger = await market.senderOf(STRANGER)
    const { hash } = await stranger.send(
      settleMarketCall(market.addresses.market, root, proofOf(root), payment),
    )
    expect(await settler.settle(root, proofOf(root), payment)).toBe(hash)
  })
})

describe('a root of one claim', () => {
  it('is settled with one order', async () => {
    const { root, order, payment } = await sequence()
    const twice = { claims: [], orders: [order, order] }
    await expect(settler.settle(root, proofOf(root), twice)).rejects.toMatchObject({
      code: 'one_order_needed',
    })
    const tx = await settler.settle(root, proofOf(root), payment)
    expect(await settler.isSettled(claimsRootOfProof(root), payment)).toBe(tx)
  })

  it('is recorded without its order where that has become impossible, and paid later', async () => {
    const { addresses, domain } = market
    const { root, order, payment } = await sequence(addressOf(MATCHER))
    const tx = await settler.settle(root, proofOf(root), payment)
    expect(await settler.settle(root, proofOf(root), payment)).toBe(tx)
    const request = requestId(domain, order.request)
    expect(await settler.skippedBy(tx)).toEqual([{ request, reason: 'BalanceTooLow' }])
    expect(await settler.isSettled(claimsRootOfProof(root))).toBe(tx)
    expect(await settler.isSettled(claimsRootOfProof(root), payment)).toBeNull()

    const operator = await market.senderOf(OPERATOR)
    await operator.send(depositEtherCall(addresses.market, addressOf(MATCHER), FUNDS_WEI, 'late-funds'))
    expect(await settler.settle(root, proofOf(root), payment)).not.toBe(tx)
    expect(await settler.isSettled(claimsRootOfProof(root), payment)).toBe(tx)
  })

  it('is recorded alone where nobody pays', async () => {
    const { root } = await sequence()
    const nothing = { claims: [], orders: [] }
    const tx = await settler.settle(root, proofOf(root), nothing)
    expect(await settler.isSettled(claimsRootOfProof(root))).toBe(tx)
    expect(await settler.settle(root, proofOf(root), nothing)).toBe(tx)
  })

  it('keeps money for entries that were left out, until they are claimed or the window is over', async () => {
    const { reader, addresses, domain } = market
    const operator = await market.senderOf(OPERATOR)
    const { root, order } = await sequence()
    const showing = (from: number, to: number) => ({ ...order, entries: order.entries.slice(from, to) })
    await settler.settle(root, proofOf(root), { claims: [], orders: [showing(0, 1)] })
    const id = requestId(domain, order.request)
    const held = await reader.heldOf(id)
    expect(held).toMatchObject({ claimsRoot: claimsRootOfProof(root) })
    expect(held?.amountWei).toBeGreaterThan(0n)

    const beforeWei = (await reader.earnedWei(rival)) + (await reader.earnedWei(prover))
    await operator.send(claimHeldCall(addresses.market, showing(1, 2)))
    expect((await reader.earnedWei(rival)) + (await reader.earnedWei(prover))).toBeGreaterThan(beforeWei)
    await expect(operator.send(claimHeldCall(addresses.market, showing(1, 3)))).rejects.toMatchObject({
      code: 'entry_already_paid',
    })
    await expect(operator.send(returnHeldCall(addresses.market, order.request))).rejects.toMatchObject({
      code: 'still_held',
    })
    await market.pass(TEST_TERMS.claimWindowS)
    await operator.send(returnHeldCall(addresses.market, order.request))
    expect(await reader.heldOf(id)).toBeNull()
  })
})

describe('a requester that is a contract', () => {
  it('signs by ERC-1271, and can take its word back', async () => {
    const { reader, addresses, domain } = market
    const operator = await market.senderOf(OPERATOR)
    const created = await operator.send({
      id: 'wallet',
      to: null,
      data: bytecodes.MockWallet,
      valueWei: 0n,
    })
    const wallet = toAddress(String(created.contractAddress))
    await operator.send(depositEtherCall(addresses.market, wallet, FUNDS_WEI, 'wallet-funds'))
    const say = (digest: Bytes32, value: boolean) => ({
      id: `say:${digest}:${value}`,
      to: wallet,
      data: encodeFunctionData({ abi: abis.MockWallet, functionName: 'sign', args: [digest, value] }),
      valueWei: 0n,
    })
    const made = aggregateOf(batch(), batch(), prover)
    const orders = await Promise.all(
      made.batches.map((part, place) => market.order(part, place, { owner: wallet })),
    )
    const [kept, broken] = orders.map(({ request }) => requestId(domain, request)) as [Bytes32, Bytes32]
    expect(await reader.isSignedBy(wallet, kept, WALLET_SIGNATURE)).toBe(false)
    await operator.send(say(kept, true))
    await operator.send(say(broken, true))
    expect(await reader.isSignedBy(wallet, kept, WALLET_SIGNATURE)).toBe(true)
    expect(await reader.isSignedBy(wallet, broken, WALLET_SIGNATURE)).toBe(true)
    await operator.send(say(broken, false))

    const tx = await settler.settle(made.root, proofOf(made.root), { claims: made.claims, orders })
    expect(await settler.skippedBy(tx)).toEqual([{ request: broken, reason: 'InvalidSignature' }])
    expect((await reader.accountOf(wallet)).balanceWei).toBe(
      FUNDS_WEI - (WORK * PRICE_WEI) / 1_000_000n - (MERGE_WORK / 2n) * (PRICE_WEI / 1_000_000n),
    )
  })
})

it('says that L1 is down', async () => {
  const down = createMarketSettler(await market.senderOf(OPERATOR), {
    client: createL1Client('http://127.0.0.1:1'),
    addresses: market.addresses,
    fromBlock: 0n,
  })
  await expect(down.isSettled(ZERO_BYTES32)).rejects.toMatchObject({ code: 'l1_unavailable' })
  await expect(down.skippedBy(ZERO_BYTES32)).rejects.toMatchObject({ code: 'l1_unavailable' })
})
