import { z } from 'zod'
import {
  aggregateView,
  batchAccepted,
  batchRequest,
  batchView,
  opening,
  payouts,
  recordOpening,
} from './batch.js'
import type { ErrorCode } from './errors.js'
import { heartbeat, heartbeatRequest, lease, proofAccepted, release } from './job.js'
import {
  intentId,
  logPage,
  offerView,
  orderSummary,
  orderView,
  proverView,
  revealedBid,
  sealedBid,
  signedCancellation,
  signedOffer,
  signedRequest,
} from './market.js'
import { capabilities, health, network, program, status } from './network.js'
import { address, bytes32, digest, hex } from './primitives.js'
import { recipient } from './private-inputs.js'
import { challenge, session, sessionRequest } from './session.js'

/** A body or an answer of raw bytes, streamed. */
export const OCTETS = 'octets'
/** An answer without a body. */
export const NOTHING = 'nothing'

export interface RouteSpec {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** With `:name` for each of `params`. */
  readonly path: string
  readonly summary: string
  /** Whether it takes the bearer token of a session. */
  readonly auth: boolean
  readonly params?: z.ZodObject
  readonly query?: z.ZodObject
  readonly body?: z.ZodType | typeof OCTETS
  readonly answer: z.ZodType | typeof OCTETS | typeof NOTHING
  /** An answer of 204 instead of `answer` is possible. */
  readonly orNothing?: true
  /** Refusals of its own, besides those that every route knows: see `COMMON_CODES`. */
  readonly codes: readonly ErrorCode[]
}

export const COMMON_CODES: readonly ErrorCode[] = [
  'bad_request',
  'payload_too_large',
  'rate_limited',
  'internal',
]

const route = <const R extends RouteSpec>(spec: R): R => spec

const leaseId = z.object({ id: z.string().min(1).max(64) })
const byId = z.object({ id: bytes32 })
const flag = z.enum(['0', '1']).optional()
const milliseconds = z
  .string()
  .regex(/^[0-9]{1,6}$/)
  .optional()

/** Why a request is not admitted, see the market package. */
const REQUEST_CODES = [
  'no_market',
  'malformed',
  'out_of_range',
  'zero_value',
  'dust',
  'expired',
  'too_far_ahead',
  'deadlines_out_of_order',
  'start_above_maximum',
  'unknown_policy',
  'foreign_matcher',
  'foreign_provers',
  'too_many_provers',
  'duplicate_prover',
  'nonce_used',
] as const satisfies readonly ErrorCode[]

