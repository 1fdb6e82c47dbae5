import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ApiError, type Payouts, type Terms } from '@weft/api'
import type { NodeL1 } from '@weft/node'
import {
  type Claim,
  claimHash,
  claimPath,
  claimsRoot,
  commitmentId,
  jobOf,
  MERGE_WORK,
  payoutEntry,
  payoutPaths,
  payoutRoot,
  requestId,
  uintToBytes32,
  WeftError,
} from '@weft/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openCommitments } from '../src/market/commitments.js'
import { prover, until } from './support/harness.js'
import { createMarketHarness, domain, ETHER, type MarketHarness, nowS, requester } from './support/market.js'

let h: MarketHarness
beforeEach(async () => {
  h = await createMarketHarness()
})
afterEach(() => h.close())

const OTHER_CLAIM = uintToBytes32(9n)

/** The claim of a request of one segment, recorded beside another one. */
const settledClaim = (n: number) => {
  const { pre, post, data, work } = h.claimOf(n, h.coordinator.leaf.work)
  const statement = { program: h.coordinator.leaf.id, pre, post, data }
  const entry = { prover, work, job: jobOf(statement) }
  const claim: Claim = { ...statement, work, payouts: payoutEntry(entry) }
  const hashes = [claimHash(claim), OTHER_CLAIM]
  return { claim, entry, root: claimsRoot(hashes), path: claimPath(hashes, 0) }
}

/** Tells the node that the claim has settled. */
const settle = (n: number, shared: Payouts['shared'] = []) => {
  const { claim, entry, root, path } = settledClaim(n)
  const { work, job } = entry
  const told = { claimsRoot: root, job, work, payouts: claim.payouts }
  h.coordinator.pay({
    claims: [{ ...told, entries: [{ work, job, position: 0n, siblings: [] }] }],
    shared,
    cursor: 1,
  })
  h.coordinator.handlers.opening = () => ({
    claim,
    claimsRoot: root,
    index: path.index,
    siblings: [...path.siblings],
    count: 2,
    l1Tx: uintToBytes32(1n),
  })
}

const aggregate = { claims: 2, collectedWei: 0n, paidWei: 0n }
let payoutsOnL1 = uintToBytes32(0n)
/** The settlement of the market: nothing is opened there, and everything has the same two claims. */
const settlementL1 = () =>
  ({
    reader: {
      mergeKey: async () => h.coordinator.merge.keyHash,
      aggregate: async () => ({ ...aggregate, payouts: payoutsOnL1 }),
    },
    sender: {},
  }) as unknown as NodeL1

const start = (options: Parameters<MarketHarness['start']>[1] = {}) =>
  h.start({}, { withdrawalPollMs: 20, ...options }, { l1: settlementL1() })

/** A node that has committed to a segment and proven it. */
const prove = async (n: number, changes: Parameters<MarketHarness['match']>[1] = {}, options = {}) => {
  const job = await h.segment(n)
  const terms = await h.match(job, changes)
  h.coordinator.queue.push(job)
  const node = await start(options)
  await until(() => h.coordinator.log.accepted.length === 1)
  return { node, terms, id: commitmentId(domain, terms.commitment) }
}

const accuse = ({ commitment }: Terms) => {
  const id = commitmentId(domain, commitment)
  h.l1.accusations.push({ commitment: id, rescuer: requester, until: nowS() + 60 })
  h.l1.states.set(id, 'accused')
}

const sent = <K extends MarketHarness['l1']['sent'][number]['kind']>(kind: K) =>
  h.l1.sent.filter((call): call is Extract<typeof call, { kind: K }> => call.kind === kind)

