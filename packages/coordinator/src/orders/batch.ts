import {
  type BatchRequest,
  type BatchState,
  type BatchView,
  type Failure,
  type Segment,
  type SignedRequest,
  segmentsHash,
  toWire,
} from '@weft/api'
import type { BatchPlan, Job, JobKey, Plan } from '@weft/plan'
import { type Address, type Bytes32, hashWords, MERGE_WORK, tag } from '@weft/protocol'
import type { BatchRow, RequestRow } from '../db/tables.js'
import { jobView } from '../job-wire.js'
import type { Aggregate } from './aggregate.js'

/**
 * proving ──top proven──▶ aggregating ──root proven──▶ settling ──on L1──▶ settled
 *    │                                                    ▲
 *    ├── the top of a lone batch is the root, or nothing merges it ─┘
 *    └── a segment cannot be proven ──▶ failed ──asked for again──▶ proving
 */
export interface Batch {
  readonly id: Bytes32
  /** Order of acceptance. */
  readonly serial: number
  /** Paid from a deposit, or through the market. */
  readonly request: BatchRequest | SignedRequest
  readonly plan: BatchPlan
  readonly acceptedMs: number
  aggregate: Aggregate | null
  /** The plan's name of its last job; for a merge, known once the aggregate is closed. */
  topKey: JobKey | null
  state: BatchState
  reason: string | null
  /** Where its inputs are at fault. */
  failure: Failure | null
}

const BATCH = tag('batch')

/** What is asked for, whoever pays. */
export interface Trace {
  /** Who pays: a contract with a deposit, or an account of the market. */
  readonly tenant: Address
  readonly program: Bytes32
  readonly pre: Bytes32
  readonly post: Bytes32
  readonly data: Bytes32
  readonly segments: readonly Segment[]
}

export const traceOf = (asked: BatchRequest | SignedRequest): Trace => {
  if ('tenant' in asked) return asked
  const { request, post, segments } = asked
  const { owner: tenant, program, pre, data } = request
  return { tenant, program, pre, post, data, segments }
}

/** The same for the same request, whatever its deadline and signature. */
export const batchId = (request: BatchRequest): Bytes32 => {
  const { tenant, program, pre, post, data, segments } = request
  return hashWords(BATCH, tenant, program, pre, post, data, segmentsHash(segments))
}

/** The job id of the whole batch: no two live or settled batches have the same. */
export const statementOf = (batch: Batch): Bytes32 => batch.plan.top.spec.id

/** Whether it is one proof that nothing merges. */
export const isDirect = ({ top }: BatchPlan): boolean => top.kind === 'segment' && top.spec.system !== null

/** The most work that a batch can be charged for: its own, and a share of the merges above it. */
export const workUp = (plan: BatchPlan): bigint => {
  const { jobs, top } = plan
  const own = jobs.reduce((sum, job) => sum + job.work, 0n)
  if (isDirect(plan)) return own
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
  const { tenant, program, segments } = traceOf(batch.request)
  return {
    id: batch.id,
    tenant,
    program,
    state: batch.state,
    reason: batch.reason,
    ...(batch.failure ? { failure: batch.failure } : {}),
    acceptedAtMs: batch.acceptedMs,
    segments: segments.length,
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