/** The whole HTTP interface: server, client and OpenAPI are made from this table. */
export const ROUTES = {
  health: route({
    method: 'GET',
    path: '/v1/health',
    summary: 'Says that the process answers.',
    auth: false,
    answer: health,
    codes: [],
  }),
  network: route({
    method: 'GET',
    path: '/v1/network',
    summary: 'Chain, contracts, setup and limits of this coordinator.',
    auth: false,
    answer: network,
    codes: [],
  }),
  status: route({
    method: 'GET',
    path: '/v1/status',
    summary: 'Nodes, jobs, batches and aggregates right now.',
    auth: false,
    answer: status,
    codes: [],
  }),
  challenge: route({
    method: 'GET',
    path: '/v1/challenge',
    summary: 'A nonce to sign for a session.',
    auth: false,
    answer: challenge,
    codes: [],
  }),
  openSession: route({
    method: 'POST',
    path: '/v1/sessions',
    summary:
      'Exchanges a signature over a challenge, by the account’s key or its hot key, for a bearer token.',
    auth: false,
    body: sessionRequest,
    answer: session,
    codes: ['challenge_expired', 'bad_signature', 'l1_unavailable', 'storage_unavailable'],
  }),
  registerNode: route({
    method: 'POST',
    path: '/v1/nodes',
    summary: "States the capabilities of the session's node.",
    auth: true,
    body: capabilities,
    answer: NOTHING,
    codes: [
      'unauthenticated',
      'srs_mismatch',
      'bad_signature',
      'too_many_nodes',
      'l1_unavailable',
      'storage_unavailable',
    ],
  }),
  programs: route({
    method: 'GET',
    path: '/v1/programs',
    summary: 'Every program that can be proven here.',
    auth: false,
    answer: z.array(program),
    codes: [],
  }),
  program: route({
    method: 'GET',
    path: '/v1/programs/:id',
    summary: 'One program.',
    auth: false,
    params: byId,
    answer: program,
    codes: ['unknown_program'],
  }),
  registerProgram: route({
    method: 'POST',
    path: '/v1/programs',
    summary: 'Adds a program whose artifact and key were uploaded.',
    auth: true,
    body: program.omit({ evmKey: true }),
    answer: NOTHING,
    codes: [
      'unauthenticated',
      'bad_artifact',
      'program_mismatch',
      'program_conflict',
      'unsupported',
      'verifier_unavailable',
      'registration_closed',
      'missing_blob',
      'storage_unavailable',
    ],
  }),
  putBlob: route({
    method: 'PUT',
    path: '/v1/blobs/:digest',
    summary: 'Uploads bytes under their SHA-256; doing it twice is harmless.',
    auth: true,
    params: z.object({ digest }),
    body: OCTETS,
    answer: NOTHING,
    codes: ['unauthenticated', 'digest_mismatch', 'storage_full'],
  }),
  getBlob: route({
    method: 'GET',
    path: '/v1/blobs/:digest',
    summary: 'Downloads bytes by their SHA-256.',
    auth: false,
    params: z.object({ digest }),
    answer: OCTETS,
    codes: ['unknown_blob'],
  }),
  lease: route({
    method: 'POST',
    path: '/v1/leases',
    summary: 'The next job for this node; waits up to `waitMs` for one, then 204.',
    auth: true,
    query: z.object({ waitMs: milliseconds }),
    answer: lease,
    orNothing: true,
    codes: ['unauthenticated', 'not_registered', 'paused', 'too_many_leases', 'storage_unavailable'],
  }),
  heartbeat: route({
    method: 'POST',
    path: '/v1/leases/:id/heartbeat',
    summary: 'Keeps a lease.',
    auth: true,
    params: leaseId,
    body: heartbeatRequest,
    answer: heartbeat,
    codes: ['unauthenticated', 'unknown_lease', 'lease_lost', 'job_already_proven', 'commitment_missing'],
  }),
  sealedInputs: route({
    method: 'GET',
    path: '/v1/leases/:id/inputs',
    summary: 'The private inputs of a lease’s job, sealed to this node.',
    auth: true,
    params: leaseId,
    answer: OCTETS,
    codes: ['unauthenticated', 'unknown_lease', 'unknown_blob'],
  }),
  releaseLease: route({
    method: 'DELETE',
    path: '/v1/leases/:id',
    summary: 'Gives a lease back, saying why.',
    auth: true,
    params: leaseId,
    body: release,
    answer: NOTHING,
    codes: ['unauthenticated', 'unknown_lease', 'storage_unavailable'],
  }),
  submitProof: route({
    method: 'PUT',
    path: '/v1/leases/:id/proof',
    summary: 'Hands in a proof; with `next=1` the answer carries the next lease.',
    auth: true,
    params: leaseId,
    query: z.object({ next: flag }),
    body: OCTETS,
    answer: proofAccepted,
    codes: [
      'unauthenticated',
      'unknown_lease',
      'job_already_proven',
      'commitment_missing',
      'invalid_proof',
      'verifier_unavailable',
      'storage_full',
      'storage_unavailable',
    ],
  }),
  commitLease: route({
    method: 'POST',
    path: '/v1/leases/:id/commitment',
    summary: 'Signs the commitment that a lease comes with.',
    auth: true,
    params: leaseId,
    body: z.object({ signature: hex }),
    answer: NOTHING,
    codes: [
      'unauthenticated',
      'unknown_lease',
      'lease_lost',
      'job_already_proven',
      'bad_signature',
      'storage_unavailable',
    ],
  }),
  submitRequest: route({
    method: 'POST',
    path: '/v1/requests',
    summary: 'Hands in a signed request; the same request twice is one request.',
    auth: false,
    body: signedRequest,
    answer: batchAccepted,
    codes: [
      ...REQUEST_CODES,
      'unknown_program',
      'bad_segments',
      'too_many_segments',
      'bad_signature',
      'statement_taken',
      'missing_blob',
      'insufficient_balance',
      'total_too_low',
      'unsupported',
      'l1_unavailable',
      'storage_unavailable',
    ],
  }),
  requests: route({
    method: 'GET',
    path: '/v1/requests',
    summary: 'The latest requests, of one owner if told.',
    auth: false,
    query: z.object({ owner: address.optional() }),
    answer: z.array(orderSummary),
    codes: ['no_market', 'storage_unavailable'],
  }),
  request: route({
    method: 'GET',
    path: '/v1/requests/:id',
    summary: 'One request: matches, prices, commitments.',
    auth: false,
    params: byId,
    answer: orderView,
    codes: ['no_market', 'unknown_intent', 'storage_unavailable'],
  }),
  recipients: route({
    method: 'GET',
    path: '/v1/requests/:id/recipients',
    summary: 'Nodes that a request’s private inputs have to be sealed to now.',
    auth: false,
    params: byId,
    answer: z.array(recipient),
    codes: ['no_market', 'unknown_intent', 'storage_unavailable'],
  }),
  sealInputs: route({
    method: 'PUT',
    path: '/v1/requests/:id/inputs/:digest',
    summary: 'Hands in private inputs of a job, sealed to one of its recipients, under their SHA-256.',
    auth: true,
    params: z.object({ id: bytes32, digest }),
    query: z.object({ job: bytes32, publicKey: bytes32 }),
    body: OCTETS,
    answer: NOTHING,
    codes: [
      'unauthenticated',
      'no_market',
      'unknown_intent',
      'not_the_owner',
      'not_a_recipient',
      'digest_mismatch',
      'storage_full',
      'storage_unavailable',
    ],
  }),
  submitOffer: route({
    method: 'POST',
    path: '/v1/offers',
    summary: 'Places a signed offer.',
    auth: false,
    body: signedOffer,
    answer: intentId,
    codes: [
      'no_market',
      'bad_signature',
      'malformed',
      'out_of_range',
      'zero_value',
      'expired',
      'too_far_ahead',
      'nonce_used',
      'unsupported',
      'already_resting',
      'too_many_offers',
      'too_little_stake',
      'beyond_collateral',
      'suspended',
      'l1_unavailable',
      'storage_unavailable',
    ],
  }),
  offers: route({
    method: 'GET',
    path: '/v1/offers',
    summary: 'Resting offers, cheapest first: for a program or class, or of a prover.',
    auth: false,
    query: z.object({ target: bytes32.optional(), prover: address.optional() }),
    answer: z.array(offerView),
    codes: ['no_market'],
  }),
  cancelIntent: route({
    method: 'POST',
    path: '/v1/cancellations',
    summary: 'Takes back a request or an offer; what is matched stays so.',
    auth: false,
    body: signedCancellation,
    answer: NOTHING,
    codes: [
      'no_market',
      'bad_signature',
      'unknown_intent',
      'not_the_owner',
      'already_committed',
      'l1_unavailable',
      'storage_unavailable',
    ],
  }),
  sealBid: route({
    method: 'POST',
    path: '/v1/requests/:id/bids',
    summary: 'Commits to a hidden bid for a request with sealed bids.',
    auth: false,
    params: byId,
    body: sealedBid,
    answer: NOTHING,
    codes: [
      'no_market',
      'bad_signature',
      'unknown_intent',
      'too_little_stake',
      'commit_phase_over',
      'one_bid_each',
      'suspended',
      'l1_unavailable',
      'storage_unavailable',
    ],
  }),
  revealBid: route({
    method: 'POST',
    path: '/v1/requests/:id/reveals',
    summary: 'Opens a hidden bid.',
    auth: false,
    params: byId,
    body: revealedBid,
    answer: NOTHING,
    codes: [
      'no_market',
      'unknown_intent',
      'malformed',
      'out_of_range',
      'not_revealing',
      'reveal_phase_over',
      'no_such_commitment',
      'weak_salt',
      'does_not_open',
      'storage_unavailable',
    ],
  }),
  prover: route({
    method: 'GET',
    path: '/v1/provers/:prover',
    summary: 'Collateral, stake, reputation and bidding rights of a prover.',
    auth: false,
    params: z.object({ prover: address }),
    answer: proverView,
    codes: ['no_market', 'l1_unavailable'],
  }),
  marketLog: route({
    method: 'GET',
    path: '/v1/market/log',
    summary: 'The hash-chained log of everything that the market decided, from an entry on.',
    auth: false,
    query: z.object({
      from: z
        .string()
        .regex(/^[0-9]{1,15}$/)
        .optional(),
    }),
    answer: logPage,
    codes: ['no_market', 'storage_unavailable'],
  }),
  submitBatch: route({
    method: 'POST',
    path: '/v1/batches',
    summary: 'Asks for a batch to be proven and settled; the same batch twice is one batch.',
    auth: false,
    body: batchRequest,
    answer: batchAccepted,
    codes: [
      'market_only',
      'unknown_program',
      'bad_segments',
      'too_many_segments',
      'deadline_passed',
      'bad_signature',
      'not_a_tenant',
      'not_sequencer',
      'insufficient_funds',
      'statement_taken',
      'missing_blob',
      'unsupported',
      'l1_unavailable',
      'storage_unavailable',
    ],
  }),
  batch: route({
    method: 'GET',
    path: '/v1/batches/:id',
    summary: 'How far a batch is.',
    auth: false,
    params: byId,
    answer: batchView,
    codes: ['unknown_batch', 'storage_unavailable'],
  }),
  opening: route({
    method: 'GET',
    path: '/v1/batches/:id/opening',
    summary:
      'The way from the settled aggregate to the batch’s claim; of a proof that nothing merges, to its record.',
    auth: false,
    params: byId,
    answer: z.union([recordOpening, opening]),
    codes: ['unknown_batch', 'not_settled', 'storage_unavailable'],
  }),
  aggregate: route({
    method: 'GET',
    path: '/v1/aggregates/:id',
    summary: 'One aggregate, with the jobs of its parallel merges.',
    auth: false,
    params: byId,
    answer: aggregateView,
    codes: ['unknown_aggregate', 'storage_unavailable'],
  }),
  payouts: route({
    method: 'GET',
    path: '/v1/payouts/:prover',
    summary: 'What settled proofs say a prover earned, ready to withdraw.',
    auth: false,
    params: z.object({ prover: address }),
    query: z.object({
      after: z
        .string()
        .regex(/^[0-9]{1,15}$/)
        .optional(),
    }),
    answer: payouts,
    codes: ['storage_unavailable'],
  }),
} as const

export type Routes = typeof ROUTES
export type RouteName = keyof Routes

/** The WebSocket route beside the table. */
export const EVENTS_PATH = '/v1/events'
