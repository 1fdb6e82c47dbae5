import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Opening } from '@weft/api'
import { createMarketL1, createMarketSettler, type Sender } from '@weft/chain'
import { createNodeMarketL1 } from '@weft/node'
import {
  claimHash,
  claimPath,
  commitmentId,
  jobOf,
  MERGE_WORK,
  type Order,
  type PayoutPath,
  parallelJob,
  payoutPaths,
  requestId,
  type SignedCommitment,
  ZERO_BYTES32,
} from '@weft/protocol'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { aggregateOf, batchOf, joined, proofOf } from '../../chain/test/claims.js'
import {
  addressOf,
  OPERATOR,
  openMarket,
  PROVER,
  RIVAL,
  TEST_TERMS,
  type TestMarket,
} from '../../chain/test/market.js'
import type { Link } from '../src/coordinator/link.js'
import { type Commitments, openCommitments } from '../src/market/commitments.js'
import { Defence } from '../src/market/defence.js'
import type { NodeMarketL1 } from '../src/market/l1.js'
import { Payments } from '../src/market/payments.js'
import { clock, until } from './support/harness.js'

/* What a node sends is right in the eyes of the contracts. */

const [prover, rival] = [addressOf(PROVER), addressOf(RIVAL)]
const { signal } = new AbortController()
const logger = { info: () => undefined, warn: () => undefined, error: () => undefined }

let market: TestMarket
let operator: Sender
let l1: NodeMarketL1
let folder: string
let commitments: Commitments
let opening: Opening
beforeAll(async () => {
  market = await openMarket()
  operator = await market.senderOf(OPERATOR)
  l1 = createNodeMarketL1({ ...market, sender: await market.senderOf(PROVER) })
})
afterAll(() => market.close())
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-node-'))
  commitments = await openCommitments(join(folder, 'commitments'), market.domain)
  return () => rm(folder, { recursive: true })
})

/** A coordinator that knows one opening. */
const link = {
  once: (_: unknown, __: number, call: (api: unknown) => Promise<unknown>) =>
    call({ opening: async () => opening }),
} as unknown as Link

const payments = () => new Payments({ link, prover, l1, commitments, logger, minWei: 0n })

const settle = async (...batches: Parameters<typeof aggregateOf>) => {
  const { root, claims } = aggregateOf(...batches)
  const { client, addresses } = market
  const settler = createMarketSettler(operator, { client, addresses, fromBlock: 0n })
  return { root, claims, settler }
}

const keep = (request: Order['request'], { commitment, signature, counterSignature }: SignedCommitment) =>
  commitments.put({ request, commitment, signature, counterSignature, evidence: null, isPaid: false })

/** Keeps the prover's commitment for an entry of an order. */
const keepEntry = async (order: Order, path: PayoutPath) => {
  const priced = order.entries.find((each) => each.path.position === path.position)
  if (!priced) throw new Error('the order has the entry')
  const { priceWei, deadline, collateralWei, rank, signature, counterSignature } = priced
  const { job } = path.entry
  const request = requestId(market.domain, order.request)
  const commitment = { request, job, prover, priceWei, deadline, collateralWei, rank }
  await keep(order.request, { commitment, signature, counterSignature })
}

