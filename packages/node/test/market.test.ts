import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ApiError } from '@weft/api'
import { commitmentId, offerId, toAddress, uintToBytes32, WeftError } from '@weft/protocol'
import { privateKeyToAccount } from 'viem/accounts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { clock, prover, until } from './support/harness.js'
import {
  createMarketHarness,
  domain,
  ETHER,
  isSigned,
  type MarketHarness,
  nowS,
  pricing,
  requester,
  type TermsChanges,
} from './support/market.js'

let h: MarketHarness
beforeEach(async () => {
  h = await createMarketHarness()
})
afterEach(() => h.close())

const stranger = privateKeyToAccount(uintToBytes32(99n))

describe('offers', () => {
  it('are placed for programs that the node proves, signed, and cancelled when it stops', async () => {
    const node = await h.start({ capacity: 2, collateralWei: 7n })
    await until(() => h.log.offers.length === 1)
    const [offer] = h.log.offers
    if (!offer) throw new Error('no offer')
    expect(offer).toMatchObject({
      prover,
      target: h.coordinator.leaf.id,
      priceWei: 1_000n,
      capacity: 2,
      collateralWei: 7n,
    })
    expect(offer.expiry).toBeGreaterThan(nowS() + 590)
    expect(offer.expiry).toBeLessThanOrEqual(nowS() + 600)
    expect(await isSigned(offerId(domain, offer), h.log.signatures[0] ?? '')).toBe(true)
    await until(() => node.status().market?.offers === 1)
    expect(node.status().market).toEqual({
      offers: 1,
      priceWei: 1_000n,
      turnaroundMs: offer.turnaroundMs,
      capacity: 2,
      promisedWork: 0n,
      problem: null,
    })
    await node.stop()
    expect(h.log.cancelled).toEqual([offerId(domain, offer)])
    expect(h.resting.size).toBe(0)
  })

  it('ask for more where a program declares less work than it takes', async () => {
    const { programs, leaf, merge } = h.coordinator
    programs.set(merge.id, { ...merge, work: 1000n })
    programs.set(leaf.id, { ...leaf, work: 1000n })
    const priced = { ...pricing, floorWei: 0n, hardwareWeiPerHour: 10n ** 18n }
    const first = await h.start({}, { pricing: priced })
    await until(() => h.log.offers.length === 1)
    await first.stop()
    const { gatesPerSecond } = first.status()
    const costWei = (gates: bigint, speed: number) => (10n ** 18n * gates) / (3600n * BigInt(speed))
    expect(h.log.offers[0]?.priceWei).toBe(costWei(1_000_000n, gatesPerSecond) + 1n)
    programs.set(leaf.id, { ...leaf, work: 100n })
    const second = await h.start({}, { pricing: priced })
    await until(() => h.log.offers.length === 2)
    const price = h.log.offers[1]?.priceWei ?? 0n
    expect(price - costWei(10_000_000n, second.status().gatesPerSecond)).toBeLessThanOrEqual(1n)
  })

  it('are none where the node cannot prove the merges above', async () => {
    const { programs, merge } = h.coordinator
    programs.set(merge.id, { ...merge, gates: 2 ** 30 })
    const node = await h.start()
    let looks = 0
    h.coordinator.handlers.offers = () => {
      looks += 1
      return []
    }
    await until(() => looks > 2)
    expect(h.log.offers).toEqual([])
    expect(node.status().market).toMatchObject({ offers: 0, priceWei: null, turnaroundMs: null })
  })

  it('are renewed before they expire, one at a time', async () => {
    await h.start({ offerMs: 600_000 })
    for (const n of [1, 2, 3]) {
      await until(() => h.log.offers.length === n)
      expect(h.resting.size).toBe(1)
      h.pass(451)
    }
    await until(() => h.log.offers.length === 4)
    expect(new Set(h.log.offers.map(({ nonce }) => nonce)).size).toBe(4)
    expect(h.log.offers.every(({ nonce }) => nonce >> 128n === 0n)).toBe(true)
  })

  it('do not forget the jobs in hand when they are renewed', async () => {
    const node = await h.start({ capacity: 2 })
    await until(() => h.log.offers.length === 1)
    h.hold(true)
    const job = await h.segment(1)
    await h.match(job, {
      request: { proofDeadline: nowS() + 7200 },
      commitment: { deadline: nowS() + 7200 },
    })
    h.coordinator.queue.push(job)
    await until(() => h.started.includes('leaf'))
    h.pass(451)
    await until(() => h.log.offers.length === 2)
    expect(h.log.offers[1]?.capacity).toBe(1)
    h.hold(false)
    await until(() => h.log.offers.length === 3)
    expect(h.log.offers[2]?.capacity).toBe(2)
    expect(node.status().market?.promisedWork).toBe(0n)
  })

  it('are none for what the node has no hands for', async () => {
    await h.start()
    await until(() => h.log.offers.length === 1)
    h.hold(true)
    const job = await h.segment(1)
    await h.match(job, {
      request: { proofDeadline: nowS() + 7200 },
      commitment: { deadline: nowS() + 7200 },
    })
    h.coordinator.queue.push(job)
    await until(() => h.started.includes('leaf'))
    h.pass(451)
    await until(() => h.log.cancelled.length === 1)
    expect(h.resting.size).toBe(0)
    h.hold(false)
    await until(() => h.log.offers.length === 2)
    expect(h.coordinator.log.accepted).toHaveLength(1)
  })

  it('are placed again when the coordinator has lost them', async () => {
    await h.start()
    await until(() => h.log.offers.length === 1)
    h.resting.clear()
    await until(() => h.log.offers.length === 2)
    expect(h.resting.size).toBe(1)
  })

  it.each([
    ['too_little_stake', 'weft stake 0.1'],
    ['beyond_collateral', 'weft deposit 2.5'],
    ['suspended', '2030-03-17T17:46:40.000Z'],
  ] as const)('that are refused say what to do: %s', async (code, remedy) => {
    h.coordinator.handlers.submitOffer = () => {
      throw new ApiError(code, 'no')
    }
    const node = await h.start({ collateralWei: (5n * ETHER) / 2n })
    await until(() => node.status().market?.problem !== null && node.status().market !== null)
    expect(node.status().market).toMatchObject({ offers: 0, problem: { code } })
    expect(node.status().market?.problem?.message).toContain(remedy)
    expect(h.lines.some(({ level, message }) => level === 'warn' && message.includes(remedy))).toBe(true)
  })
})

