import type { Payouts } from '@weft/api'
import { type Bytes32, claimHash, claimsRootOf, type PayoutPath, payoutRootOf } from '@weft/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { claimOf, Harness, leaseOf, padProgram, prove, proveAll, segmentProgram, until } from './harness.js'

let h: Harness
beforeEach(async () => {
  h = await Harness.start({ timing: { windowMs: 1000 } })
})
afterEach(() => h.stop())

const settled = (id: Bytes32) =>
  until(async () => {
    const batch = await h.client().batch({ params: { id } })
    return batch.state === 'settled' && batch
  })

const rootsOf = (entries: Payouts['shared'][number]['entries'], prover: Bytes32) =>
  entries.map(({ work, job, position, siblings }) => {
    const path: PayoutPath = { entry: { prover, work, job }, position, siblings }
    return payoutRootOf(path)
  })

describe('from a request to L1', () => {
  it('takes a lone batch to an opening and payouts', async () => {
    const id = await h.batch(3)
    const node = await h.node()
    const leases = await proveAll(node)
    expect(leases.map((lease) => lease.job.target)).toEqual([
      'recursive',
      'recursive',
      'recursive',
      'recursive',
      'evm',
    ])
    expect(await settled(id)).toMatchObject({ proven: 5, segments: 3, l1Tx: `0x${'00'.repeat(31)}01` })

    const opening = await claimOf(h.client(), id)
    expect(claimsRootOf(claimHash(opening.claim), opening)).toBe(opening.claimsRoot)
    expect(h.l1.settled.has(opening.claimsRoot)).toBe(true)

    const { claims, shared, cursor } = await h
      .client()
      .payouts({ params: { prover: node.address }, query: {} })
    expect(shared).toEqual([])
    expect(claims.map((claim) => claim.payouts)).toEqual([opening.claim.payouts])
    expect(rootsOf(claims[0]?.entries ?? [], node.address)).toEqual(Array(5).fill(opening.claim.payouts))
    const later = await h
      .client()
      .payouts({ params: { prover: node.address }, query: { after: String(cursor) } })
    expect(later).toEqual({ claims: [], shared: [], cursor: null })
  })

  it('merges batches into one proof when the window is over, and shares its merges’ payouts', async () => {
    const ids = [await h.batch(1, 1), await h.batch(2, 2), await h.batch(1, 3)]
    const [a, b] = [await h.node(), await h.node()]
    const first = await leaseOf(a)
    await prove(a, first)
    h.clock.advance(1000)
    await proveAll(b)
    for (const id of ids) await settled(id)
    expect(h.l1.roots).toMatchObject([{ kind: 'parallel', count: 3 }])

    for (const id of ids) {
      const opening = await claimOf(h.client(), id)
      expect(claimsRootOf(claimHash(opening.claim), opening)).toBe(opening.claimsRoot)
    }
    const { shared } = await h.client().payouts({ params: { prover: b.address }, query: {} })
    expect(shared).toMatchObject([{ count: 3 }])
    expect(rootsOf(shared[0]?.entries ?? [], b.address)).toEqual(Array(2).fill(shared[0]?.payouts))

    const batch = await h.client().batch({ params: { id: ids[0] as Bytes32 } })
    const aggregate = await h.client().aggregate({ params: { id: batch.aggregate as Bytes32 } })
    expect(aggregate).toMatchObject({ state: 'settled', batches: ids, jobs: { length: 2 } })
  })

  it('closes an aggregate that is full', async () => {
    await h.stop()
    h = await Harness.start({ limits: { maxClaims: 2 } })
    const ids = [await h.batch(1, 1), await h.batch(1, 2)]
    await proveAll(await h.node())
    for (const id of ids) expect((await settled(id)).state).toBe('settled')
  })

  it('gives a lone segment the filler for company, proven once for all', async () => {
    const node = await h.node()
    const first = await h.batch(1, 1)
    h.clock.advance(1000)
    const leases = await proveAll(node)
    expect(leases.map((lease) => lease.job.program)).toContain(padProgram.id)
    await settled(first)
    expect((await claimOf(h.client(), first)).count).toBe(2)

    const second = await h.batch(1, 2)
    h.clock.advance(1000)
    expect((await proveAll(node)).map((lease) => lease.job.kind)).toEqual(['segment', 'merge'])
    await settled(second)
  })

  it('without a filler lets a lone segment wait for company', async () => {
    await h.stop()
    h = await Harness.start({ noPad: true, timing: { windowMs: 1000 } })
    const first = await h.batch(1, 1)
    const node = await h.node()
    h.clock.advance(5000)
    expect(await proveAll(node)).toHaveLength(1)
    await h.batch(1, 2)
    h.clock.advance(5000)
    expect(await proveAll(node)).toHaveLength(2)
    await settled(first)
  })
})

