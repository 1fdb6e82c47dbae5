import {
  canAggregate,
  claimOf,
  type JobKey,
  Plan,
  type PlannedSegment,
  planAggregate,
  planBatch,
  type Taker,
  type Top,
} from '@weft/plan'
import { dataNode } from '@weft/protocol'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { MERGE, prover, RULES, SEGMENT, word } from './build.js'

const taker: Taker = { prover: prover(1), node: 'a', maxGates: 1000, gatesPerSecond: 1, systems: new Set() }

/** Little enough that statements often meet, those of merges and of segments too. */
const STATES = [word(100), word(101)]
const LEAF_DATA = [word(201), word(202)]
const NODE_DATA = LEAF_DATA.flatMap((left) => LEAF_DATA.map((right) => dataNode(left, right)))
const DATA = [...LEAF_DATA, ...LEAF_DATA, ...NODE_DATA]

const walk: fc.Arbitrary<PlannedSegment[]> = fc
  .tuple(
    fc.constantFrom(...STATES),
    fc.array(fc.tuple(fc.constantFrom(...STATES), fc.constantFrom(...DATA)), { minLength: 1, maxLength: 5 }),
  )
  .map(([start, moves]) =>
    moves.map(([post, data], i) => ({ pre: moves[i - 1]?.[0] ?? start, post, data, inputs: word(1) })),
  )

/** Proves what there is, the next one by `pick`, until nothing is left. */
const proveAll = (plan: Plan, pick: () => number): void => {
  const open: string[] = []
  for (let serial = plan.counts.proven; ; ) {
    for (;;) {
      const lease = plan.take(taker, `l${serial++}`, 0, 1)
      if (!lease) break
      open.push(lease.id)
    }
    const [id] = open.splice(pick() % Math.max(1, open.length), 1)
    if (id === undefined) return
    plan.prove(id, { proof: word(9), provenMs: 0 })
  }
}

it('batches that are accepted are proven to their end, in any order, whichever of them leaves', () => {
  const picks = fc.array(fc.nat(50), { minLength: 1, maxLength: 30 })
  fc.assert(
    fc.property(fc.array(walk, { minLength: 2, maxLength: 5 }), picks, fc.nat(4), (walks, order, leaves) => {
      const plan = new Plan(RULES)
      const tops = new Map<string, { readonly owner: string; readonly top: Top }>()
      for (const segments of walks) {
        const batch = planBatch(segments, SEGMENT, MERGE)
        if ('kind' in batch) {
          expect(batch.code).toBe('repeated_statement')
          continue
        }
        // No two batches of one statement are under way.
        const { top } = batch
        if (tops.has(top.spec.id)) continue
        const owner = `batch-${tops.size}`
        tops.set(top.spec.id, { owner, top })
        plan.add(owner, tops.size, batch.jobs)
      }
      let turn = 0
      const pick = () => order[turn++ % order.length] as number
      // One is given up half-way; what it shared with others goes on.
      const all = [...tops.values()]
      const left = all[leaves]
      if (left) {
        const lease = plan.take(taker, 'early', 0, 1)
        if (lease) plan.prove(lease.id, { proof: word(9), provenMs: 0 })
        plan.withdraw(left.owner)
      }
      const stay = all.filter((one) => one !== left).map(({ top }) => top)
      if (!canAggregate(stay)) return
      const aggregate = planAggregate(stay, MERGE)
      plan.add('aggregate', 0, aggregate.jobs)
      proveAll(plan, pick)
      const { proven, ...rest } = plan.counts
      expect(rest).toEqual({ waiting: 0, ready: 0, leased: 0, failed: 0 })
      const root = plan.job(aggregate.root)
      expect(root?.state).toBe('proven')
      // Where two claims cannot be merged, this throws.
      if (root) expect(claimOf(plan, root, MERGE.id).kind).not.toBe('transition')
    }),
    { numRuns: 1_000 },
  )
})

it('a statement that two batches make of different parts is a job of each', () => {
  const move = (pre: number, post: number, data: number): PlannedSegment => ({
    pre: word(pre),
    post: word(post),
    data: word(data),
    inputs: word(1),
  })
  const tail = move(2, 3, 9)
  const keysOf = (segments: readonly PlannedSegment[]): JobKey[] => {
    const batch = planBatch(segments, SEGMENT, MERGE)
    if ('kind' in batch) throw new Error(batch.code)
    expect(batch.jobs).toHaveLength(4)
    return batch.jobs.map((job) => job.key)
  }
  const [one, other] = [
    keysOf([move(0, 1, 7), move(1, 2, 8), tail]),
    keysOf([move(0, 5, 7), move(5, 2, 8), tail]),
  ]
  expect(one.filter((key) => other.includes(key))).toEqual([one[3]])
})