describe('a lease with terms', () => {
  it('is committed to before its inputs are fetched', async () => {
    const job = await h.segment(1)
    const terms = await h.match(job)
    const { getBlob } = h.coordinator.handlers
    let fetchedUncommitted = false
    h.coordinator.handlers.getBlob = (request) => {
      fetchedUncommitted ||= h.log.committed.length === 0
      return getBlob?.(request) as never
    }
    h.coordinator.queue.push(job)
    const node = await h.start()
    await until(() => h.coordinator.log.accepted.length === 1)
    const id = commitmentId(domain, terms.commitment)
    expect(h.log.committed).toHaveLength(1)
    expect(await isSigned(id, h.log.committed[0]?.signature ?? '')).toBe(true)
    expect(fetchedUncommitted).toBe(false)
    expect(h.coordinator.log.accepted[0]?.proof).toBe(h.segmentProof(1))
    // Both signatures are on disk: the node has to defend itself with them.
    const kept = JSON.parse(`${await readFile(join(h.folder, 'commitments', `${id}.json`))}`)
    expect(kept).toMatchObject({
      signature: h.log.committed[0]?.signature,
      counterSignature: terms.counterSignature,
      commitment: { priceWei: '2000' },
    })
    await until(() => node.status().market?.promisedWork === 0n)
  })

  it('counts as promised while it is worked on, the next one too that comes with a proof’s answer', async () => {
    const jobs = [await h.segment(1), await h.segment(2)]
    for (const job of jobs) await h.match(job)
    const node = await h.start()
    h.hold(true)
    h.coordinator.queue.push(...jobs)
    await until(() => h.started.includes('leaf'))
    expect(node.status().market?.promisedWork).toBe(500n)
    h.hold(false)
    await until(() => h.coordinator.log.accepted.length === 2)
    expect(h.log.committed).toHaveLength(2)
    expect(h.coordinator.log.released).toEqual([])
  })

  const suitable: [string, TermsChanges][] = [
    ['at exactly the asked price', { commitment: { priceWei: 1_000n } }],
    ['from a request without a matcher', { request: { matcher: toAddress(`0x${'00'.repeat(20)}`) } }],
    [
      'to come to the rescue when the request is late',
      {
        request: { proofDeadline: nowS() - 60 },
        commitment: { rank: 1 },
      },
    ],
    ['with collateral within the limit', { commitment: { collateralWei: ETHER } }],
  ]
  it.each(suitable)('is taken on %s', async (_, changes) => {
    const job = await h.segment(1)
    await h.match(job, changes)
    h.coordinator.queue.push(job)
    await h.start({ collateralWei: ETHER })
    await until(() => h.coordinator.log.accepted.length === 1)
  })

  const unsuitable: [string, TermsChanges][] = [
    ['price_below_quote', { commitment: { priceWei: 999n } }],
    ['price_below_quote', { request: { maxPriceWei: 999n } }],
    ['total_too_low', { request: { maxTotalWei: 0n } }],
    ['deadline_too_close', { commitment: { deadline: nowS() - 1 } }],
    ['deadline_too_close', { request: { proofDeadline: nowS() - 1 } }],
    ['collateral_above_limit', { commitment: { collateralWei: ETHER + 1n } }],
    ['collateral_too_low', { request: { collateralWei: 1n } }],
    ['foreign_prover', { commitment: { prover: requester } }],
    ['foreign_job', { commitment: { job: uintToBytes32(5n) } }],
    ['foreign_request', { commitment: { request: uintToBytes32(5n) } }],
    ['foreign_program', { request: { program: uintToBytes32(5n) } }],
    ['foreign_matcher', { request: { matcher: toAddress(stranger.address) } }],
    ['not_matched', { by: stranger }],
    ['owner_cannot_pay', { request: { maxTotalWei: 100n * ETHER + 1n } }],
    ['owner_cannot_pay', { request: { owner: toAddress(stranger.address) } }],
  ]
  it.each(unsuitable)('is declined, and its inputs not fetched: %s (%#)', async (code, changes) => {
    const [bad, good] = [await h.segment(1), await h.segment(2)]
    await h.match(bad, changes)
    await h.match(good)
    h.coordinator.queue.push(bad, good)
    const node = await h.start({ collateralWei: ETHER })
    await until(() => h.coordinator.log.accepted.length === 1)
    expect(h.coordinator.log.released).toEqual([{ job: bad.id, reason: 'declined' }])
    expect(h.coordinator.log.accepted[0]?.job).toBe(good.id)
    expect(h.log.committed).toHaveLength(1)
    expect(node.status()).toMatchObject({ released: { declined: 1 }, lastFailure: { code } })
    expect(h.lines.find(({ message }) => message === 'lease declined')).toMatchObject({ code, level: 'warn' })
    expect(await readdir(join(h.folder, 'commitments'))).toHaveLength(1)
  })

  it('is declined where the signature is good for another chain', async () => {
    const job = await h.segment(1)
    const terms = await h.match(job)
    h.coordinator.terms.set(job.id, {
      ...terms,
      commitment: {
        ...terms.commitment,
        request: commitmentId({ ...domain, chainId: 1n }, terms.commitment),
      },
    })
    h.coordinator.queue.push(job)
    const node = await h.start()
    await until(() => node.status().lastFailure?.code === 'foreign_request')
  })

  it('is declined for collateral that the account does not have, or that leaves', async () => {
    const [first, second] = [await h.segment(1), await h.segment(2)]
    for (const job of [first, second]) await h.match(job, { commitment: { collateralWei: 2n } })
    h.l1.balances.set(prover, 3n)
    h.l1.leaving.set(prover, 2n)
    h.coordinator.queue.push(first)
    const node = await h.start({ collateralWei: ETHER })
    await until(() => node.status().lastFailure?.code === 'collateral_beyond_balance')
    expect(node.status().lastFailure?.message).toContain('weft deposit')
    h.l1.leaving.set(prover, 1n)
    h.coordinator.queue.push(second)
    await until(() => h.coordinator.log.accepted.length === 1)
  })

  it('of a posted request needs no balance of its owner’s', async () => {
    const job = await h.segment(1)
    const { commitment } = await h.match(job, { request: { owner: toAddress(stranger.address) } })
    h.l1.posted.add(commitment.request)
    h.coordinator.queue.push(job)
    await h.start()
    await until(() => h.coordinator.log.accepted.length === 1)
  })

  it('is declined where the node does not offer the program', async () => {
    h.coordinator.programs.delete(h.coordinator.merge.id)
    const job = await h.segment(1)
    await h.match(job)
    h.coordinator.queue.push(job)
    const node = await h.start()
    await until(() => node.status().lastFailure?.code === 'no_quote')
  })

  it.each(['lease_lost', 'job_already_proven', 'unknown_lease'] as const)(
    'is dropped where it is over before it is committed to: %s',
    async (code) => {
      const { commitLease } = h.coordinator.handlers
      h.coordinator.handlers.commitLease = () => {
        h.coordinator.handlers.commitLease = commitLease as never
        throw new ApiError(code, 'too late')
      }
      const [first, second] = [await h.segment(1), await h.segment(2)]
      for (const job of [first, second]) await h.match(job)
      h.coordinator.queue.push(first, second)
      await h.start()
      await until(() => h.coordinator.log.accepted.length === 1)
      expect(h.coordinator.log.accepted[0]?.job).toBe(second.id)
      expect(h.coordinator.log.released).toEqual([])
      // The coordinator has the signature all the same.
      expect(await readdir(join(h.folder, 'commitments'))).toHaveLength(2)
    },
  )

  it('is not kept waiting by an L1 that does not answer', async () => {
    const job = await h.segment(1)
    await h.match(job)
    h.coordinator.queue.push(job)
    const reader = { ...h.deps.l1.reader, accountOf: () => new Promise<never>(() => undefined) }
    const sleep = (ms: number, signal: AbortSignal) => clock.sleep(ms === 5_000 ? 20 : ms, signal)
    await h.start({}, {}, { market: { ...h.deps, l1: { ...h.deps.l1, reader } }, clock: { ...clock, sleep } })
    await until(() => h.coordinator.log.accepted.length === 1)
    expect(h.lines.some(({ message }) => message.startsWith('cannot ask L1 now'))).toBe(true)
  })

  it('is taken on while L1 is down: the matcher’s signature needs no L1', async () => {
    const job = await h.segment(1)
    await h.match(job)
    h.coordinator.queue.push(job)
    h.l1.isDown = true
    await h.start()
    await until(() => h.coordinator.log.accepted.length === 1)
    expect(h.lines.some(({ message }) => message.startsWith('cannot ask L1 now'))).toBe(true)
  })
})

