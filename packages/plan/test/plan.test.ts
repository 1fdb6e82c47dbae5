import {
  claimOf,
  type JobKey,
  type Lease,
  Plan,
  type Proof,
  payoutPathsOf,
  payoutTreeOf,
  planAggregate,
  type Taker,
} from '@weft/plan'
import { claimHash, type PayoutPath, payoutPaths, payoutRoot, proofClaimHash } from '@weft/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { batchOf, MERGE, planOf, prover, RULES, word } from './build.js'

const big: Taker = { prover: prover(1), node: 'a', maxGates: 1000, gatesPerSecond: 1000, systems: new Set() }
const other: Taker = { ...big, prover: prover(2) }
const small: Taker = { ...big, prover: prover(3), maxGates: 100 }
const UNSATISFIED = { reason: 'unsatisfied', message: 'a constraint failed' }
const done = { proof: word(99), provenMs: 5 }

const lone = (segments: number) => {
  const batch = batchOf(segments)
  return planOf([batch], planAggregate([batch.top], MERGE))
}
const take = (plan: Plan, taker: Taker, id: string, nowMs = 0): Lease => {
  const lease = plan.take(taker, id, nowMs, 10)
  if (!lease) throw new Error(`nothing for ${id}`)
  return lease
}

describe('Plan', () => {
  it('makes a merge ready the moment both children are proven', () => {
    const plan = lone(2)
    take(plan, big, 'l0')
    take(plan, big, 'l1')
    expect(plan.take(big, 'none', 0, 10)).toBeNull()
    expect(plan.prove('l1', done)).toMatchObject({ kind: 'proven', ready: [] })
    const outcome = plan.prove('l0', done)
    expect(outcome.kind === 'proven' && outcome.ready.map((job) => job.spec.target)).toEqual(['evm'])
  })

  it('gives the longest way to the top first, and older orders before that', () => {
    const [first, second] = [batchOf(2, 1), batchOf(9, 2)]
    const plan = new Plan(RULES)
    plan.add('young', 2, second.jobs)
    plan.add('old', 1, first.jobs)
    const order = Array.from({ length: 4 }, (_, i) => take(plan, big, `l${i}`).job)
    expect(order.map((job) => job.order)).toEqual([1, 1, 2, 2])
    expect(order[2]?.pathGates).toBe(Math.max(...second.jobs.map((job) => job.pathGates)))
  })

  it('never gives a node more than it can hold', () => {
    const plan = lone(2)
    plan.prove(take(plan, small, 'l0').id, done)
    plan.prove(take(plan, small, 'l1').id, done)
    expect(plan.take(small, 'l2', 0, 10)).toBeNull()
    expect(take(plan, big, 'l3').job.spec.kind).toBe('merge')
  })

  it('takes a late proof while the job is open, and only the first of two', () => {
    const plan = lone(2)
    const lease = take(plan, big, 'l0')
    expect(plan.expire(9)).toEqual([])
    expect(plan.expire(10)).toEqual([lease])
    expect(plan.renew('l0', 11, 10)).toMatchObject({ code: 'lease_lost' })
    const again = take(plan, other, 'l1', 11)
    expect(again.job).toBe(lease.job)
    expect(plan.prove('l0', done)).toMatchObject({ kind: 'proven', late: true })
    expect(plan.prove('l1', done)).toMatchObject({ code: 'job_already_proven' })
    expect(plan.renew('l1', 12, 10)).toMatchObject({ code: 'job_already_proven' })
    expect(lease.job.proof?.prover).toBe(big.prover)
  })

  it('gives a straggler a second lease elsewhere, never a third', () => {
    const plan = lone(1 + 1)
    take(plan, big, 'l0')
    take(plan, big, 'l1')
    const lateMs = 2 * Math.max(RULES.straggler.afterMs, (100 / 1000) * 1000)
    plan.renew('l0', lateMs, 1000)
    expect(plan.take(other, 'l2', lateMs - 1, 1000)).toBeNull()
    expect(plan.take(big, 'l2', lateMs, 1000)).toBeNull()
    const second = take(plan, other, 'l2', lateMs)
    const third = take(plan, other, 'l3', lateMs)
    expect(second.job).not.toBe(third.job)
    expect(plan.take({ ...other, node: 'b' }, 'l4', lateMs, 1000)).toBeNull()
  })

  it('keeps a prover off a job that it failed, for a while', () => {
    const plan = lone(1 + 1)
    const lease = take(plan, big, 'l0')
    take(plan, other, 'l1')
    plan.release('l0', 0, true)
    expect(plan.take(big, 'l2', 50, 10)).toBeNull()
    expect(take(plan, big, 'l3', RULES.avoidMs).job).toBe(lease.job)
  })

  it('fails a job when two different provers blame the requester', () => {
    const plan = lone(2)
    const { job } = take(plan, big, 'l0')
    plan.release('l0', 0, true)
    expect(plan.blame(job, big.prover, UNSATISFIED)).toBe(false)
    expect(plan.blame(job, big.prover, UNSATISFIED)).toBe(false)
    expect(plan.blame(job, other.prover, UNSATISFIED)).toBe(true)
    expect(job.state).toBe('failed')
    take(plan, other, 'l1')
    expect(plan.take(other, 'l2', 1000, 10)).toBeNull()
  })

  it('shares a job between owners and drops it with the last', () => {
    const plan = new Plan(RULES)
    const batch = batchOf(2)
    expect(plan.add('a', 0, batch.jobs)).toHaveLength(2)
    expect(plan.add('b', 1, batch.jobs)).toHaveLength(0)
    const lease = take(plan, big, 'l0')
    expect(plan.withdraw('a')).toEqual({ gone: [], leases: [] })
    expect(plan.withdraw('b')).toMatchObject({ gone: { length: 2 }, leases: [lease] })
    expect(plan.renew('l0', 1, 10)).toMatchObject({ code: 'unknown_lease' })
    expect(plan.take(big, 'l1', 0, 10)).toBeNull()
    expect(plan.counts).toEqual({ waiting: 0, ready: 0, leased: 0, proven: 0, failed: 0 })
  })

  it('uses a proof that is known already', () => {
    const batch = batchOf(2)
    const [segment] = batch.jobs
    const proof: Proof = { ...done, prover: prover(8), lease: 'old', startedMs: 0 }
    const plan = new Plan(RULES)
    plan.add('a', 0, batch.jobs, new Map([[segment?.key as JobKey, proof]]))
    plan.add('top', 0, planAggregate([batch.top], MERGE).jobs)
    expect(plan.prove(take(plan, big, 'l0').id, done)).toMatchObject({ ready: { length: 1 } })
  })
})

