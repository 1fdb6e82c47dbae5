import { type AggregateView, type RootClaim, toWire } from '@weft/api'
import { claimOf, type Job, type JobKey, type Plan } from '@weft/plan'
import { type Bytes32, claimHash } from '@weft/protocol'
import type { AggregateRow } from '../db/tables.js'
import { jobView } from '../job-wire.js'
import type { Batch } from './batch.js'

/**
 * open ──full, window over, or a top is ready──▶ proving ──root proven──▶ settling ──on L1──▶ settled
 *
 * A batch that fails leaves its aggregate; one that is proving is planned again without it.
 */
export interface Aggregate {
  readonly id: Bytes32
  readonly serial: number
  readonly openedMs: number
  readonly batches: Batch[]
  state: AggregateView['state']
  /** The job whose proof Ethereum verifies; null while open. */
  root: JobKey | null
}

/** The claim of the aggregate's proof, and the root of its tree of claims. */
export interface ProvenRoot {
  readonly job: Job
  readonly claim: RootClaim
  readonly claimsRoot: Bytes32
}

/** Null until the root is proven. */
export const provenRoot = (plan: Plan, aggregate: Aggregate, mergeKey: Bytes32): ProvenRoot | null => {
  const job = aggregate.root === null ? undefined : plan.job(aggregate.root)
  if (job?.state !== 'proven') return null
  const claim = claimOf(plan, job, mergeKey)
  if (claim.kind === 'transition') throw new Error(`the root of aggregate ${aggregate.id} is not a merge`)
  return { job, claim, claimsRoot: claim.kind === 'parallel' ? claim.claims : claimHash(claim) }
}

export const aggregateView = (
  plan: Plan,
  aggregate: Aggregate,
  root: ProvenRoot | null,
  l1Tx: Bytes32 | null,
): AggregateView => ({
  id: aggregate.id,
  state: aggregate.state,
  batches: aggregate.batches.map((batch) => batch.id),
  jobs: plan
    .ownedBy(aggregate.id)
    .filter(({ spec }) => spec.kind === 'merge' && spec.mode === 'parallel')
    .map(jobView),
  root: root?.claim ?? null,
  claimsRoot: root?.claimsRoot ?? null,
  l1Tx,
})

export const aggregateRow = (aggregate: Aggregate, view: AggregateView | null = null): AggregateRow => ({
  id: aggregate.id,
  serial: aggregate.serial,
  state: aggregate.state,
  opened_ms: aggregate.openedMs,
  view_json: view && toWire(view),
})
