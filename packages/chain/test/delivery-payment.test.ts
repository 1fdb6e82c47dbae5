import {
  collectCall,
  createMarketL1,
  createMarketSettler,
  type DirectRecord,
  type MarketL1,
  type MarketSettler,
} from '@weft/chain'
import { type Address, type Order, requestId, toAddress, uintToBytes32 } from '@weft/protocol'
import { parseEther } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDelivery, type TestDelivery } from './delivery.js'
import { addressOf, afterCuts, MATCHER, OPERATOR, PRICE_WEI, PROVER, RIVAL, STRANGER } from './market.js'

const prover = addressOf(PROVER)
const rival = addressOf(RIVAL)

let l1: TestDelivery
let settler: MarketSettler
let matcher: MarketL1
beforeAll(async () => {
  l1 = await openDelivery()
  const { client, addresses } = l1
  settler = createMarketSettler(await l1.senderOf(OPERATOR), { client, addresses, fromBlock: 0n })
  matcher = createMarketL1(await l1.senderOf(MATCHER), { client, addresses })
})
afterAll(() => l1.close())

const sent = () => l1.client.getTransactionCount({ address: addressOf(OPERATOR) })
const proofOf = (circuit: number) => l1.prove({ ceremony: 1, circuit, inputs: 1 })

/** Proofs with a request for each, by one prover or several. */
const ordered = async (
  provers: readonly Address[],
  changes: Parameters<TestDelivery['directOrder']>[2] = {},
) =>
  Promise.all(
    provers.map(async (by, i) => {
      const proof = await proofOf(i)
      return { proof, order: await l1.directOrder(proof, by, changes) }
    }),
  )

type Part = Awaited<ReturnType<typeof ordered>>[number]

type Payable = { readonly order: Order; readonly record: DirectRecord }

const recorded = async (parts: readonly Part[]): Promise<Payable[]> => {
  const records = await l1.settler.record(parts.map(({ proof }) => proof))
  return parts.map(({ order }, i) => ({ order, record: records[i] as DirectRecord }))
}

describe('payment', () => {
  it('of a proof alone and of a batch reaches the provers’ accounts, once', async () => {
    const { reader, addresses } = l1
    const alone = await recorded(await ordered([prover]))
    const batch = await recorded(await ordered([prover, rival, prover]))
    const before = await Promise.all([prover, rival].map((each) => reader.earnedWei(each)))
    const transactions = [await l1.settler.pay(alone), await l1.settler.pay(batch)]
    expect(await reader.earnedWei(prover)).toBe((before[0] ?? 0n) + 3n * afterCuts(PRICE_WEI))
    expect(await reader.earnedWei(rival)).toBe((before[1] ?? 0n) + afterCuts(PRICE_WEI))
    for (const transaction of transactions) expect(await settler.skippedBy(transaction)).toEqual([])

    const earnedWei = await reader.earnedWei(prover)
    const { balanceWei } = await reader.accountOf(prover)
    await (await l1.senderOf(OPERATOR)).send(collectCall(addresses.market, prover, 'collect'))
    expect((await reader.accountOf(prover)).balanceWei).toBe(balanceWei + earnedWei)

    const count = await sent()
    expect([await l1.settler.pay(alone), await l1.settler.pay(batch)]).toEqual(transactions)
    expect(await sent()).toBe(count)
  })

  it('goes on after a restart between record and payment, and after one behind it', async () => {
    const parts = await ordered([prover, rival])
    await l1.settler.record(parts.map(({ proof }) => proof))
    const again = await l1.restarted()
    const found = await Promise.all(
      parts.map(async ({ proof, order }) => ({ order, record: await again.recordOf(proof.job) })),
    )
    const orders = found.map(({ order, record }) => ({ order, record: record as DirectRecord }))
    const transaction = await again.pay(orders)
    l1 = { ...l1, settler: await l1.restarted() }
    const count = await sent()
    expect(await l1.settler.pay(orders)).toBe(transaction)
    expect(await sent()).toBe(count)
  })

  it('leaves out what is paid, and skips with its reason what cannot be', async () => {
    const paid = await recorded(await ordered([prover]))
    const [poor] = (await recorded(await ordered([rival], { owner: addressOf(STRANGER) }))) as [Payable]
    const [open] = (await recorded(await ordered([rival]))) as [Payable]
    await l1.settler.pay(paid)
    const transaction = await l1.settler.pay([...paid, poor, open])
    expect(await settler.skippedBy(transaction)).toEqual([
      { request: requestId(l1.domain, poor.order.request), reason: 'BalanceTooLow' },
    ])
    const { request } = open.order
    expect(await l1.reader.isNonceUsed(request.owner, request.nonce)).toBe(true)
  })

  it('of an order that was never right is refused with its job, and costs nothing', async () => {
    const parts = (await ordered([prover, rival])) as [Part, Part]
    const [good, bad] = (await recorded(parts)) as [Payable, Payable]
    const { job } = parts[1].proof
    const dearer = bad.order.entries.map((entry) => ({ ...entry, priceWei: entry.priceWei + 1n }))
    const dear = { ...bad, order: { ...bad.order, entries: dearer } }
    const lost = { ...bad, record: { ...bad.record, siblings: [uintToBytes32(1n)] } }
    const count = await sent()
    await expect(l1.settler.pay([good, dear])).rejects.toMatchObject({
      code: 'invalid_commitment',
      details: { job },
    })
    await expect(l1.settler.pay([good, lost])).rejects.toMatchObject({
      code: 'not_recorded',
      details: { job },
    })
    await expect(l1.settler.pay([])).rejects.toMatchObject({ code: 'no_orders' })
    expect(await sent()).toBe(count)
  })
})