describe('claims of a plan', () => {
  it.each([[[2]], [[7]], [[1, 1]], [[1, 3, 2]], [[4, 1, 1, 2, 5]]])(
    'of batches of %j segments carry the payouts of those who proved them',
    (sizes) => {
      const batches = sizes.map((size, i) => batchOf(size, i + 1))
      const aggregate = planAggregate(
        batches.map((batch) => batch.top),
        MERGE,
      )
      const plan = planOf(batches, aggregate)
      for (let i = 0; ; i++) {
        const lease = plan.take({ ...big, prover: prover(i + 1) }, `l${i}`, 0, 10)
        if (!lease) break
        plan.prove(lease.id, done)
      }
      const root = plan.job(aggregate.root)
      if (!root) throw new Error('no root')
      const claim = claimOf(plan, root, MERGE.id)
      expect(proofClaimHash(claim)).toMatch(/^0x/)
      if (claim.kind === 'transition') throw new Error('the root is a merge')
      const tree = payoutTreeOf(plan, root)
      expect(payoutRoot(tree)).toBe(claim.payouts)
      const byPosition = (a: PayoutPath, b: PayoutPath) => Number(a.position - b.position)
      const paths = [...payoutPathsOf(plan, root, MERGE.id)]
      expect(paths.sort(byPosition)).toEqual(payoutPaths(tree).sort(byPosition))
      if (claim.kind === 'parallel') expect(claim.count).toBe(sizes.length)
      else expect(claimHash(claim)).toMatch(/^0x/)
    },
  )
})

