import {
  type Address,
  type Bytes32,
  type Child,
  type MergeBy,
  type PayoutTree,
  parallelOf,
  sequenceOf,
} from '@weft/protocol'
import type { Job } from './job.js'
import type { Plan } from './plan.js'
import type { JobKey } from './spec.js'

const childOf = (plan: Plan, key: JobKey): Job => {
  const job = plan.job(key)
  if (!job) throw new Error(`the plan has no job ${key}`)
  return job
}

/** The claim that a job's proof must have when `prover` makes it. All children have to be proven. */
export const expectedClaim = (plan: Plan, job: Job, prover: Address, mergeKey: Bytes32): Child => {
  const { spec } = job
  if (spec.kind === 'segment') return { kind: 'transition', ...spec.statement, prover, work: spec.work }
  const by: MergeBy = { prover, work: spec.work, mergeKey }
  const left = claimOf(plan, childOf(plan, spec.left), mergeKey)
  const right = claimOf(plan, childOf(plan, spec.right), mergeKey)
  return spec.mode === 'sequence' ? sequenceOf(left, right, by) : parallelOf(left, right, by)
}

/** The claim of a proven job. Computed once: about ten hashes a merge. */
export const claimOf = (plan: Plan, job: Job, mergeKey: Bytes32): Child => {
  if (!job.proof) throw new Error(`job ${job.key} is not proven`)
  job.claim ??= expectedClaim(plan, job, job.proof.prover, mergeKey)
  return job.claim
}

/**
 * Who is paid from the pool that `job` fills: a finished claim's own entries, or, at a parallel merge, those of
 * the parallel merges alone; null where a claim is merged by nobody.
 */
export const payoutTreeOf = (plan: Plan, job: Job): PayoutTree => {
  const { spec, proof } = job
  if (!proof) throw new Error(`job ${job.key} is not proven`)
  const entry = { prover: proof.prover, work: spec.work, job: spec.id }
  if (spec.kind === 'segment') return { entry }
  const below = (key: JobKey): PayoutTree | null => {
    const child = childOf(plan, key)
    const isShared = child.spec.kind === 'merge' && child.spec.mode === 'parallel'
    return spec.mode === 'sequence' || isShared ? payoutTreeOf(plan, child) : null
  }
  return { left: below(spec.left), right: below(spec.right), own: entry }
}
