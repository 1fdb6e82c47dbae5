import {
  createMarketL1,
  createMarketSettler,
  defendCall,
  devAccount,
  type MarketL1,
  registerProverCall,
  releaseCall,
} from '@weft/chain'
import {
  type Commitment,
  claimPath,
  commitmentId,
  type Evidence,
  type PayoutPath,
  type Request,
  tag,
  ZERO_BYTES32,
} from '@weft/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aggregateOf, type Batch, batchOf, proofOf } from './claims.js'
import {
  addressOf,
  COLLATERAL_WEI,
  FUNDS_WEI,
  INSURER,
  OPERATOR,
  openMarket,
  PROVER,
  REQUESTER,
  RIVAL,
  TEST_TERMS,
  type TestMarket,
} from './market.js'

/** Until a first prover's deadline. */
const TIME_S = 600
const { defenceWindowS } = TEST_TERMS
const [prover, rescuer] = [addressOf(PROVER), addressOf(RIVAL)]

let market: TestMarket
let l1: MarketL1
let number = 0
beforeAll(async () => {
  market = await openMarket()
  l1 = createMarketL1(await market.senderOf(OPERATOR), market)
})
afterAll(() => market.close())

const batch = (by = rescuer) => batchOf(++number, ZERO_BYTES32, by)

/** Records an aggregate of two batches; nobody pays. Evidence for the first given. */
const record = async (shown: Batch): Promise<Evidence> => {
  const { client, addresses } = market
  const settler = createMarketSettler(await market.senderOf(OPERATOR), { client, addresses, fromBlock: 0n })
  const { root, claims, batches } = aggregateOf(shown, batch(), rescuer)
  await settler.settle(root, proofOf(root), { claims, orders: [] })
  const at = batches.indexOf(shown)
  const { index, siblings } = claimPath(claims, at)
  return { claim: shown.claim, index, siblings, path: shown.paths[0] as PayoutPath }
}

/** A request whose first prover has ten minutes, with a runner-up behind it. */
const match = async (shown: Batch) => {
  const [{ entry }] = shown.paths as [PayoutPath]
  const request = await market.request(shown.claim)
  const deadline = (await market.reader.headTimeS()) + TIME_S
  const first = await market.commitment(request, entry, { prover, deadline })
  const second = await market.commitment(request, entry, { prover: rescuer, rank: 1 })
  const [broken, rescue] = [await market.sign(first), await market.sign(second)]
  return { request, broken, rescue, commitment: first, id: commitmentId(market.domain, first) }
}

