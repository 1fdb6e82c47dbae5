import type { Lease, ProgramInfo } from '@weft/api'
import { type DirectSystem, encodeDirectProof, type Limits, ProofError } from '@weft/proof'
import {
  type Bytes32,
  DIRECT_WORK,
  payoutEntry,
  publicInputsHash,
  uintToBytes32,
  ZERO_BYTES32,
} from '@weft/protocol'
import { afterEach, describe, expect, test } from 'vitest'
import { DirectHarness, GROTH, PLONK, SYSTEMS } from './direct-harness.js'
import { leaseOf, until } from './harness.js'
import type { MarketNode } from './market-harness.js'

let d: DirectHarness
afterEach(() => d.m.h.stop())

const TEXT = 'a'
const BATCHED = { delivery: 2 }

const hand = async (node: MarketNode, lease: Lease, info: ProgramInfo, value: number, text = TEXT) =>
  node.api.submitProof({
    params: { id: lease.id },
    query: {},
    body: await d.proofOf(info, text, value),
  })

/** Takes, signs for and proves the one job there is. */
const prove = async (node: MarketNode, info: ProgramInfo, value: number, text = TEXT) => {
  const lease = await d.m.commit(node, await leaseOf(node))
  await hand(node, lease, info, value, text)
  return lease
}

const batchOf = (id: Bytes32) => d.m.h.client().batch({ params: { id } })
const openingOf = (id: Bytes32) => d.m.h.client().opening({ params: { id } })
const settled = (id: Bytes32) => until(async () => (await batchOf(id)).state === 'settled')

/** Lets time pass until something holds. */
const eventually = (holds: () => boolean | Promise<boolean>, stepMs = 500) =>
  until(async () => {
    d.m.h.clock.advance(stepMs)
    return await holds()
  })

/** The same node after a restart. */
const reconnect = async (node: MarketNode): Promise<MarketNode> => {
  const { token } = await d.m.h.session(node.account)
  const api = d.m.h.client(token)
  const size = { maxGates: 1e7, memoryBytes: 1e9, threads: 1, gatesPerSecond: 1e5 }
  await api.registerNode({ body: { name: 'n', ...size, version: '0', srs: 'dev', systems: SYSTEMS } })
  return { ...node, api }
}

/** The same node after a kill; `meanwhile` nothing runs. */
const killed = async (node: MarketNode, meanwhile: () => void = () => undefined): Promise<MarketNode> => {
  await d.m.h.kill()
  meanwhile()
  await d.m.h.open()
  return reconnect(node)
}

