import {
  type AggregatePlan,
  type BatchPlan,
  Plan,
  type PlannedSegment,
  type PlanRules,
  type ProgramSize,
  planBatch,
} from '@weft/plan'
import { type Address, type Bytes32, uintToBytes32 } from '@weft/protocol'

export const word = (value: number): Bytes32 => uintToBytes32(BigInt(value))
export const prover = (value: number): Address => `0x${value.toString(16).padStart(40, '0')}`

export const SEGMENT: ProgramSize = { id: word(1), gates: 100, work: 90n }
export const MERGE: ProgramSize = { id: word(2), gates: 700, work: 1_750_000n }
export const RULES: PlanRules = { straggler: { factor: 2, afterMs: 50 }, avoidMs: 100, blamesToFail: 2 }

/** A chain of `count` segments of the rollup number `rollup`. */
export const segmentsOf = (count: number, rollup = 0): PlannedSegment[] =>
  Array.from({ length: count }, (_, i) => ({
    pre: word(rollup * 1000 + i),
    post: word(rollup * 1000 + i + 1),
    data: word(500_000 + rollup * 1000 + i),
    inputs: word(i),
  }))

export const batchOf = (count: number, rollup = 0): BatchPlan => {
  const plan = planBatch(segmentsOf(count, rollup), SEGMENT, MERGE)
  if ('kind' in plan) throw new Error(plan.code)
  return plan
}

export const planOf = (batches: readonly BatchPlan[], aggregate: AggregatePlan): Plan => {
  const plan = new Plan(RULES)
  for (const [i, batch] of batches.entries()) plan.add(`batch-${i}`, i, batch.jobs)
  plan.add('aggregate', 0, aggregate.jobs)
  return plan
}
