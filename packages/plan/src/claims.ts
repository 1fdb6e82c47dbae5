import {
  type Address,
  type Bytes32,
  type Child,
  type MergeBy,
  type PayoutEntry,
  type PayoutPath,
  type PayoutTree,
  parallelOf,
  payoutEntry,
  sequenceOf,
  ZERO_BYTES32,
} from '@weft/protocol'
import type { Job } from './job.js'
import type { Plan } from './plan.js'
import type { JobKey, MergeSpec } from './spec.js'

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
  const { spec } = job
  const entry = entryOf(job)
  if (spec.kind === 'segment') return { entry }
  const below = (key: JobKey): PayoutTree | null => {
    const child = sharing(plan, spec, key)
    return child && payoutTreeOf(plan, child)
  }
  return { left: below(spec.left), right: below(spec.right), own: entry }
}

/** A child of a merge that shares its pool, if it does. */
const sharing = (plan: Plan, spec: MergeSpec, key: JobKey): Job | null => {
  const child = childOf(plan, key)
  const isShared = child.spec.kind === 'merge' && child.spec.mode === 'parallel'
  return spec.mode === 'sequence' || isShared ? child : null
}

const entryOf = ({ spec, proof }: Job): PayoutEntry => {
  if (!proof) throw new Error(`job ${spec.id} is not proven`)
  return { prover: proof.prover, work: spec.work, job: spec.id }
}

/** The payout root in a proven job's claim; of a leaf, its entry. */
const payoutsOf = (plan: Plan, job: Job, mergeKey: Bytes32): Bytes32 => {
  const claim = claimOf(plan, job, mergeKey)
  return claim.kind === 'transition' ? payoutEntry(entryOf(job)) : claim.payouts
}

/**
 * The paths of all entries, as `payoutPaths` of `payoutTreeOf` has them, in no stated order. It takes the roots
 * from the claims instead of computing them again at every level, so it costs one or two hashes an entry.
 */
export function* payoutPathsOf(plan: Plan, root: Job, mergeKey: Bytes32): Generator<PayoutPath, void, void> {
  type Siblings = PayoutPath['siblings']
  const open: { job: Job; position: bigint; siblings: Siblings }[] = [
    { job: root, position: 0n, siblings: [] },
  ]
  for (let next = open.pop(); next; next = open.pop()) {
    const { job, position, siblings } = next
    const entry = entryOf(job)
    if (job.spec.kind === 'segment') {
      yield { entry, position, siblings }
      continue
    }
    const [left, right] = [sharing(plan, job.spec, job.spec.left), sharing(plan, job.spec, job.spec.right)]
    const leftRoot = left ? payoutsOf(plan, left, mergeKey) : ZERO_BYTES32
    const rightRoot = right ? payoutsOf(plan, right, mergeKey) : ZERO_BYTES32
    const own = payoutEntry(entry)
    // From above, a place takes the lowest two bits and the first siblings.
    const below = (place: bigint) => (position << 2n) | (place + 1n)
    yield { entry, position: below(2n), siblings: [[leftRoot, rightRoot], ...siblings] }
    if (left) open.push({ job: left, position: below(0n), siblings: [[rightRoot, own], ...siblings] })
    if (right) open.push({ job: right, position: below(1n), siblings: [[leftRoot, own], ...siblings] })
  }
}