describe('a lease without terms', () => {
  it('is declined where nobody would pay for it', async () => {
    const jobs = [await h.segment(1), await h.merge(1, 'sequence', 'evm')]
    h.coordinator.queue.push(...jobs)
    const node = await h.start()
    await until(() => h.coordinator.log.released.length === 2)
    expect(h.coordinator.log.released.map(({ reason }) => reason)).toEqual(['declined', 'declined'])
    expect(node.status().lastFailure?.code).toBe('no_terms')
  })

  it('is taken on for a parallel merge: all requests below share its price', async () => {
    h.coordinator.queue.push(await h.merge(1, 'parallel', 'evm'))
    await h.start()
    await until(() => h.coordinator.log.accepted.length === 1)
    expect(h.log.committed).toEqual([])
  })
})

describe('a commitment that the node cannot keep', () => {
  const give = async (behave: Parameters<MarketHarness['segment']>[1]) => {
    const job = await h.segment(1, behave)
    const { commitment } = await h.match(job)
    h.coordinator.queue.push(job)
    await h.start()
    await until(() => h.coordinator.log.released.length === 1)
    return commitment
  }

  it.each(['memory_limit', 'time_limit', 'prover_crashed'] as const)(
    'is taken back on L1: %s',
    async (behave) => {
      const commitment = await give(behave)
      await until(() => h.l1.sent.length === 1)
      expect(h.l1.sent).toEqual([{ kind: 'release', commitment }])
    },
  )

  it.each(['unsatisfied', 'bad_inputs'] as const)('by the requester’s fault, stands: %s', async (behave) => {
    await give(behave)
    h.coordinator.queue.push(await h.segment(2))
    await h.match(h.coordinator.queue.at(-1) as never)
    await until(() => h.coordinator.log.accepted.length === 1)
    expect(h.l1.sent).toEqual([])
  })

  it('stands where L1 refuses, and the node goes on', async () => {
    h.l1.refuse = new WeftError('release_unpaid', 'the account is empty')
    await give('prover_crashed')
    const next = await h.segment(2)
    await h.match(next)
    h.coordinator.queue.push(next)
    await until(() => h.coordinator.log.accepted.length === 1)
    expect(h.lines.some(({ message }) => message.includes('cannot take the commitment back'))).toBe(true)
  })
})