describe('a proof that nothing merges', () => {
  test('is registered by its artifact, proven for its price, recorded alone, paid and opened', async () => {
    d = await DirectHarness.start()
    const api = d.m.h.client()
    const { systems, windows } = await api.network()
    expect(systems.map(({ name }) => name)).toEqual(SYSTEMS)
    expect(windows).toEqual({ aggregatedMs: 15_000, batchedMs: 30_000 })
    const info = await d.register(TEXT)
    expect(await api.program({ params: { id: info.id } })).toEqual(info)

    const node = await d.prover()
    expect((await api.status()).nodes.map((one) => one.systems)).toEqual([SYSTEMS])
    await d.m.offer(node, { target: info.id })
    const id = await d.request(info.id, 7)
    const lease = await d.m.commit(node, await leaseOf(node))
    expect(lease.job).toMatchObject({
      kind: 'segment',
      target: 'evm',
      work: DIRECT_WORK,
      gates: info.gates,
    })
    expect(lease.terms?.commitment.priceWei).toBe(1_000n)
    expect(await batchOf(id)).toMatchObject({
      state: 'proving',
      aggregate: null,
      jobs: [{ state: 'leased' }],
    })
    await hand(node, lease, info, 7)
    await settled(id)

    expect(d.l1.transactions).toEqual([[lease.job.id]])
    const [order] = d.l1.payments.flat()
    const entry = { prover: node.address, work: DIRECT_WORK, job: lease.job.id }
    expect(order).toMatchObject({
      place: 0n,
      post: ZERO_BYTES32,
      work: DIRECT_WORK,
      payouts: payoutEntry(entry),
      entries: [{ path: { entry, position: 0n, siblings: [] }, priceWei: 1_000n, rank: 0 }],
    })
    expect(await openingOf(id)).toMatchObject({
      kind: 'record',
      job: lease.job.id,
      root: uintToBytes32(1n),
      index: 0n,
      publicInputs: [uintToBytes32(7n)],
    })
    expect(await d.m.order(id)).toMatchObject({ state: 'settled', l1Tx: uintToBytes32(1n) })
    const payouts = await api.payouts({ params: { prover: node.address }, query: {} })
    expect(payouts.claims).toMatchObject([{ batch: id, job: lease.job.id, work: DIRECT_WORK }])
    expect((await api.status()).batches).toMatchObject({ settled: 1, settling: 0 })
  })

  test('is taken for its own program and public inputs alone, and as nothing else', async () => {
    d = await DirectHarness.start({ limits: { strikes: 100 } })
    const info = await d.register(TEXT)
    const other = await d.register('another program')
    const node = await d.prover()
    await d.m.offer(node, { target: info.id })
    const publicInputs = [uintToBytes32(1n)]
    const bodies = [
      await d.proofOf(info, TEXT, 2),
      await d.proofOf(other, 'another program', 1),
      new Uint8Array([1, 2, 3]),
      encodeDirectProof({ publicInputs, proof: new Uint8Array(4) }),
    ]
    await d.request(info.id, 1)
    for (const body of bodies) {
      const lease = await until(async () => {
        d.m.h.clock.advance(1_000)
        return node.api.lease({ query: { waitMs: '0' } })
      })
      await d.m.commit(node, lease)
      const params = { id: lease.id }
      await expect(node.api.submitProof({ params, query: {}, body })).rejects.toMatchObject({
        code: 'invalid_proof',
      })
    }
    expect(d.l1.transactions).toEqual([])
  })

  test('goes to provers that have its system; the next in rank takes over, and L1 hears of no default', async () => {
    d = await DirectHarness.start()
    const info = await d.register(TEXT)
    const unable = await d.prover(['ultrahonk', PLONK.name])
    await expect(d.m.offer(unable, { target: info.id })).rejects.toMatchObject({ code: 'unsupported' })
    const [cheap, dear] = [await d.prover(), await d.prover()]
    await d.m.offer(cheap, { target: info.id })
    await d.m.offer(dear, { target: info.id, priceWei: 1_500n })
    const id = await d.request(info.id, 7)
    const broken = await d.m.commit(cheap, await leaseOf(cheap))
    d.m.h.clock.advance(8_000)
    const rescue = await prove(dear, info, 7)
    expect(rescue.job.id).toBe(broken.job.id)
    expect(rescue.terms?.commitment.rank).toBe(1)
    await settled(id)
    expect(d.l1.payments.flat()[0]?.entries).toMatchObject([{ rank: 1, priceWei: 1_500n }])
    d.m.h.clock.advance(100_000)
    expect(await d.m.h.database.read('select id from accusations', [])).toEqual([])
    const { standings } = await d.m.h.client().prover({ params: { prover: cheap.address } })
    expect(standings).toMatchObject([{ defaults: 1 }])
  })

  test('of impossible inputs: the request fails with what provers say, and they are paid for having tried', async () => {
    d = await DirectHarness.start()
    const info = await d.register(TEXT)
    const [first, second] = [await d.prover(), await d.prover()]
    await d.m.offer(first, { target: info.id })
    await d.m.offer(second, { target: info.id, priceWei: 1_500n })
    const id = await d.request(info.id, 7)
    const message = 'template Root, line 7: a constraint failed'
    const tell = async (node: MarketNode) => {
      const lease = await d.m.commit(node, await leaseOf(node))
      await node.api.releaseLease({ params: { id: lease.id }, body: { reason: 'unsatisfied', message } })
    }
    const unprintable = { reason: 'unsatisfied', message: 'é' } as const
    await expect(first.api.releaseLease({ params: { id: 'x' }, body: unprintable })).rejects.toMatchObject({
      code: 'bad_request',
    })
    await tell(first)
    const jobId = (await batchOf(id)).jobs[0]?.id
    // What was said outlives the process, and so does what is owed.
    await tell(await killed(second))
    const failure = { code: 'unsatisfied', message }
    expect(await d.m.order(id)).toMatchObject({ state: 'failed', failure })
    const reason = expect.stringContaining(`unsatisfied for segment ${jobId}: ${message}`)
    expect(await batchOf(id)).toMatchObject({ state: 'failed', failure, reason })
    await killed(first)
    await eventually(() => d.m.l1.attempts.length > 0)
    const [paid] = d.m.l1.attempts
    // A twentieth of 2,000, for two.
    expect(paid?.attempts.map(({ feeWei }) => feeWei)).toEqual([50n, 50n])
    const provers = [first.address, second.address]
    expect(paid?.attempts.map(({ commitment }) => commitment.prover)).toEqual(provers.sort())
    for (const prover of provers)
      expect((await d.m.h.client().prover({ params: { prover } })).standings).toEqual([])
    d.m.h.clock.advance(60_000)
    await d.m.h.restart()
    d.m.h.clock.advance(60_000)
    expect(d.m.l1.attempts).toHaveLength(1)
  })
})