/** One step of a random life; numbers pick among what there is. */
type Step =
  | { do: 'take'; node: number }
  | { do: 'prove' | 'release' | 'fail' | 'renew'; lease: number }
  | { do: 'wait'; ms: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('take' as const), node: fc.nat(3) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'prove' as const,
        'prove' as const,
        'release' as const,
        'fail' as const,
        'renew' as const,
      ),
      lease: fc.nat(100),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(60) }) },
)

const NODES: readonly Taker[] = [big, small, other, { ...big, node: 'b', gatesPerSecond: 10 }]

/** Lives through the steps, checking every move, then lets one node finish; returns what happened. */
const live = (sizes: readonly number[], steps: readonly Step[]): string[] => {
  const batches = sizes.map((size, i) => batchOf(size, i + 1))
  const tops = batches.map((batch) => batch.top)
  const aggregate = planAggregate(tops, MERGE)
  const plan = planOf(batches, aggregate)
  const log: string[] = []
  const proven = new Set<JobKey>()
  const leases: string[] = []
  let nowMs = 0

  const lease = (taker: Taker): boolean => {
    const taken = plan.take(taker, `l${leases.length}`, nowMs, 20)
    if (!taken) return false
    const { job } = taken
    expect(proven.has(job.key)).toBe(false)
    expect(job.spec.gates).toBeLessThanOrEqual(taker.maxGates)
    expect([...job.leases.values()].filter((l) => l.state === 'active').length).toBeLessThanOrEqual(2)
    if (job.spec.kind === 'merge') {
      for (const child of [job.spec.left, job.spec.right]) expect(proven.has(child)).toBe(true)
    }
    log.push(`take ${taken.id} ${job.key}`)
    leases.push(taken.id)
    return true
  }
  const prove = (id: string) => {
    const outcome = plan.prove(id, { proof: word(1), provenMs: nowMs })
    if (outcome.kind === 'proven') {
      expect(proven.has(outcome.job.key)).toBe(false)
      proven.add(outcome.job.key)
    }
    log.push(`prove ${id} ${outcome.kind === 'proven' ? outcome.late : outcome.code}`)
  }

  for (const s of steps) {
    if (s.do === 'take') lease(NODES[s.node] as Taker)
    else if (s.do === 'wait') {
      nowMs += s.ms
      log.push(`lost ${plan.expire(nowMs).map((l) => l.id)}`)
    } else {
      const id = leases[leases.length - 1 - (s.lease % Math.max(1, leases.length))]
      if (id === undefined) continue
      if (s.do === 'prove') prove(id)
      else if (s.do === 'renew') log.push(`renew ${plan.renew(id, nowMs, 20).kind}`)
      else log.push(`release ${plan.release(id, nowMs, s.do === 'fail').kind}`)
    }
    for (const node of NODES) {
      const held = leases.filter((id) => {
        const l = plan.lease(id)
        return l?.state === 'active' && l.prover === node.prover && l.node === node.node
      })
      expect(plan.heldBy(node.prover, node.node)).toBe(held.length)
    }
    const { waiting, ready, leased, failed } = plan.counts
    expect([plan.counts.proven, failed]).toEqual([proven.size, 0])
    expect(Math.min(waiting, ready, leased)).toBeGreaterThanOrEqual(0)
  }
  nowMs += 1000
  plan.expire(nowMs)
  while (lease(big)) prove(leases.at(-1) as string)
  const total = sizes.reduce((sum, size) => sum + 2 * size - 1, 0) + (sizes.length - 1)
  expect(proven.size).toBe(total)
  expect(plan.counts).toEqual({ waiting: 0, ready: 0, leased: 0, proven: total, failed: 0 })
  expect(plan.job(aggregate.root)?.state).toBe('proven')
  return log
}

describe('any life of a plan', () => {
  it('ends with every job proven exactly once, and the same log makes the same life', () => {
    const sizes = fc
      .array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 })
      .filter((list) => list.length > 1 || list[0] !== 1)
    fc.assert(
      fc.property(sizes, fc.array(step, { maxLength: 80 }), (list, steps) => {
        expect(live(list, steps)).toEqual(live(list, steps))
      }),
      { numRuns: 200 },
    )
  })
})