describe('a node that is late', () => {
  it('offers slower and takes one job at a time', async () => {
    const node = await h.start({ capacity: 3 })
    await until(() => h.log.offers.length === 1)
    const submit = h.coordinator.handlers.submitProof
    h.coordinator.handlers.submitProof = async (request) => ({
      ...((await submit?.(request)) as object),
      accepted: true,
      late: true,
    })
    const job = await h.segment(1)
    await h.match(job)
    h.coordinator.queue.push(job)
    await until(() => h.log.offers.length === 2)
    const [before, after] = h.log.offers
    expect(after?.capacity).toBe(1)
    expect(after?.turnaroundMs).toBe(((before?.turnaroundMs ?? 0n) * 3n + 1n) / 2n)
    expect(h.log.cancelled).toHaveLength(1)
    expect(node.status().market?.capacity).toBe(1)
  })
})

describe('a node and a coordinator of different markets', () => {
  it.each([
    ['wrong_deployment', { contract: toAddress(`0x${'cd'.repeat(20)}`) }],
    ['no_market', null],
  ] as const)('do not work together: %s', async (code, changes) => {
    const { network } = h.coordinator.handlers
    h.coordinator.handlers.network = async (request) => {
      const served = (await network?.(request)) as never
      return { ...(served as object), market: changes && { ...h.market, ...changes } } as never
    }
    const node = await h.start()
    await expect(node.ended).rejects.toMatchObject({ code })
  })

  it('do not work together where the node knows of none', async () => {
    const node = await h.start({}, {}, { market: undefined })
    await expect(node.ended).rejects.toMatchObject({ code: 'market_missing' })
  })

  it('need a pricing', async () => {
    await expect(h.start({}, { pricing: undefined as never })).rejects.toMatchObject({
      code: 'pricing_missing',
    })
    await expect(h.start({}, { pricing: { ...pricing, powerWatts: -1 } })).rejects.toMatchObject({
      code: 'bad_pricing',
    })
  })
})
