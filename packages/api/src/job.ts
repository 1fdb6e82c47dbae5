import { z } from 'zod'
import { child } from './claim.js'
import { commitment, request } from './intents.js'
import { bytes32, count, digest, hex, timeMs, uint } from './primitives.js'

/** Who verifies the proof: a merge circuit, or Ethereum. Of segments, Ethereum verifies those that nothing merges. */
export const target = z.enum(['recursive', 'evm'])

export const childRef = z.object({ claim: child, proof: digest })
export type ChildRef = z.output<typeof childRef>

const common = {
  /** Hash of what is proven; the same for whoever proves it. */
  id: bytes32,
  target,
  /** The program that proves it: the tenant's for a segment, the merge program for a merge. */
  program: bytes32,
  gates: count,
  work: uint,
}

/** What a lease asks to be proven. */
export const job = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('segment'),
    ...common,
    segment: z.object({ pre: bytes32, post: bytes32, data: bytes32, inputs: digest }),
  }),
  z.object({
    kind: z.literal('merge'),
    ...common,
    merge: z.object({ mode: z.enum(['sequence', 'parallel']), left: childRef, right: childRef }),
  }),
])
export type Job = z.output<typeof job>

/** The match behind a lease: what its prover has to sign before the lease is kept or a proof taken. */
export const terms = z.object({ commitment, request, /** The matcher's. */ counterSignature: hex })
export type Terms = z.output<typeof terms>

/** A time-limited right to prove a job; lost without a heartbeat before `expiresAtMs`. */
export const lease = z.object({
  id: z.string(),
  expiresAtMs: timeMs,
  /** How often to send one. */
  heartbeatMs: count,
  job,
  /** Under a market, for jobs of a request. */
  terms: terms.optional(),
})
export type Lease = z.output<typeof lease>

export const heartbeatRequest = z.object({
  /** How far along the prover thinks it is, 0 to 1. */
  progress: z.number().min(0).max(1).optional(),
})
export const heartbeat = z.object({ expiresAtMs: timeMs })

/**
 * Why a lease is given back. `unsatisfied` and `bad_inputs` blame the requester, `memory_limit` the size of the
 * circuit for this node; `declined` says that the terms do not suit this node; the others nobody.
 */
export const releaseReason = z.enum([
  'unsatisfied',
  'bad_inputs',
  'memory_limit',
  'time_limit',
  'prover_crashed',
  'shutdown',
  'declined',
])
export type ReleaseReason = z.output<typeof releaseReason>

/** What a prover says of a lease that it gives back; `message` is shown to whom it blames. */
export const release = z.object({
  reason: releaseReason,
  message: z
    .string()
    .max(400)
    .regex(/^[\x20-\x7e]*$/)
    .optional(),
})

export const proofAccepted = z.object({
  accepted: z.literal(true),
  /** The lease had been lost, and the job was still open. */
  late: z.boolean(),
  /** The node's next lease, where it asked for one and there is one. */
  next: lease.optional(),
})
export type ProofAccepted = z.output<typeof proofAccepted>