describe('attempts', () => {
  it('are paid for by the matcher, and void the request', async () => {
    const { reader } = l1
    const [{ proof, order }] = (await ordered([prover])) as [Part]
    const { request, signature } = order
    const promises = await Promise.all(
      [prover, rival].map(async (by, rank) =>
        l1.sign(await l1.commitment(request, { prover: by, job: proof.job, work: 0n }, { rank })),
      ),
    )
    const feeWei = 1_000_000n
    const payment = {
      request,
      signature,
      allowed: [],
      attempts: promises.map((each) => ({ ...each, feeWei })),
    }
    const dear = payment.attempts.map((each) => ({ ...each, feeWei: parseEther('1') }))
    await expect(matcher.payAttempts({ ...payment, attempts: dear })).rejects.toMatchObject({
      code: 'attempts_too_dear',
    })
    const before = await Promise.all([prover, rival].map((each) => reader.earnedWei(each)))
    const { balanceWei } = await reader.accountOf(toAddress(request.owner))
    const transaction = await matcher.payAttempts(payment)
    for (const [i, by] of [prover, rival].entries()) {
      expect(await reader.earnedWei(by)).toBe((before[i] ?? 0n) + afterCuts(feeWei))
    }
    expect((await reader.accountOf(request.owner)).balanceWei).toBe(balanceWei - 2n * feeWei)
    expect(await matcher.payAttempts(payment)).toBe(transaction)

    const [record] = (await l1.settler.record([proof])) as [DirectRecord]
    const refused = await l1.settler.pay([{ order, record }])
    expect(await settler.skippedBy(refused)).toEqual([
      { request: requestId(l1.domain, request), reason: 'NonceUsed' },
    ])
  })

  it('are nobody else’s to say', async () => {
    const [{ proof, order }] = (await ordered([prover])) as [Part]
    const { request, signature } = order
    const promise = await l1.sign(await l1.commitment(request, { prover, job: proof.job, work: 0n }))
    const { client, addresses } = l1
    const stranger = createMarketL1(await l1.senderOf(STRANGER), { client, addresses })
    const payment = { request, signature, allowed: [], attempts: [{ ...promise, feeWei: 1n }] }
    await expect(stranger.payAttempts(payment)).rejects.toMatchObject({ code: 'not_matched' })
  })
})
