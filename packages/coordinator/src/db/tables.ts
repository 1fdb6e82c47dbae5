import type { AggregateView, BatchState } from '@weft/api'
import type { Address, Bytes32, Hex } from '@weft/protocol'
import type { Write } from './database.js'
import { table } from './table.js'

/*
 * What is stored are facts only: who asked for what, who holds what, what was proven, what settled. Trees, ready
 * queues and claims are computed from them again at start.
 *
 * Columns of type text that hold JSON are named `_json`; amounts inside are decimal strings.
 */

/** A verified proof of a job, by the job's key in the plan. Rows are never changed. */
export interface ProofRow {
  readonly job: string
  readonly prover: Address
  readonly proof: Bytes32
  readonly lease: string
  readonly started_ms: number
  readonly proven_ms: number
}
export const proofs = table<ProofRow>('proofs', [
  'job',
  'prover',
  'proof',
  'lease',
  'started_ms',
  'proven_ms',
])

/** Forgets proofs of before `beforeMs` that are not among these jobs'. */
export const pruneProofs = (beforeMs: number, keep: readonly string[]): Write => ({
  sql:
    "delete from proofs where proven_ms < ($1::json ->> 'before')::bigint " +
    "and job not in (select json_array_elements_text($1::json -> 'keep'))",
  json: JSON.stringify({ before: beforeMs, keep }),
})

/** A lease of a job that is not proven yet. When it runs out is not stored: a restart renews it once. */
export interface LeaseRow {
  readonly id: string
  readonly job: string
  readonly prover: Address
  readonly node: string
  readonly started_ms: number
  readonly estimate_ms: number
  readonly state: 'active' | 'lapsed'
}
export const leases = table<LeaseRow>('leases', [
  'id',
  'job',
  'prover',
  'node',
  'started_ms',
  'estimate_ms',
  'state',
])

/** A prover that says a requester is at fault; the key is job and prover. */
export interface BlameRow {
  readonly id: string
  readonly job: string
  readonly prover: Address
  readonly reason: string
  readonly message: string | null
}
export const blames = table<BlameRow>('blames', ['id', 'job', 'prover', 'reason', 'message'])

export const blameId = (job: string, prover: Address): string => `${job}/${prover}`

/** The request of a batch that is under way. */
export interface RequestRow {
  readonly id: Bytes32
  readonly request_json: string
}
export const requests = table<RequestRow>('requests', ['id', 'request_json'])

/** A batch of any state; `view_json` and `opening_json` are filled in when it ends. */
export interface BatchRow {
  readonly id: Bytes32
  readonly serial: number
  /** Job id of the whole batch. */
  readonly statement: Bytes32
  readonly state: BatchState
  readonly reason: string | null
  readonly accepted_ms: number
  readonly aggregate: Bytes32 | null
  readonly view_json: string | null
  readonly opening_json: string | null
}
export const batches = table<BatchRow>('batches', [
  'id',
  'serial',
  'statement',
  'state',
  'reason',
  'accepted_ms',
  'aggregate',
  'view_json',
  'opening_json',
])

export interface AggregateRow {
  readonly id: Bytes32
  readonly serial: number
  readonly state: AggregateView['state']
  readonly opened_ms: number
  readonly view_json: string | null
}
export const aggregates = table<AggregateRow>('aggregates', [
  'id',
  'serial',
  'state',
  'opened_ms',
  'view_json',
])

/** Part of what one prover earned in one pool; the key is pool, prover and part. */
export interface PayoutRow {
  readonly id: string
  readonly serial: number
  readonly prover: Address
  readonly kind: 'claim' | 'shared'
  readonly body_json: string
}
export const payouts = table<PayoutRow>('payouts', ['id', 'serial', 'prover', 'kind', 'body_json'])

export interface ProgramRow {
  readonly id: Bytes32
  readonly info_json: string
}
export const programs = table<ProgramRow>('programs', ['id', 'info_json'])

