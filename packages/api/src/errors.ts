import { WeftError } from '@weft/protocol'
import { z } from 'zod'

/** Every refusal's code and the HTTP status it travels with. Codes are stable: programs may branch on them. */
export const ERROR_STATUS = {
  /** The request does not match the schema; the message names the field. */
  bad_request: 400,
  /** The body is larger than the route allows. */
  payload_too_large: 413,
  /** No such route. */
  unknown_route: 404,
  /** Too many requests: wait `details.retryAfterMs`. */
  rate_limited: 429,

  /** The bearer token is missing, unknown or has expired: open a session. */
  unauthenticated: 401,
  /** The challenge has expired or was used: fetch a new one. */
  challenge_expired: 401,
  /** The signature is not the named account's over this message. */
  bad_signature: 401,
  /** This session's node has not registered its capabilities. */
  not_registered: 409,
  /** The node's setup differs from the coordinator's: dev and Ignition keys never mix. */
  srs_mismatch: 409,
  /** The prover, or the coordinator, has as many nodes as it may; one that is not heard of for a minute makes way. */
  too_many_nodes: 429,
  /** The prover is paused; `details` say why and until when. */
  paused: 403,
  /** The node holds as many leases as it may. */
  too_many_leases: 429,

  unknown_program: 404,
  /** The id is not that of the key. */
  program_mismatch: 422,
  /** No program of its proof system, or one that is not set up within the coordinator's limits. */
  bad_artifact: 422,
  /** This coordinator serves a fixed set of programs. */
  registration_closed: 403,
  /** An id that is taken, with other contents. */
  program_conflict: 409,

  unknown_blob: 404,
  /** The bytes do not have the digest they were sent under. */
  digest_mismatch: 422,
  /** An input named by the request was not uploaded. */
  missing_blob: 409,
  /** The disk is full. */
  storage_full: 507,
  /** State cannot be made durable now; nothing was changed that you were told of. Try again. */
  storage_unavailable: 503,

  /** No such lease, or nobody needs its job any more: stop working on it. */
  unknown_lease: 404,
  /** The lease is over: stop working on it, or hand in the proof if it is done. */
  lease_lost: 409,
  /** Somebody's proof of this job was taken before. */
  job_already_proven: 409,
  /** The proof does not prove this job's claim by this prover. */
  invalid_proof: 422,
  /** The verifier failed, not the proof. Try again. */
  verifier_unavailable: 503,

  unknown_batch: 404,
  unknown_aggregate: 404,
  /** The segments are not a chain from pre to post, or do not make up the data commitment. */
  bad_segments: 422,
  too_many_segments: 422,
  /** The request's deadline has passed. */
  deadline_passed: 409,
  /** The tenant is no contract of this settlement's. */
  not_a_tenant: 422,
  /** The signer is not the tenant's sequencer. */
  not_sequencer: 403,
  /** The tenant's deposit does not cover the work. */
  insufficient_funds: 402,
  /** Another batch of the same statement is under way or settled. */
  statement_taken: 409,
  /** L1 cannot be asked now. Try again. */
  l1_unavailable: 503,
  /** The opening exists once the batch is settled. */
  not_settled: 409,

  /** This coordinator pays from deposits: hand in a batch. */
  no_market: 404,
  /** This coordinator serves a market: sign a request. */
  market_only: 409,
  /** No such request or offer, or it has expired. */
  unknown_intent: 404,
  /** Only its signer cancels an intent. */
  not_the_owner: 403,
  /** The message has a field that its type cannot hold. */
  malformed: 422,
  out_of_range: 422,
  zero_value: 422,
  /** The maximum total is too small to be worth a job. */
  dust: 422,
  /** The deadline or expiry has passed. */
  expired: 422,
  too_far_ahead: 422,
  deadlines_out_of_order: 422,
  start_above_maximum: 422,
  unknown_policy: 422,
  /** The request names a matcher that is not this coordinator's. */
  foreign_matcher: 422,
  /** The list of provers is not the one that was signed. */
  foreign_provers: 422,
  too_many_provers: 422,
  duplicate_prover: 422,
  nonce_used: 409,
  already_resting: 409,
  too_many_offers: 429,
  too_little_stake: 402,
  /** The offer asks for more collateral than the prover's account has. */
  beyond_collateral: 402,
  /** The owner's account does not cover its requests. */
  insufficient_balance: 402,
  /** The maximum total does not cover the work at the maximum price; `details.neededWei` would. */
  total_too_low: 422,
  /** Provers have committed to it: it can no longer be taken back. */
  already_committed: 409,
  /** Defaults keep the prover out; `details` say until when. */
  suspended: 403,
  offer_deadline_passed: 409,
  proof_deadline_passed: 409,
  commit_phase_over: 409,
  not_revealing: 409,
  still_revealing: 409,
  reveal_phase_over: 409,
  one_bid_each: 409,
  no_such_commitment: 409,
  weak_salt: 422,
  does_not_open: 422,
  /** The prover has to sign the lease's commitment first. */
  commitment_missing: 409,
  /** Nobody waits for these inputs under this key: ask again who does. */
  not_a_recipient: 409,
  /** Signed correctly, but not served here; the message says what is. */
  unsupported: 422,

  /** A fault of the coordinator's; its log has the details. */
  internal: 500,
} as const

export type ErrorCode = keyof typeof ERROR_STATUS

export const errorCode = z.enum(Object.keys(ERROR_STATUS) as [ErrorCode, ...ErrorCode[]])

/** Refusals and missing answers that pass by themselves: the same request is right a little later. */
const TRANSIENT: ReadonlySet<string> = new Set<ErrorCode | 'coordinator_unreachable' | 'bad_answer'>([
  'coordinator_unreachable',
  // What a proxy says while the coordinator behind it restarts.
  'bad_answer',
  'challenge_expired',
  'rate_limited',
  'too_many_nodes',
  'paused',
  'too_many_leases',
  'storage_unavailable',
  'storage_full',
  'verifier_unavailable',
  'l1_unavailable',
  'internal',
])

/** Whether waiting changes what a call rejected with. */
export const isTransient = (error: unknown): error is WeftError =>
  error instanceof WeftError && TRANSIENT.has(error.code)

/** The body of every refusal. */
export const errorBody = z.object({
  error: z.object({
    code: errorCode,
    message: z.string(),
    details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  }),
})

/** A refusal, the same object on both sides of the wire. */
export class ApiError extends WeftError {
  override readonly name = 'ApiError'
  declare readonly code: ErrorCode
  constructor(
    code: ErrorCode,
    message: string,
    details: Readonly<Record<string, string | number | boolean | null>> = {},
    options?: { cause?: unknown },
  ) {
    super(code, message, details, options)
  }

  get status(): number {
    return ERROR_STATUS[this.code]
  }
}