describe('a default', () => {
  it('is accused, waits for an answer, and is convicted', async () => {
    const { reader } = market
    const shown = batch()
    const { request, broken, rescue, commitment, id } = await match(shown)
    expect(await l1.commitmentState(id)).toBe('open')
    expect(await l1.suspendedUntil(prover)).toBe(0)
    await market.pass(TIME_S + 1)
    const evidence = await record(shown)
    await expect(l1.accuse(request, broken, rescue, evidence)).rejects.toMatchObject({
      code: 'defence_open',
    })
    expect(await l1.defenceWindowS()).toBe(defenceWindowS)
    await market.pass(defenceWindowS)
    const accused = await l1.accuse(request, broken, rescue, evidence)
    expect(await l1.accuse(request, broken, rescue, evidence)).toBe(accused)
    expect(await l1.commitmentState(id)).toBe('accused')
    const until = (await l1.headTimeS()) + defenceWindowS
    // And an hour for somebody to convict it.
    expect(await l1.suspendedUntil(prover)).toBe(until + 3_600)
    const head = await reader.headBlock()
    expect(await reader.accusedCommitments(0n, head, prover)).toMatchObject([
      { commitment: id, prover, rescuer, until, transaction: accused, blockNumber: head },
    ])
    expect(await reader.accusedCommitments(0n, head, rescuer)).toEqual([])

    await expect(l1.convict(request, commitment)).rejects.toMatchObject({ code: 'defence_open' })
    await market.pass(defenceWindowS + 1)
    const convicted = await l1.convict(request, commitment)
    expect(await l1.commitmentState(id)).toBe('defaulted')
    expect(await reader.convictedCommitments(0n, await reader.headBlock(), prover)).toMatchObject([
      {
        commitment: id,
        prover,
        rescuer,
        collateralWei: COLLATERAL_WEI,
        stakeWei: 0n,
        transaction: convicted,
      },
    ])
    expect((await l1.accountOf(prover)).balanceWei).toBe(FUNDS_WEI - COLLATERAL_WEI)
    expect((await l1.accountOf(addressOf(REQUESTER))).balanceWei).toBe(FUNDS_WEI + COLLATERAL_WEI / 2n)
    expect((await l1.accountOf(rescuer)).balanceWei).toBe(FUNDS_WEI + (COLLATERAL_WEI * 3n) / 10n)
    expect((await l1.accountOf(addressOf(INSURER))).balanceWei).toBe(COLLATERAL_WEI / 5n)
    expect(await l1.suspendedUntil(prover)).toBe((await l1.headTimeS()) + 86_400)
  })

  it('is none when the accused shows its own proof', async () => {
    const shown = batch()
    const { request, broken, rescue, commitment, id } = await match(shown)
    const own = batchOf(number, ZERO_BYTES32, prover)
    const ownEvidence = await record(own)
    await market.pass(TIME_S + defenceWindowS + 1)
    const evidence = await record(shown)
    await l1.accuse(request, broken, rescue, evidence)
    const sender = await market.senderOf(PROVER)
    await sender.send(defendCall(market.addresses.defaults, commitment, ownEvidence))
    expect(await l1.commitmentState(id)).toBe('defended')
    await market.pass(defenceWindowS + 1)
    await expect(l1.convict(request, commitment)).rejects.toMatchObject({ code: 'not_accused' })
  })

  it('is none before the deadline, and none of a prover without a runner-up’s proof', async () => {
    const shown = batch()
    const { request, broken, rescue } = await match(shown)
    const evidence = await record(shown)
    await market.pass(TIME_S + defenceWindowS + 1)
    const refused = (accusation: Promise<unknown>, code: string) =>
      expect(accusation).rejects.toMatchObject({ code })
    await refused(l1.accuse(request, broken, rescue, evidence), 'not_late')
    await refused(l1.accuse(request, rescue, broken, evidence), 'no_rescue')
    await refused(
      l1.accuse(request, broken, { ...rescue, counterSignature: rescue.signature }, evidence),
      'not_matched',
    )
    await refused(
      l1.accuse(request, { ...broken, signature: rescue.signature }, rescue, evidence),
      'invalid_commitment',
    )
    const elsewhere = { ...evidence, index: evidence.index ^ 1n }
    await refused(l1.accuse(request, broken, rescue, elsewhere), 'not_recorded')
  })
})

describe('a commitment', () => {
  const release = async (request: Request, commitment: Commitment, part: number) =>
    (await market.senderOf(part)).send(releaseCall(market.addresses.defaults, request, commitment))

  it('is taken back for a fiftieth of its collateral, by its prover alone', async () => {
    const { request, commitment, id } = await match(batch())
    await expect(release(request, commitment, RIVAL)).rejects.toMatchObject({ code: 'not_prover' })
    const { balanceWei } = await l1.accountOf(prover)
    await release(request, commitment, PROVER)
    expect(await l1.commitmentState(id)).toBe('released')
    expect((await l1.accountOf(prover)).balanceWei).toBe(balanceWei - COLLATERAL_WEI / 50n)
  })

  it('stands once its deadline has passed', async () => {
    const { request, commitment } = await match(batch())
    await market.pass(TIME_S + 1)
    await expect(release(request, commitment, PROVER)).rejects.toMatchObject({ code: 'deadline_passed' })
  })
})

it('knows keys, stake and nonces', async () => {
  expect(await l1.isKeyOf(prover, prover)).toBe(true)
  expect(await l1.isKeyOf(prover, rescuer)).toBe(false)
  expect(await l1.stakeOf(prover)).toBe(0n)
  expect(await l1.isNonceUsed(addressOf(REQUESTER), 10_000n)).toBe(false)
})

it('takes a prover’s signature from its own key and its hot key alone', async () => {
  const [own, hot, other] = [PROVER, REQUESTER, RIVAL].map((part) => devAccount(part).account)
  const digest = tag('a commitment')
  const signedBy = async (account = own) => (await account?.sign({ hash: digest })) ?? '0x'
  expect(await l1.isSignedForProver(prover, digest, await signedBy(own))).toBe(true)
  expect(await l1.isSignedForProver(prover, digest, await signedBy(hot))).toBe(false)
  const { staking } = market.addresses
  const sender = await market.senderOf(PROVER)
  await sender.send(registerProverCall(staking, 0, addressOf(REQUESTER)))
  expect(await l1.isSignedForProver(prover, digest, await signedBy(hot))).toBe(true)
  expect(await l1.isSignedForProver(prover, digest, await signedBy(other))).toBe(false)
  expect(await l1.isSignedForProver(prover, tag('another'), await signedBy(own))).toBe(false)
  expect(await l1.isSignedForProver(prover, digest, '0x1234')).toBe(false)
})
