import { type BatchRequest, type BatchState, type BatchView, segmentsHash, toWire } from '@weft/api'
import type { BatchPlan, Job, JobKey, Plan } from '@weft/plan'
import { type Bytes32, hashWords, MERGE_WORK, tag } from '@weft/protocol'
import type { BatchRow, RequestRow } from '../db/tables.js'
import { jobView } from '../job-wire.js'
import type { Aggregate } from './aggregate.js'

/**
 * proving ──top proven──▶ aggregating ──root proven──▶ settling ──on L1──▶ settled
 *    │                                                    ▲
 *    ├── the top of a lone batch is the root ─────────────┘
 *    └── a segment cannot be proven ──▶ failed ──asked for again──▶ proving
 */
export interface Batch {
  readonly id: Bytes32
  /** Order of acceptance. */
  readonly serial: number
  readonly request: BatchRequest
  readonly plan: BatchPlan
  readonly acceptedMs: number
  aggregate: Aggregate | null
  /** The plan's name of its last job; for a merge, known once the aggregate is closed. */
  topKey: JobKey | null
  state: BatchState
  reason: string | null
}

const BATCH = tag('batch')

/** The same for the same request, whatever its deadline and signature. */
export const batchId = (request: BatchRequest): Bytes32 => {
  const { tenant, program, pre, post, data, segments } = request
  return hashWords(BATCH, tenant, program, pre, post, data, segmentsHash(segments))
}

/** The job id of the whole batch: no two live or settled batches have the same. */
export const statementOf = (batch: Batch): Bytes32 => batch.plan.top.spec.id

/** The most work that a batch can be charged for: its own, and a share of the merges above it. */
export const workUp = ({ jobs, top }: BatchPlan): bigint => {
  const own = jobs.reduce((sum, job) => sum + job.work, 0n)
  return own + (top.kind === 'merge' ? top.spec.work : 0n) + MERGE_WORK
}

/** How many jobs of its own a batch has. */
export const jobCount = ({ jobs, top }: BatchPlan): number => jobs.length + (top.kind === 'merge' ? 1 : 0)

/** The last job of a batch, if it is planned already. */
export const topJob = (plan: Plan, { topKey }: Batch): Job | undefined =>
  topKey === null ? undefined : plan.job(topKey)

export const batchView = (plan: Plan, batch: Batch, l1Tx: Bytes32 | null): BatchView => {
  const top = batch.plan.top.kind === 'merge' ? topJob(plan, batch) : undefined
  const jobs = plan.ownedBy(batch.id).map(jobView)
  if (top) jobs.push(jobView(top))
  return {
    id: batch.id,
    tenant: batch.request.tenant,
    program: batch.request.program,
    state: batch.state,
    reason: batch.reason,
    acceptedAtMs: batch.acceptedMs,
    segments: batch.request.segments.length,
    jobs,
    proven: jobs.filter((job) => job.state === 'proven').length,
    aggregate: batch.aggregate?.id ?? null,
    l1Tx,
  }
}

export const requestRow = ({ id, request }: Batch): RequestRow => ({ id, request_json: toWire(request) })

export const batchRow = (
  batch: Batch,
  view: BatchView | null = null,
  opening: string | null = null,
): BatchRow => ({
  id: batch.id,
  serial: batch.serial,
  statement: statementOf(batch),
  state: batch.state,
  reason: batch.reason,
  accepted_ms: batch.acceptedMs,
  aggregate: batch.aggregate?.id ?? null,
  view_json: view && toWire(view),
  opening_json: opening,
})