describe('leases', () => {
  it('are lost without heartbeats; a late proof is taken while the job is open', async () => {
    await h.batch(2)
    const [a, b] = [await h.node(), await h.node()]
    const lease = await leaseOf(a)
    h.clock.advance(6000)
    await a.api.heartbeat({ params: { id: lease.id }, body: { progress: 0.5 } })
    h.clock.advance(6000)
    await a.api.heartbeat({ params: { id: lease.id }, body: {} })
    h.clock.advance(7000)
    await expect(a.api.heartbeat({ params: { id: lease.id }, body: {} })).rejects.toMatchObject({
      code: 'lease_lost',
    })
    expect(h.coordinator.status().releasedLeases).toBe(1)

    const again = await leaseOf(b)
    expect(again.job.id).toBe(lease.job.id)
    expect(await prove(a, lease)).toEqual({ accepted: true, late: true })
    await expect(prove(b, again)).rejects.toMatchObject({ code: 'job_already_proven' })
    await expect(b.api.heartbeat({ params: { id: again.id }, body: {} })).rejects.toMatchObject({
      code: 'job_already_proven',
    })
    // The answer may have been lost: the same proof again is no error.
    expect(await prove(a, lease)).toEqual({ accepted: true, late: false })
  })

  it('wait for a job, and are given when there is one', async () => {
    const node = await h.node()
    const waiting = node.api.lease({ query: { waitMs: '20000' } })
    const id = await h.batch(2)
    const lease = await waiting
    expect(lease?.job.kind).toBe('segment')
    expect(
      (await h.client().batch({ params: { id } })).jobs.filter((job) => job.state === 'leased'),
    ).toHaveLength(1)
  })

  it('wait no longer than they should', async () => {
    const node = await h.node()
    const waiting = node.api.lease({ query: { waitMs: '20000' } })
    await until(async () => {
      h.clock.advance(20_000)
      return Promise.race([waiting.then(() => true), new Promise<false>((r) => setImmediate(() => r(false)))])
    })
    expect(await waiting).toBeUndefined()
  })

  it('are not given to a client that hung up', async () => {
    const node = await h.node()
    const controller = new AbortController()
    const gone = node.api.lease({ query: { waitMs: '20000' }, signal: controller.signal })
    await until(async () => (await h.client().status()).nodes.some((n) => n.lastSeenMs === h.clock.nowMs()))
    controller.abort()
    await expect(gone).rejects.toThrow()
    const other = await h.node()
    await h.batch(2)
    await proveAll(other)
    expect(h.coordinator.status().jobs).toMatchObject({ leased: 0 })
  })

  it('go back when they are returned', async () => {
    await h.batch(2)
    const node = await h.node()
    const lease = await leaseOf(node)
    await node.api.releaseLease({ params: { id: lease.id }, body: { reason: 'shutdown' } })
    expect((await leaseOf(node)).job.id).toBe(lease.job.id)
  })

  it('respect what a node can hold, and learn when it cannot', async () => {
    await h.batch(2)
    const gates = segmentProgram.gates
    const small = await h.node({ maxGates: gates - 1 })
    expect(await small.api.lease({ query: { waitMs: '0' } })).toBeUndefined()
    const liar = await h.node({ maxGates: gates })
    const lease = await leaseOf(liar)
    await liar.api.releaseLease({ params: { id: lease.id }, body: { reason: 'memory_limit' } })
    h.clock.advance(3_600_000)
    expect(await liar.api.lease({ query: { waitMs: '0' } })).toBeUndefined()
    const { nodes } = await h.client().status()
    expect(nodes.find((node) => node.prover === liar.address)?.maxGates).toBe(gates - 1)
  })

  it('are given a second time when they straggle', async () => {
    await h.stop()
    h = await Harness.start({ timing: { stragglerAfterMs: 3000 } })
    await h.batch(2)
    const [slow, fast] = [await h.node(), await h.node()]
    const lease = await leaseOf(slow)
    await prove(fast, await leaseOf(fast))
    expect(await fast.api.lease({ query: { waitMs: '0' } })).toBeUndefined()
    h.clock.advance(3000)
    await slow.api.heartbeat({ params: { id: lease.id }, body: {} })
    const second = await leaseOf(fast)
    expect(second.job.id).toBe(lease.job.id)
    await prove(fast, second)
    await expect(prove(slow, lease)).rejects.toMatchObject({ code: 'job_already_proven' })
  })
})