/** A node by its prover's address and its own name. */
export interface NodeRow {
  readonly id: string
  readonly prover: Address
  readonly capabilities_json: string
  /** Circuits of this size and above have exhausted its memory. */
  readonly too_large_gates: number | null
}
export const nodes = table<NodeRow>('nodes', ['id', 'prover', 'capabilities_json', 'too_large_gates'])

/** A prover's record with this coordinator. */
export interface ProverRow {
  readonly address: Address
  /** Invalid proofs since the last valid one. */
  readonly strikes: number
  readonly paused_until_ms: number
  readonly reason: string | null
}
export const provers = table<ProverRow>('provers', ['address', 'strikes', 'paused_until_ms', 'reason'])

export interface SessionRow {
  /** SHA-256 of the token: a stolen database opens no session. */
  readonly token_hash: string
  readonly address: Address
  readonly node: string | null
  readonly expires_ms: number
}
export const sessions = table<SessionRow>('sessions', ['token_hash', 'address', 'node', 'expires_ms'])

/** Counters that outlive the process. */
export interface CounterRow {
  readonly name: string
  readonly value: number
}
export const counters = table<CounterRow>('counters', ['name', 'value'])

/** What the market's log begins with; one row. */
export interface MarketRulesRow {
  readonly id: string
  readonly rules: string
}
export const marketRules = table<MarketRulesRow>('market_rules', ['id', 'rules'])

/** Entries of the market's log: what happened, in order. The market's state is computed from it again at start. */
export interface MarketLogRow {
  readonly index: number
  readonly previous: Bytes32
  /** Canonical texts. */
  readonly input: string
  readonly output: string
  readonly hash: Bytes32
}
export const marketLog = table<MarketLogRow>('market_log', ['index', 'previous', 'input', 'output', 'hash'])

export interface MarketSealRow {
  readonly index: number
  readonly head: Bytes32
  readonly signature: Hex
}
export const marketSeals = table<MarketSealRow>('market_seals', ['index', 'head', 'signature'])

/** A commitment that its prover has signed, by the commitment's id. */
export interface CommitmentRow {
  readonly id: Bytes32
  readonly request: Bytes32
  readonly prover: Address
  readonly signed_json: string
}
export const commitments = table<CommitmentRow>('commitments', ['id', 'request', 'prover', 'signed_json'])

/** A request that is over, as it was last. */
export interface EndedOrderRow {
  readonly id: Bytes32
  readonly owner: Address
  readonly accepted_ms: number
  readonly view_json: string
}
export const endedOrders = table<EndedOrderRow>('ended_orders', ['id', 'owner', 'accepted_ms', 'view_json'])

/** A ciphertext of private inputs, by job, prover and node; the ciphertext itself is a file. */
export interface SealedInputsRow {
  readonly id: string
  readonly request: Bytes32
  readonly job: Bytes32
  readonly prover: Address
  readonly node: string
  readonly digest: Bytes32
  readonly sealed_ms: number
}
export const sealedInputs = table<SealedInputsRow>('sealed_inputs', [
  'id',
  'request',
  'job',
  'prover',
  'node',
  'digest',
  'sealed_ms',
])

/** A broken commitment on its way through L1, by the commitment's id. */
export interface AccusationRow {
  readonly id: Bytes32
  readonly state: 'due' | 'accused' | 'convicted' | 'cleared'
  /** Unix seconds of its next step. */
  readonly due_s: number
  readonly body_json: string
  readonly l1_tx: Bytes32 | null
}
export const accusations = table<AccusationRow>('accusations', ['id', 'state', 'due_s', 'body_json', 'l1_tx'])

/** Provers that are owed for attempts, by the request's id. */
export interface AttemptsRow {
  readonly id: Bytes32
  readonly state: 'due' | 'paid' | 'void'
  readonly body_json: string
  readonly l1_tx: Bytes32 | null
}
export const attempts = table<AttemptsRow>('attempts', ['id', 'state', 'body_json', 'l1_tx'])