test('a prover that finds inputs at fault and is matched again, for want of others, loses no standing', async () => {
  d = await DirectHarness.start({ timing: { soleBlameMs: 60_000 } })
  const info = await d.register(TEXT)
  const node = await d.prover()
  await d.m.offer(node, { target: info.id })
  const id = await d.request(info.id, 7)
  const lease = await d.m.commit(node, await leaseOf(node))
  await node.api.releaseLease({ params: { id: lease.id }, body: { reason: 'bad_inputs' } })
  for (let i = 0; i < 20; i++) {
    d.m.h.clock.advance(1_000)
    expect(await node.api.lease({ query: { waitMs: '0' } })).toBeUndefined()
  }
  const { standings } = await d.m.h.client().prover({ params: { prover: node.address } })
  expect(standings).toEqual([])
  expect((await batchOf(id)).state).toBe('proving')
})

describe('delivery', () => {
  test('in a batch waits for its window, is one transaction, and leaves out what L1 refuses', async () => {
    d = await DirectHarness.start({ limits: { maxBatchedProofs: 3 } })
    const [even, odd] = [await d.register('a'), await d.register('ab')]
    const node = await d.prover()
    for (const { id } of [even, odd]) await d.m.offer(node, { target: id, capacity: 9 })
    const ask = async (value: number, changes: object = BATCHED) => {
      const info = value % 2 === 0 ? even : odd
      const id = await d.request(info.id, value, changes)
      const { job } = await prove(node, info, value, info === even ? 'a' : 'ab')
      return { id, job: job.id }
    }
    const [first, second] = [await ask(1), await ask(2)]
    d.m.h.clock.advance(20_000)
    expect((await batchOf(first.id)).state).toBe('settling')
    expect(d.l1.transactions).toEqual([])
    d.m.h.clock.advance(11_000)
    await settled(second.id)
    expect(d.l1.transactions).toEqual([[first.job, second.job]])
    expect(d.l1.payments.map((orders) => orders.length)).toEqual([2])
    expect(await openingOf(second.id)).toMatchObject({ kind: 'record', index: 1n })

    // Full: nobody waits. One of them L1 refuses: the others go on without it.
    const [third, fourth] = [await ask(3), await ask(4)]
    d.l1.refused = third.job
    const fifth = await ask(5)
    await eventually(async () => (await batchOf(fifth.id)).state === 'settled')
    await settled(fourth.id)
    expect((await batchOf(third.id)).state).toBe('settling')
    expect((await d.m.h.client().status()).settlementWaits).toContain('L1 says no')
    d.l1.refused = null
    await eventually(async () => (await batchOf(third.id)).state === 'settled', 5_000)
    const jobs = [first, second, third, fourth, fifth].map(({ job }) => job)
    expect(d.l1.transactions.flat().sort()).toEqual(jobs.sort())

    // Due soon: the window does not matter.
    const nowS = Math.floor(d.m.h.clock.nowMs() / 1000)
    const due = { ...BATCHED, offerDeadline: nowS + 60, proofDeadline: nowS + 100 }
    await settled((await ask(6, due)).id)
  })

  test('after a kill at every step records once and pays once', async () => {
    d = await DirectHarness.start()
    const info = await d.register(TEXT)
    let node = await d.prover()
    await d.m.offer(node, { target: info.id })
    const id = await d.request(info.id, 7)
    const lease = await d.m.commit(node, await leaseOf(node))
    node = await killed(node)
    d.l1.isDown = true
    await hand(node, lease, info, 7)
    node = await killed(node)
    expect((await batchOf(id)).state).toBe('settling')
    expect(await hand(node, lease, info, 7)).toEqual({ accepted: true, late: false })

    // Recorded, and nobody heard of it.
    const silence = () => new Promise<void>(() => undefined)
    d.l1.isDown = false
    d.l1.beforeRecorded = silence
    await eventually(() => d.l1.transactions.length === 1)
    // Paid, and nobody heard of it.
    node = await killed(node, () => {
      d.l1.beforeRecorded = async () => undefined
      d.l1.beforePaid = silence
    })
    await eventually(() => d.l1.payments.length === 1)
    node = await killed(node, () => {
      d.l1.beforePaid = async () => undefined
    })
    await eventually(async () => (await batchOf(id)).state === 'settled')
    node = await killed(node)
    expect(await openingOf(id)).toMatchObject({ kind: 'record', root: uintToBytes32(1n) })
    expect([d.l1.transactions.length, d.l1.payments.length]).toEqual([1, 1])
  })

  test('that L1 refuses for good ends when nobody would be paid any more', async () => {
    d = await DirectHarness.start()
    const info = await d.register(TEXT)
    const node = await d.prover()
    await d.m.offer(node, { target: info.id })
    const id = await d.request(info.id, 7)
    const lease = await d.m.commit(node, await leaseOf(node))
    d.l1.refused = lease.job.id
    await hand(node, lease, info, 7)
    d.m.h.clock.advance(60_000)
    expect((await batchOf(id)).state).toBe('settling')
    // Far in the future, no timer of before matters.
    await d.m.h.coordinator.close()
    d.m.h.clock.advance(90_000_000)
    await d.m.h.open()
    await eventually(async () => (await batchOf(id)).state === 'failed', 10_000)
    expect((await batchOf(id)).reason).toContain('L1 says no')
    expect(d.l1.payments).toEqual([])
  })
})

