import {
  announceAccountWithdrawalCall,
  claimsRootOfProof,
  collectCall,
  createMarketSettler,
  delegateEtherCalls,
  devAccount,
  type MarketSettler,
  postCall,
  reclaimCall,
  registerProverCall,
  setHotKeyCall,
  undelegateCall,
  withdrawAccountCall,
  withdrawMarketSharedCall,
  withdrawStakeCall,
} from '@weft/chain'
import { jobOf, MERGE_WORK, parallelJob, payoutPaths, requestId, ZERO_BYTES32 } from '@weft/protocol'
import { parseEther } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aggregateOf, batchOf, joined, proofOf, WORK } from './claims.js'
import {
  addressOf,
  afterCuts,
  FUNDS_WEI,
  INSURER,
  OPERATOR,
  openMarket,
  PRICE_WEI,
  PROVER,
  REQUESTER,
  STRANGER,
  TEST_TERMS,
  type TestMarket,
  TREASURY,
} from './market.js'

const prover = addressOf(PROVER)
const FEE_WEI = (WORK * PRICE_WEI) / 1_000_000n

let market: TestMarket
let settler: MarketSettler
beforeAll(async () => {
  market = await openMarket()
  const { client, addresses } = market
  settler = createMarketSettler(await market.senderOf(OPERATOR), { client, addresses, fromBlock: 0n })
})
afterAll(() => market.close())

const stake = async (part: number, amountWei: bigint, id: string) => {
  const sender = await market.senderOf(part)
  for (const call of delegateEtherCalls(market.addresses, prover, amountWei, id)) await sender.send(call)
}

describe('a prover', () => {
  it('registers with a hot key, stakes first, and others stake with it', async () => {
    const { reader, addresses } = market
    const hotKey = devAccount(11).address
    const sender = await market.senderOf(PROVER)
    expect(await reader.proverOf(prover)).toMatchObject({ registered: false, hotKey: null, stakedWei: 0n })
    await sender.send(registerProverCall(addresses.staking, 2_000, hotKey))
    await expect(stake(STRANGER, 1n, 'too-early')).rejects.toMatchObject({ code: 'no_own_stake' })
    await stake(PROVER, 300n, 'own')
    await stake(STRANGER, 100n, 'delegation')
    expect(await reader.proverOf(prover)).toEqual({
      registered: true,
      commissionBps: 2_000,
      nextCommissionBps: 0,
      nextCommissionAt: 0,
      hotKey,
      stakedWei: 400n,
      leavingWei: 0n,
    })
    expect(await reader.stakeOf(prover, addressOf(STRANGER))).toBe(100n)
    expect(await reader.isKeyOf(prover, hotKey)).toBe(true)
    await sender.send(setHotKeyCall(addresses.staking, null, 'no-hot-key'))
    // For a day longer.
    expect(await reader.isKeyOf(prover, hotKey)).toBe(true)
    expect((await reader.proverOf(prover)).hotKey).toBeNull()
    expect(await reader.isKeyOf(prover, addressOf(STRANGER))).toBe(false)
  })
})

