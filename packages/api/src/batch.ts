import { z } from 'zod'
import { claim, rootClaim } from './claim.js'
import { releaseReason, target } from './job.js'
import { address, bytes32, count, digest, hex, timeMs, uint } from './primitives.js'

/** One slice of a batch's trace; `inputs` is the JSON blob of the program's inputs, or `PRIVATE_INPUTS`. */
export const segment = z.object({ pre: bytes32, post: bytes32, data: bytes32, inputs: digest })
export type Segment = z.output<typeof segment>

/** The most segments of a batch that the wire format carries; a coordinator may set a lower limit. */
export const MAX_SEGMENTS = 8192

/** A tenant's request; the signature is its sequencer's, see `batchTypedData`. */
export const batchRequest = z.object({
  /** The contract whose deposit pays. */
  tenant: address,
  program: bytes32,
  pre: bytes32,
  post: bytes32,
  data: bytes32,
  segments: z.array(segment).min(1).max(MAX_SEGMENTS),
  /** Until when the request may be accepted. */
  deadlineMs: timeMs,
  signature: hex,
})
export type BatchRequest = z.output<typeof batchRequest>

export const batchAccepted = z.object({ id: bytes32, jobs: count })
export type BatchAccepted = z.output<typeof batchAccepted>

export const batchState = z.enum(['proving', 'aggregating', 'settling', 'settled', 'failed'])
export type BatchState = z.output<typeof batchState>

/** A job as its batch or aggregate shows it. */
export const jobView = z.object({
  id: bytes32,
  kind: z.enum(['segment', 'merge']),
  target,
  state: z.enum(['waiting', 'ready', 'leased', 'proven', 'failed']),
  gates: count,
  prover: address.nullable(),
  /** From the proving lease to the proof. */
  seconds: z.number().nonnegative().nullable(),
})
export type JobView = z.output<typeof jobView>

/** Why inputs cannot be proven, as the last prover said that tried, and whether nobody else was there to check. */
export const failure = z.object({
  code: releaseReason.extract(['unsatisfied', 'bad_inputs']),
  message: z.string(),
})
export type Failure = z.output<typeof failure>

export const batchView = z.object({
  id: bytes32,
  tenant: address,
  program: bytes32,
  state: batchState,
  /** Why it failed. */
  reason: z.string().nullable(),
  /** Where its inputs are at fault. */
  failure: failure.optional(),
  acceptedAtMs: timeMs,
  segments: count,
  /** The batch's own jobs; the aggregate has those of the parallel merges. */
  jobs: z.array(jobView),
  proven: count,
  aggregate: bytes32.nullable(),
  l1Tx: bytes32.nullable(),
})
export type BatchView = z.output<typeof batchView>

/** What a tenant needs to use its settled claim on L1. */
export const opening = z.object({
  claim,
  claimsRoot: bytes32,
  index: uint,
  siblings: z.array(bytes32),
  /** How many claims the aggregate has. */
  count,
  l1Tx: bytes32,
})
export type Opening = z.output<typeof opening>

/** What an application needs to ask the registry on L1 whether a job is recorded that nothing merges. */
export const recordOpening = z.object({
  kind: z.literal('record'),
  job: bytes32,
  /** Of the tree of all jobs that were recorded together; of one alone, the job. */
  root: bytes32,
  index: uint,
  siblings: z.array(bytes32),
  l1Tx: bytes32,
  /** Their hash is the statement's data. */
  publicInputs: z.array(bytes32),
  /** The proof with its public inputs, see `encodeDirectProof`; a blob that is kept for a while. */
  proof: digest,
})
export type RecordOpening = z.output<typeof recordOpening>

export const aggregateState = z.enum(['open', 'proving', 'settling', 'settled'])

export const aggregateView = z.object({
  id: bytes32,
  state: aggregateState,
  batches: z.array(bytes32),
  jobs: z.array(jobView),
  root: rootClaim.nullable(),
  claimsRoot: bytes32.nullable(),
  l1Tx: bytes32.nullable(),
})
export type AggregateView = z.output<typeof aggregateView>

const payoutEntry = z.object({
  work: uint,
  job: bytes32,
  position: uint,
  siblings: z.array(z.tuple([bytes32, bytes32])),
})

/** What a prover can withdraw: its entries with their paths, by settled claim and by shared pool. */
export const payouts = z.object({
  claims: z.array(
    z.object({
      claimsRoot: bytes32,
      /** Whose opening has the claim's path; a request's id under a market. */
      batch: bytes32.optional(),
      job: bytes32,
      work: uint,
      payouts: bytes32,
      entries: z.array(payoutEntry),
    }),
  ),
  shared: z.array(z.object({ claimsRoot: bytes32, payouts: bytes32, count, entries: z.array(payoutEntry) })),
  /** Pass it as `after` to get only what settled later; null when there is nothing yet. */
  cursor: count.nullable(),
})
export type Payouts = z.output<typeof payouts>
