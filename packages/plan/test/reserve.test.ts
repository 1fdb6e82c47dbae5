import { type Lease, Plan, planAggregate, type Taker } from '@weft/plan'
import { expect, it } from 'vitest'
import { batchOf, MERGE, prover, RULES, word } from './build.js'

const anna: Taker = { prover: prover(1), node: 'a', maxGates: 1000, gatesPerSecond: 1000, systems: new Set() }
const ben: Taker = { ...anna, prover: prover(2) }
const done = { proof: word(99), provenMs: 5 }

/** One batch of two segments that wait for their provers; the merge above them is for everybody. */
const reserved = () => {
  const batch = batchOf(2)
  const plan = new Plan(RULES)
  plan.add('batch', 0, batch.jobs, new Map(), (spec) => spec.kind === 'segment')
  plan.add('aggregate', 0, planAggregate([batch.top], MERGE).jobs)
  const [first, second] = plan.ownedBy('batch')
  if (!first || !second) throw new Error('two segments')
  return { plan, first, second }
}

const take = (plan: Plan, taker: Taker, id: string, nowMs = 0): Lease => {
  const lease = plan.take(taker, id, nowMs, 10)
  if (!lease) throw new Error(`nothing for ${id}`)
  return lease
}

it('gives a reserved job to nobody but those that it is reserved for', () => {
  const { plan, first, second } = reserved()
  expect(plan.take(anna, 'none', 0, 10)).toBeNull()
  plan.reserve(second, new Set([anna.prover]))
  expect(plan.take(ben, 'none', 0, 10)).toBeNull()
  expect(take(plan, anna, 'l0').job).toBe(second)
  plan.reserve(first, null)
  expect(take(plan, ben, 'l1').job).toBe(first)
})

it('gives no node what it may not have, promised or not, and the next one that it may', () => {
  const { plan, first, second } = reserved()
  for (const job of [first, second]) plan.reserve(job, new Set([anna.prover]))
  const picky: Taker = { ...anna, mayHave: (spec) => spec.key === second.key }
  expect(take(plan, picky, 'l0').job).toBe(second)
  expect(plan.take(picky, 'none', 0, 10)).toBeNull()
  plan.reserve(first, null)
  expect(plan.take(picky, 'none', 0, 10)).toBeNull()
  expect(take(plan, anna, 'l1').job).toBe(first)
})

it('gives what is promised before what everybody may have', () => {
  const { plan, first, second } = reserved()
  plan.reserve(first, null)
  plan.reserve(second, new Set([anna.prover]))
  expect(take(plan, anna, 'l0').job).toBe(second)
  expect(take(plan, anna, 'l1').job).toBe(first)
})

it('lets another take over while the first still holds its lease, and takes whichever proof is first', () => {
  const { plan, first } = reserved()
  plan.reserve(first, new Set([anna.prover]))
  take(plan, anna, 'slow')
  // However late it is: a reserved job is no straggler for others.
  expect(plan.take(ben, 'none', 10_000, 10)).toBeNull()
  plan.reserve(first, new Set([ben.prover]))
  expect(take(plan, ben, 'rescue', 10_000).job).toBe(first)
  expect(plan.take(ben, 'none', 10_000, 10)).toBeNull()
  expect(plan.prove('slow', done).kind).toBe('proven')
  expect(plan.prove('rescue', done)).toMatchObject({ code: 'job_already_proven' })
})

it('forgets a promise that was given to another, withdrawn, or kept', () => {
  const { plan, first, second } = reserved()
  plan.reserve(first, new Set([anna.prover]))
  plan.reserve(first, new Set([ben.prover]))
  expect(plan.take(anna, 'none', 0, 10)).toBeNull()
  plan.reserve(first, new Set())
  expect(plan.take(ben, 'none', 0, 10)).toBeNull()
  plan.reserve(second, new Set([anna.prover]))
  const { id } = take(plan, anna, 'l0')
  plan.expire(100)
  // Lost, it is still reserved for the same prover.
  expect(take(plan, anna, 'l1', 100).job).toBe(second)
  expect(plan.prove(id, done)).toMatchObject({ kind: 'proven', late: true })
  expect(plan.take(anna, 'none', 100, 10)).toBeNull()
  plan.reserve(first, new Set([anna.prover]))
  plan.withdraw('batch')
  plan.withdraw('aggregate')
  expect(plan.take(anna, 'none', 100, 10)).toBeNull()
})

it('is the same after a reservation whose prover is too small for the job', () => {
  const { plan, first } = reserved()
  plan.reserve(first, new Set([anna.prover]))
  expect(plan.take({ ...anna, maxGates: 10 }, 'none', 0, 10)).toBeNull()
  expect(take(plan, anna, 'l0').job).toBe(first)
})