describe('an accusation', () => {
  it('is answered with the node’s own proof', async () => {
    const { node, terms } = await prove(1)
    settle(1)
    accuse(terms)
    await until(() => sent('defend').length === 1)
    const { claim, path } = settledClaim(1)
    const [answer] = sent('defend')
    expect(answer?.commitment).toEqual(terms.commitment)
    expect(answer?.own).toEqual({
      claim,
      index: path.index,
      siblings: path.siblings,
      path: { entry: { prover, work: 500n, job: terms.commitment.job }, position: 0n, siblings: [] },
    })
    await until(() => node.status().market?.problem === null)
    expect(sent('defend')).toHaveLength(1)
  })

  it('is answered by the node’s next life, without a coordinator', async () => {
    const { node, terms, id } = await prove(1)
    settle(1)
    const commitments = () => openCommitments(join(h.folder, 'commitments'), domain)
    await until(async () => ((await commitments()).get(id)?.evidence ?? null) !== null)
    await node.stop()
    await h.coordinator.down()
    accuse(terms)
    await start()
    await until(() => sent('defend').length === 1)
    await h.coordinator.up()
  })

  it('without a settled proof is an alarm that says what is at stake, once', async () => {
    const { node, terms, id } = await prove(
      1,
      { commitment: { collateralWei: ETHER } },
      { market: { pollMs: 20, collateralWei: ETHER } },
    )
    accuse(terms)
    await until(() => node.status().market?.problem?.code === 'accused')
    await until(() => h.lines.some(({ level, collateral }) => level === 'error' && collateral === '1'))
    const offers = h.log.offers.length
    h.resting.clear()
    await until(() => h.log.offers.length > offers)
    const alarms = () => h.lines.filter(({ message }) => message.startsWith('accused of a default'))
    expect(alarms()).toHaveLength(1)
    expect(node.status().market?.problem?.message).toContain(id)
    h.l1.states.set(id, 'defaulted')
    await until(() => node.status().market?.problem === null)
    await until(() => h.lines.some(({ message }) => message === 'convicted of a default'))
    expect(sent('defend')).toEqual([])
  })

  it('under a commitment that the node never signed points at its key', async () => {
    const node = await start()
    h.l1.accusations.push({ commitment: uintToBytes32(3n), rescuer: requester, until: nowS() + 60 })
    h.l1.states.set(uintToBytes32(3n), 'accused')
    await until(() => node.status().market?.problem?.code === 'accused')
    await until(() => h.lines.some(({ message }) => message.includes('key is stolen')))
  })

  it('is answered when L1 is back', async () => {
    const { terms } = await prove(1)
    settle(1)
    h.l1.isDown = true
    accuse(terms)
    await until(() => h.lines.some(({ message }) => message === 'cannot look for accusations now'))
    h.l1.isDown = false
    await until(() => sent('defend').length === 1)
  })
})

describe('a settled claim', () => {
  it('is no evidence where the coordinator opens another one', async () => {
    const { terms } = await prove(1)
    settle(1)
    const { opening } = h.coordinator.handlers
    h.coordinator.handlers.opening = async (request) => {
      const told = (await opening?.(request)) as never as { claim: Claim }
      return { ...told, claim: { ...told.claim, work: 501n } } as never
    }
    await until(() =>
      h.lines.some(({ message }) => message.startsWith('the coordinator opens another claim')),
    )
    accuse(terms)
    await until(() => h.lines.some(({ message }) => message.startsWith('accused of a default')))
    expect(sent('defend')).toEqual([])
  })

  it('is asked about until the coordinator knows its place', async () => {
    await prove(1)
    settle(1)
    const { opening } = h.coordinator.handlers
    let asked = 0
    h.coordinator.handlers.opening = (request) => {
      asked += 1
      if (asked < 3) throw new ApiError('not_settled', 'later')
      return opening?.(request) as never
    }
    await until(async () => {
      const kept = await openCommitments(join(h.folder, 'commitments'), domain)
      return kept.all()[0]?.evidence !== null
    })
    expect(asked).toBe(3)
  })
})

