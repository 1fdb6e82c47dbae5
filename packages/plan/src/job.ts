import type { Address, Bytes32, Child } from '@weft/protocol'
import type { JobKey, JobSpec } from './spec.js'

/**
 * waiting ──both children proven──▶ ready ◀──last lease ends──▶ leased ──valid proof──▶ proven
 *                                     │  ▲                        │
 *                                     │  └── late proof: ready ──▶│ proven
 *                                     └──── blamed by two provers ┴──▶ failed
 */
export type JobState = 'waiting' | 'ready' | 'leased' | 'proven' | 'failed'

/** A job starts as waiting; a known proof makes it proven at once. */
const NEXT: Readonly<Record<JobState, readonly JobState[]>> = {
  waiting: ['ready', 'proven'],
  ready: ['leased', 'proven', 'failed'],
  leased: ['ready', 'proven', 'failed'],
  proven: [],
  failed: [],
}

/** A proof that was verified and stored. */
export interface Proof {
  readonly prover: Address
  readonly proof: Bytes32
  /** The lease it came under. */
  readonly lease: string
  /** Start of that lease. */
  readonly startedMs: number
  readonly provenMs: number
}

/**
 * A right to prove a job. `lapsed`: lost or given back, but a proof of the still open job would be taken.
 * `over`: the job is proven.
 */
export interface Lease {
  readonly id: string
  readonly job: Job
  readonly prover: Address
  readonly node: string
  readonly startedMs: number
  /** How long this node should take. */
  readonly estimateMs: number
  expiresMs: number
  state: 'active' | 'lapsed' | 'over'
}

/** What a prover says of inputs that it finds at fault. */
export interface Blame {
  readonly reason: string
  readonly message: string
}

export interface Job {
  readonly key: JobKey
  readonly spec: JobSpec
  readonly serial: number
  /** Age of the order it belongs to. */
  readonly order: number
  readonly pathGates: number
  readonly parents: Set<Job>
  /** Of every state, oldest first. */
  readonly leases: Map<string, Lease>
  /** Who alone may have it; empty while nobody may; null for everybody. */
  reservedFor: ReadonlySet<Address> | null
  /** Provers that failed it, and until when they are not given it again. */
  readonly avoids: Map<Address, number>
  /** Provers that say the requester is at fault, and how. */
  readonly blames: Map<Address, Blame>
  /** How many batches and aggregates need it. */
  owners: number
  /** Children not yet proven. */
  missing: number
  state: JobState
  proof: Proof | null
  /** Memo of `claimOf`. */
  claim: Child | null
}

/** The only place that changes a job's state. Throws where the diagram has no arrow: a fault of the plan's. */
export const moveTo = (job: Job, state: JobState): void => {
  if (!NEXT[job.state].includes(state))
    throw new Error(`job ${job.key}: no way from ${job.state} to ${state}`)
  job.state = state
}

export const activeLeases = (job: Job): Lease[] =>
  [...job.leases.values()].filter((lease) => lease.state === 'active')