describe('two requests in one aggregate', () => {
  it('are settled and paid at once, and the money comes out again', async () => {
    const { reader, addresses } = market
    const operator = await market.senderOf(OPERATOR)
    const pair = [batchOf(1, ZERO_BYTES32, prover), batchOf(2, ZERO_BYTES32, prover)] as const
    const { batches, root, claims } = aggregateOf(...pair, prover)
    const orders = await Promise.all(batches.map((batch, place) => market.order(batch, place)))
    const payment = { claims, orders }

    expect(await settler.isSettled(root.claims, payment)).toBeNull()
    const tx = await settler.settle(root, proofOf(root), payment)
    expect(await settler.settle(root, proofOf(root), payment)).toBe(tx)
    expect(await settler.isSettled(root.claims, payment)).toBe(tx)
    expect(await settler.skippedBy(tx)).toEqual([])

    const sharedWei = (FEE_WEI * (MERGE_WORK / 2n)) / WORK
    const ids = orders.map(({ request }) => requestId(market.domain, request))
    const paid = { owner: addressOf(REQUESTER), claimsRoot: root.claims, transaction: tx, heldWei: 0n }
    const head = await reader.headBlock()
    expect(await reader.settledOrders(0n, head)).toMatchObject(
      ids.map((request) => ({ ...paid, request, paidWei: FEE_WEI, sharedWei })),
    )
    expect(await reader.settledOrders(0n, head, ids.slice(1))).toHaveLength(1)
    expect(await reader.settledOrders(0n, head, [])).toEqual([])
    expect((await reader.accountOf(addressOf(REQUESTER))).balanceWei).toBe(
      FUNDS_WEI - 2n * (FEE_WEI + sharedWei),
    )
    expect(await reader.earnedWei(prover)).toBe(2n * afterCuts(FEE_WEI))
    expect(await reader.earnedWei(addressOf(TREASURY))).toBe((2n * FEE_WEI) / 100n)
    expect(await reader.earnedWei(addressOf(INSURER))).toBe((2n * FEE_WEI) / 200n)
    expect(await reader.shareOf(prover)).toBeGreaterThan(0n)

    const job = parallelJob(jobOf(batches[0].claim), jobOf(batches[1].claim))
    const entries = payoutPaths({ left: null, right: null, own: { prover, work: MERGE_WORK, job } })
    await operator.send(withdrawMarketSharedCall(addresses.market, root.claims, entries, 'shared'))
    expect(await reader.sharedOf(root.claims)).toEqual({
      collectedWei: 2n * sharedWei,
      paidWei: 2n * sharedWei,
    })

    const earnedWei = 2n * (afterCuts(FEE_WEI) + sharedWei)
    await operator.send(collectCall(addresses.market, prover, 'collect'))
    // A fifth is its commission, rounded up; the rest belongs to those who stake.
    const keptWei = (earnedWei * 2_000n + 9_999n) / 10_000n
    expect((await reader.accountOf(prover)).balanceWei).toBe(FUNDS_WEI + keptWei)
    expect((await reader.proverOf(prover)).stakedWei).toBe(400n + earnedWei - keptWei)
    await expect(operator.send(collectCall(addresses.market, prover, 'again'))).rejects.toMatchObject({
      code: 'nothing_earned',
    })
  })

  it('leave what is announced, after the delay', async () => {
    const { reader, addresses, client } = market
    const sender = await market.senderOf(PROVER)
    const to = devAccount(12).address
    const beforeWei = await client.getBalance({ address: to })
    await sender.send(announceAccountWithdrawalCall(addresses.market, 1_000n, 'leave'))
    const { leavingWei, leavingAt } = await reader.accountOf(prover)
    expect(leavingWei).toBe(1_000n)
    expect(leavingAt).toBe((await reader.headTimeS()) + TEST_TERMS.withdrawalDelayS)
    await expect(
      sender.send(withdrawAccountCall(addresses.market, to, 'ether', 'early')),
    ).rejects.toMatchObject({ code: 'too_early' })
    await market.pass(TEST_TERMS.withdrawalDelayS)
    await sender.send(withdrawAccountCall(addresses.market, to, 'ether', 'out'))
    expect(await client.getBalance({ address: to })).toBe(beforeWei + 1_000n)
    expect(await reader.accountOf(prover)).toMatchObject({ leavingWei: 0n, leavingAt: 0 })
  })

  it('stake leaves after the unbonding delay', async () => {
    const { reader, addresses } = market
    const [sender, delegator] = [await market.senderOf(STRANGER), addressOf(STRANGER)]
    const worthWei = await reader.stakeOf(prover, delegator)
    expect(worthWei).toBeGreaterThan(100n)
    const shares = await reader.sharesOf(prover, delegator)
    await sender.send(undelegateCall(addresses.staking, prover, shares, 'undelegate'))
    const leaving = await reader.leavingOf(prover, delegator)
    expect(leaving.amountWei).toBeGreaterThanOrEqual(worthWei - 1n)
    expect(leaving.leavingAt).toBe((await reader.headTimeS()) + TEST_TERMS.unbondingDelayS)
    await market.pass(TEST_TERMS.unbondingDelayS)
    await sender.send(withdrawStakeCall(addresses.staking, prover, delegator, 'stake-out'))
    expect(await reader.leavingOf(prover, delegator)).toEqual({ amountWei: 0n, leavingAt: 0 })
  })
})

describe('a posted request', () => {
  it('is paid to whoever proves it, without a commitment', async () => {
    const { reader, addresses, domain } = market
    const first = batchOf(3, ZERO_BYTES32, prover)
    const made = joined(first, batchOf(4, first.claim.post, prover), prover)
    const { root } = made
    const request = await market.request(root, { delivery: 0 })
    const id = requestId(domain, request)
    expect(await reader.requestId(request)).toBe(id)
    await (await market.senderOf(REQUESTER)).send(postCall(addresses.market, request))
    expect(await reader.isNonceUsed(request.owner, request.nonce)).toBe(true)
    expect(await reader.postedOf(id)).toMatchObject({ amountWei: parseEther('1') })
    const head = await reader.headBlock()
    expect(await reader.postedRequests(0n, head)).toMatchObject([{ id, request }])

    const order = { ...(await market.order(made, 0)), request, signature: '0x' } as const
    const payment = { claims: [], orders: [order] }
    const tx = await settler.settle(root, proofOf(root), payment)
    expect(await settler.isSettled(claimsRootOfProof(root), payment)).toBe(tx)
    expect(await reader.postedOf(id)).toBeNull()
  })

  it('goes back a day after its deadline', async () => {
    const { reader, addresses } = market
    const request = await market.request(batchOf(5, ZERO_BYTES32, prover).claim)
    const owner = await market.senderOf(REQUESTER)
    await owner.send(postCall(addresses.market, request))
    const { balanceWei } = await reader.accountOf(request.owner)
    await expect(owner.send(reclaimCall(addresses.market, request))).rejects.toMatchObject({
      code: 'not_expired',
    })
    await market.pass(3_600 + 86_401)
    await owner.send(reclaimCall(addresses.market, request))
    expect((await reader.accountOf(request.owner)).balanceWei).toBe(balanceWei + parseEther('1'))
  })

  it('is only its owner’s to post', async () => {
    const request = await market.request(batchOf(6, ZERO_BYTES32, prover).claim)
    const stranger = await market.senderOf(STRANGER)
    await expect(stranger.send(postCall(market.addresses.market, request))).rejects.toMatchObject({
      code: 'not_owner',
    })
  })
})