describe('an entry that a settlement left out', () => {
  it('is claimed with the commitment', async () => {
    const { terms } = await prove(1)
    settle(1)
    const { claim } = settledClaim(1)
    h.l1.held.set(requestId(domain, terms.request), { claimHash: claimHash(claim), amountWei: 1n })
    h.l1.usedNonces.add(terms.request.nonce)
    await until(() => sent('claim').length === 1)
    const { order } = sent('claim')[0] ?? {}
    expect(order).toMatchObject({
      request: terms.request,
      signature: '0x',
      post: claim.post,
      work: claim.work,
      payouts: claim.payouts,
      allowed: [],
    })
    expect(order?.entries).toEqual([
      {
        path: { entry: { prover, work: 500n, job: terms.commitment.job }, position: 0n, siblings: [] },
        priceWei: terms.commitment.priceWei,
        deadline: terms.commitment.deadline,
        collateralWei: 0n,
        rank: 0,
        signature: h.log.committed[0]?.signature,
        counterSignature: terms.counterSignature,
      },
    ])
  })

  it('is not claimed where it was paid, or where something else is held', async () => {
    const { terms, id } = await prove(1)
    settle(1)
    h.l1.refuse = new WeftError('entry_already_paid', 'paid')
    const { claim } = settledClaim(1)
    h.l1.held.set(requestId(domain, terms.request), { claimHash: claimHash(claim), amountWei: 1n })
    h.l1.usedNonces.add(terms.request.nonce)
    const isPaid = async () =>
      (await openCommitments(join(h.folder, 'commitments'), domain)).get(id)?.isPaid === true
    await until(isPaid)
    expect(sent('claim')).toEqual([])
    expect(h.lines.filter(({ level }) => level === 'error')).toEqual([])
  })
})

describe('earnings', () => {
  it('are collected when they are worth it', async () => {
    h.l1.earnedWei = 50n
    const node = await start({ minWithdrawalWei: 51n })
    await until(() => h.log.offers.length === 1)
    expect(sent('collect')).toEqual([])
    h.l1.earnedWei = 51n
    await until(() => node.status().earnings?.withdrawnWei === 51n)
    expect(sent('collect')).toHaveLength(1)
  })

  it('of parallel merges are drawn from the market’s pool as it fills, and counted once', async () => {
    const tree = { left: null, right: null, own: { prover, work: MERGE_WORK, job: uintToBytes32(6n) } }
    payoutsOnL1 = payoutRoot(tree)
    const entries = payoutPaths(tree).map(({ entry, position, siblings }) => ({
      work: entry.work,
      job: entry.job,
      position,
      siblings: siblings.map(([a, b]) => [a, b] as [typeof a, typeof b]),
    }))
    const root = uintToBytes32(7n)
    h.coordinator.pay({
      claims: [],
      shared: [{ claimsRoot: root, payouts: payoutsOnL1, count: 2, entries }],
      cursor: 1,
    })
    h.l1.sharedWei.set(root, 10n)
    const node = await start()
    await until(() => sent('shared').length === 1)
    h.l1.sharedWei.set(root, 15n)
    h.l1.settled.push({ claimsRoot: root })
    await until(() => sent('shared').length === 2)
    expect(new Set(sent('shared').map(({ id }) => id)).size).toBe(2)
    expect(node.status().earnings?.withdrawnWei).toBe(0n)
  })
})

describe('commitments on disk', () => {
  const keep = async () => {
    const job = await h.segment(1)
    const terms = await h.match(job)
    const folder = join(h.folder, 'kept')
    const commitments = await openCommitments(folder, domain)
    const { request, commitment, counterSignature } = terms
    const kept = {
      request,
      commitment,
      counterSignature,
      signature: '0x01',
      evidence: null,
      isPaid: false,
    } as const
    await commitments.put(kept)
    return { folder, commitments, kept, id: commitmentId(domain, commitment) }
  }

  it('are what was put there', async () => {
    const { folder, kept, id } = await keep()
    expect((await openCommitments(folder, domain)).get(id)).toEqual(kept)
  })

  it('stay until two days after the proof was due', async () => {
    const { folder, commitments, kept, id } = await keep()
    const overMs = (kept.request.proofDeadline + 2 * 24 * 3600) * 1000
    await commitments.prune(overMs - 1)
    expect(commitments.get(id)).toBeDefined()
    await commitments.prune(overMs)
    expect(commitments.all()).toEqual([])
    expect(await readdir(folder)).toEqual([])
  })

  it('are not worked without where they are damaged', async () => {
    await mkdir(join(h.folder, 'commitments'), { recursive: true })
    await writeFile(join(h.folder, 'commitments', `${uintToBytes32(1n)}.json`), '{"commitment":{}}')
    await expect(h.start()).rejects.toThrow()
    await rm(join(h.folder, 'commitments'), { recursive: true })
  })
})
