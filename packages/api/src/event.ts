import { z } from 'zod'
import { aggregateState, batchState } from './batch.js'
import { releaseReason, target } from './job.js'
import { address, bytes32, count, label, timeMs, uint } from './primitives.js'

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
  /** A prover has signed for a job: what it gets, and until when it has to be done. */
  z.object({
    ...stamp,
    type: z.literal('job_committed'),
    ...jobRef,
    ...holder,
    request: bytes32,
    priceWei: uint,
    collateralWei: uint,
    /** Unix seconds. */
    deadline: count,
    rank: count,
    /** Provers behind it in the match. */
    runnersUp: z.array(address),
  }),
  /** A prover was relieved of a job; `to` is null until another one is found. */
  z.object({
    ...stamp,
    type: z.literal('job_taken_over'),
    ...jobRef,
    request: bytes32,
    from: address,
    to: address.nullable(),
    priceWei: uint.nullable(),
    reason: z.enum(['late', 'default', 'invalid']),
  }),
  /** Jobs of a request found no offer: its limit rises as it was signed, or it waits. */
  z.object({
    ...stamp,
    type: z.literal('request_waits'),
    request: bytes32,
    limitPriceWei: uint,
    reason: z.string(),
  }),
  /** A broken commitment on its way through L1. */
  z.object({
    ...stamp,
    type: z.literal('default'),
    state: z.enum(['accused', 'convicted', 'cleared']),
    request: bytes32,
    job: bytes32,
    prover: address,
    rescuer: address,
    collateralWei: uint,
    l1Tx: bytes32.nullable(),
  }),
  /** What lies between `since` and this event is no longer kept: read the current state again. */
  z.object({ ...stamp, type: z.literal('events_lost') }),
  /** Nothing happened for a while; a client that hears nothing at all has lost its connection. */
  z.object({ ...stamp, type: z.literal('quiet') }),
])
export type ApiEvent = z.output<typeof event>
export type ApiEventType = ApiEvent['type']
