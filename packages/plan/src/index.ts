export { type AggregatePlan, canAggregate, planAggregate } from './aggregate.js'
export {
  type BadSegments,
  type BatchPlan,
  type PlannedSegment,
  planBatch,
  planDirect,
  type Top,
} from './batch.js'
export { claimOf, expectedClaim, payoutPathsOf, payoutTreeOf } from './claims.js'
export { activeLeases, type Blame, type Job, type JobState, type Lease, type Proof } from './job.js'
export { type LeaseRefusal, Plan, type PlanRules, type Proven } from './plan.js'
export type { Taker } from './ready-queue.js'
export {
  evmJobKey,
  type JobKey,
  type JobSpec,
  type MergeSpec,
  type ProgramSize,
  type SegmentSpec,
  type Target,
} from './spec.js'
export type { StragglerRules } from './straggler.js'