describe('faults of the requester', () => {
  it('fail the batch when two provers find them, and nobody else’s', async () => {
    const [bad, good] = [await h.batch(2, 1), await h.batch(2, 2)]
    const [a, b] = [await h.node(), await h.node()]
    const lease = await leaseOf(a)
    await a.api.releaseLease({ params: { id: lease.id }, body: { reason: 'unsatisfied' } })
    expect((await h.client().batch({ params: { id: bad } })).state).toBe('proving')
    const again = await leaseOf(b)
    expect(again.job.id).toBe(lease.job.id)
    await b.api.releaseLease({ params: { id: again.id }, body: { reason: 'unsatisfied' } })

    const failed = await h.client().batch({ params: { id: bad } })
    expect(failed).toMatchObject({ state: 'failed', reason: expect.stringContaining('unsatisfied') })
    await expect(h.client().opening({ params: { id: bad } })).rejects.toMatchObject({ code: 'not_settled' })
    await proveAll(a)
    await settled(good)
    expect((await h.client().status()).batches).toMatchObject({ failed: 1, settled: 1 })
  })

  it('leave an aggregate that was closed with them', async () => {
    await h.stop()
    h = await Harness.start({ limits: { maxClaims: 2 } })
    const [bad, good] = [await h.batch(2, 1), await h.batch(3, 2)]
    const nodes = [await h.node(), await h.node()]
    for (const node of nodes) {
      const lease = await leaseOf(node)
      await node.api.releaseLease({ params: { id: lease.id }, body: { reason: 'bad_inputs' } })
    }
    expect((await h.client().batch({ params: { id: bad } })).state).toBe('failed')
    await proveAll(nodes[0] as (typeof nodes)[number])
    await settled(good)
    expect(h.l1.roots).toMatchObject([{ kind: 'sequence' }])
  })

  it('do not stop the same request from being tried again, with the proofs there are', async () => {
    const request = await h.request(2)
    const { id } = await h.client().submitBatch({ body: request })
    const nodes = [await h.node(), await h.node()] as const
    await prove(nodes[0], await leaseOf(nodes[0]))
    for (const node of nodes) {
      const lease = await leaseOf(node)
      await node.api.releaseLease({ params: { id: lease.id }, body: { reason: 'unsatisfied' } })
    }
    expect(await h.client().submitBatch({ body: request })).toEqual({ id, jobs: 3 })
    expect(await proveAll(nodes[0])).toHaveLength(2)
    await settled(id)
  })
})

describe('L1', () => {
  it('is waited for while it is down', async () => {
    const id = await h.batch(2)
    const node = await h.node()
    await prove(node, await leaseOf(node))
    await prove(node, await leaseOf(node))
    const top = await leaseOf(node)
    h.l1.isDown = true
    await prove(node, top)
    await until(async () => (await h.client().status()).settlementWaits)
    h.clock.advance(1000)
    expect((await h.client().batch({ params: { id } })).state).toBe('settling')
    h.l1.isDown = false
    await until(async () => {
      h.clock.advance(60_000)
      return (await h.client().batch({ params: { id } })).state === 'settled'
    })
    expect((await h.client().status()).settlementWaits).toBeNull()
  })

  it('is said to keep settlement waiting while a transaction waits in it', async () => {
    const id = await h.batch(2)
    const node = await h.node()
    h.l1.beforeAnswer = async () => {
      h.l1.waiting = 'L1 does not answer'
      await until(async () => h.l1.waiting === null)
    }
    await proveAll(node)
    expect(await until(async () => (await h.client().status()).settlementWaits)).toBe('L1 does not answer')
    h.l1.waiting = null
    await settled(id)
    expect((await h.client().status()).settlementWaits).toBeNull()
  })
})
