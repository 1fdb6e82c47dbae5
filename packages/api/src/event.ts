import { z } from 'zod'
import { aggregateState, batchState } from './batch.js'
import { releaseReason, target } from './job.js'
import { address, bytes32, count, label, timeMs } from './primitives.js'

const stamp = {
  /** Ascending; pass the last one seen as `since` to resume. */
  seq: count,
  atMs: timeMs,
}
const jobRef = { job: bytes32, kind: z.enum(['segment', 'merge']), target }
const holder = { lease: z.string(), prover: address, node: label }

/** What `GET /v1/events` (WebSocket, one JSON text each) tells. */
export const event = z.discriminatedUnion('type', [
  z.object({ ...stamp, type: z.literal('job_leased'), ...jobRef, ...holder }),
  z.object({
    ...stamp,
    type: z.literal('job_proven'),
    ...jobRef,
    ...holder,
    gates: count,
    seconds: z.number().nonnegative(),
    late: z.boolean(),
  }),
  z.object({ ...stamp, type: z.literal('lease_lost'), ...jobRef, ...holder }),
  z.object({ ...stamp, type: z.literal('lease_released'), ...jobRef, ...holder, reason: releaseReason }),
  z.object({ ...stamp, type: z.literal('proof_rejected'), ...jobRef, ...holder }),
  z.object({
    ...stamp,
    type: z.literal('batch_state'),
    batch: bytes32,
    state: batchState,
    reason: z.string().nullable(),
  }),
  z.object({
    ...stamp,
    type: z.literal('aggregate_state'),
    aggregate: bytes32,
    state: aggregateState,
    batches: z.array(bytes32),
    claimsRoot: bytes32.nullable(),
    l1Tx: bytes32.nullable(),
  }),
  /** What lies between `since` and this event is no longer kept: read the current state again. */
  z.object({ ...stamp, type: z.literal('events_lost') }),
  /** Nothing happened for a while; a client that hears nothing at all has lost its connection. */
  z.object({ ...stamp, type: z.literal('quiet') }),
])
export type ApiEvent = z.output<typeof event>
export type ApiEventType = ApiEvent['type']