describe('is refused', () => {
  test('a program that is not what its artifact makes', async () => {
    d = await DirectHarness.start()
    const info = await d.infoOf(TEXT)
    const { token } = await d.m.h.session()
    const api = d.m.h.client(token)
    const code = (changes: Partial<ProgramInfo>) =>
      api.registerProgram({ body: { ...info, ...changes } }).then(
        () => 'accepted',
        (error: { code: string }) => error.code,
      )
    const other = await d.infoOf('ab')
    expect(await code({ gates: info.gates - 1 })).toBe('program_mismatch')
    expect(await code({ work: 1n })).toBe('program_mismatch')
    expect(await code({ id: other.id })).toBe('program_mismatch')
    expect(await code({ keyHash: other.keyHash })).toBe('program_mismatch')
    expect(await code({ key: other.key })).toBe('program_mismatch')
    expect(await code({ artifact: other.artifact })).toBe('program_mismatch')
    expect(await code({ artifact: await d.m.h.upload(new Uint8Array()) })).toBe('bad_artifact')
    expect(await code({ system: 'unheard-of' })).toBe('unsupported')
    expect(await code({ system: 'ultrahonk' })).toBe('program_mismatch')
    expect(await code({ system: 'Not A Name' })).toBe('bad_request')
    expect(await code({ artifact: uintToBytes32(1n) })).toBe('missing_blob')
    expect(await code({})).toBe('accepted')
    expect(await code({})).toBe('accepted')
    expect(await code({ name: 'another' })).toBe('program_conflict')
  })

  test.each([
    ['bad_key', 'bad_artifact'],
    ['prover_unavailable', 'verifier_unavailable'],
    ['time_limit', 'verifier_unavailable'],
  ] as const)('a program whose key has no hash for %s', async (failure, expected) => {
    d = await DirectHarness.start({ hashKey: () => Promise.reject(new ProofError(failure, 'no')) })
    const { token } = await d.m.h.session()
    const body = { ...(await d.infoOf(TEXT)), system: 'ultrahonk' }
    await expect(d.m.h.client(token).registerProgram({ body })).rejects.toMatchObject({ code: expected })
  })

  test('a program that is not set up within the limits, and more at once than wait their turn', async () => {
    let setUp: DirectSystem['setup'] = GROTH.setup
    const limits: Limits[] = []
    const system: DirectSystem = {
      ...GROTH,
      setup: (artifact, given) => {
        limits.push(given)
        return setUp(artifact, given)
      },
    }
    d = await DirectHarness.start({
      systems: [system],
      timing: { setupMs: 1_234 },
      limits: { setupBytes: 5_678 },
    })
    const info = await d.infoOf(TEXT)
    const { token } = await d.m.h.session()
    const register = () =>
      d.m.h
        .client(token)
        .registerProgram({ body: info })
        .then(
          () => 'accepted',
          (error: { code: string }) => error.code,
        )
    for (const [code, expected] of [
      ['time_limit', 'bad_artifact'],
      ['memory_limit', 'bad_artifact'],
      ['prover_crashed', 'verifier_unavailable'],
    ] as const) {
      setUp = () => Promise.reject(new ProofError(code, 'no'))
      expect(await register()).toBe(expected)
    }
    expect(limits[0]).toMatchObject({ timeMs: 1_234, memoryBytes: 5_678 })

    let open: () => void = () => undefined
    const gate = new Promise<void>((resolve) => {
      open = resolve
    })
    setUp = async (...given) => {
      await gate
      return GROTH.setup(...given)
    }
    let refused = 0
    const answers = Array.from({ length: 12 }, async () => {
      const code = await register()
      if (code === 'rate_limited') refused++
      return code
    })
    // Those that are not let in are told so at once; the others wait for the gate.
    await until(async () => refused === 4)
    open()
    const codes = await Promise.all(answers)
    expect(codes.filter((code) => code === 'accepted')).toHaveLength(8)
    expect(codes.filter((code) => code === 'rate_limited')).toHaveLength(4)
  })

  test('a request that its program cannot serve', async () => {
    d = await DirectHarness.start()
    const [groth, plonk] = [await d.register(TEXT), await d.register('ab', PLONK)]
    const refusal = async (...given: Parameters<DirectHarness['sign']>) => {
      const body = await d.sign(...given)
      const api = d.m.h.client()
      return api.submitRequest({ body }).then(
        () => ({ code: 'accepted', message: '' }),
        (error: { code: string; message: string }) => error,
      )
    }
    const code = async (...given: Parameters<typeof refusal>) => (await refusal(...given)).code
    const aggregated = await refusal(groth.id, 1, { delivery: 1 })
    expect(aggregated.code).toBe('unsupported')
    expect(aggregated.message).toContain('individual or batched')
    const batched = await refusal(plonk.id, 2, BATCHED)
    expect(batched.code).toBe('unsupported')
    expect(batched.message).toContain('delivered individual')
    expect(await code(groth.id, 3, { delivery: 9 })).toBe('unknown_policy')
    expect(await code(groth.id, 4, { matcher: `0x${'00'.repeat(20)}` })).toBe('unsupported')
    expect(await code(groth.id, 5, { maxTotalWei: 1_999n })).toBe('total_too_low')
    expect(await code(groth.id, 6, { pre: uintToBytes32(1n) })).toBe('bad_segments')
    expect(await code(groth.id, 7, {}, { post: uintToBytes32(1n) })).toBe('bad_segments')
    const { segments } = await d.sign(groth.id, 8)
    expect(await code(groth.id, 8, {}, { segments: [...segments, ...segments] })).toBe('bad_segments')
    const stateful = segments.map((segment) => ({ ...segment, post: uintToBytes32(1n) }))
    expect(await code(groth.id, 9, {}, { segments: stateful })).toBe('bad_segments')
    expect(await code(groth.id, 10, { data: publicInputsHash([]) })).toBe('bad_segments')
    expect(await code(plonk.id, 11)).toBe('accepted')
    const noir = await d.m.signRequest(2, 12, BATCHED)
    await expect(d.m.h.client().submitRequest({ body: noir })).rejects.toMatchObject({ code: 'unsupported' })
  })
})