it('claims the entry that a settlement left out, and collects it', async () => {
  const left = batchOf(1, ZERO_BYTES32, prover)
  const right = batchOf(2, left.claim.post, rival)
  const finished = joined(left, right, rival)
  const own = finished.paths.find(({ entry }) => entry.prover === prover)
  if (!own) throw new Error('the prover has an entry')
  const order = await market.order(finished, 0)
  await keepEntry(order, own)
  const { settler } = await settle(left, batchOf(3, ZERO_BYTES32, rival), rival)
  const entries = order.entries.filter(({ path }) => path !== own)
  const payment = { claims: [claimHash(finished.claim)], orders: [{ ...order, entries }] }
  const l1Tx = await settler.settle(finished.root, proofOf(finished.root), payment)
  const root = claimHash(finished.claim)
  const { program, pre, post, data, work, payouts } = finished.claim
  const claim = { program, pre, post, data, work, payouts }
  opening = { claim, claimsRoot: root, index: 0n, siblings: [], count: 1, l1Tx }

  expect(await l1.reader.earnedWei(prover)).toBe(0n)
  expect(await payments().learn({ claimHash: root, paths: [own] }, signal)).toBe(true)
  await payments().claimLeftOut(signal)
  const earnedWei = await l1.reader.earnedWei(prover)
  expect(earnedWei).toBeGreaterThan(0n)
  expect(commitments.all()[0]?.isPaid).toBe(true)
  const { balanceWei } = await l1.reader.accountOf(prover)
  expect(await payments().collect(signal)).toBe(earnedWei)
  expect((await l1.reader.accountOf(prover)).balanceWei).toBe(balanceWei + earnedWei)
  expect(await payments().collect(signal)).toBe(0n)
})

it('draws the parallel merges’ part from the market', async () => {
  const [a, b] = [batchOf(11, ZERO_BYTES32, rival), batchOf(12, ZERO_BYTES32, rival)]
  const { root, claims, settler } = await settle(a, b, prover)
  const { batches } = aggregateOf(a, b, prover)
  const orders = await Promise.all(batches.map((batch, place) => market.order(batch, place)))
  await settler.settle(root, proofOf(root), { claims, orders })
  const job = parallelJob(jobOf(batches[0].claim), jobOf(batches[1].claim))
  const paths = payoutPaths({ left: null, right: null, own: { prover, work: MERGE_WORK, job } })
  await l1.withdrawShared(root.claims, paths, 'shared:1')
  expect(await l1.reader.earnedWei(prover)).toBe((await l1.reader.sharedOf(root.claims)).collectedWei)
  expect((await l1.reader.settledOrders(0n, await l1.reader.headBlock())).at(-1)?.claimsRoot).toBe(
    root.claims,
  )
})

it('defends itself with its own proof against an accusation', async () => {
  const [own, shown] = [batchOf(21, ZERO_BYTES32, prover), batchOf(21, ZERO_BYTES32, rival)]
  const request = await market.request(own.claim)
  const [path] = own.paths as [PayoutPath]
  const [rescuePath] = shown.paths as [PayoutPath]
  const deadline = (await market.reader.headTimeS()) + 600
  const broken = await market.sign(await market.commitment(request, path.entry, { deadline }))
  const rescue = await market.sign(await market.commitment(request, rescuePath.entry, { rank: 1 }))
  await keep(request, broken)

  const record = async (batch: typeof own, other: number) => {
    const beside = batchOf(other, ZERO_BYTES32, rival)
    const { root, claims, settler } = await settle(batch, beside, rival)
    const l1Tx = await settler.settle(root, proofOf(root), { claims, orders: [] })
    const path = claimPath(claims, claims.indexOf(claimHash(batch.claim)))
    return {
      claim: batch.claim,
      claimsRoot: root.claims,
      ...path,
      siblings: [...path.siblings],
      count: 2,
      l1Tx,
    }
  }
  opening = await record(own, 22)
  expect(await payments().learn({ claimHash: claimHash(own.claim), paths: [path] }, signal)).toBe(true)
  await market.pass(600 + TEST_TERMS.defenceWindowS + 1)
  const { claim, index, siblings } = await record(shown, 23)
  const matcherL1 = createMarketL1(operator, market)
  await matcherL1.accuse(request, broken, rescue, { claim, index, siblings, path: rescuePath })

  const id = commitmentId(market.domain, broken.commitment)
  expect(await l1.reader.commitmentState(id)).toBe('accused')
  const stopping = new AbortController()
  const defence = await Defence.open({
    ...{ folder, prover, l1, commitments, logger },
    // The chain's clock is ahead of the machine's: nothing is old here.
    clock,
    pollMs: 20,
    fromBlock: 0n,
  })
  const running = defence.run(stopping.signal)
  await until(async () => (await l1.reader.commitmentState(id)) === 'defended')
  await until(() => defence.open.length === 0)
  stopping.abort()
  await running
})
