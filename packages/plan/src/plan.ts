import type { Address, Child } from '@weft/protocol'
import { activeLeases, type Blame, type Job, type JobState, type Lease, moveTo, type Proof } from './job.js'
import { mayTake, ReadyQueue, type Taker } from './ready-queue.js'
import { isMoreUrgent, type JobKey, type JobSpec } from './spec.js'
import { findReserved, findStraggler, type StragglerRules } from './straggler.js'

export interface PlanRules {
  readonly straggler: StragglerRules
  /** How long a prover that failed a job is not given it again. */
  readonly avoidMs: number
  /** So many different provers have to blame the requester before a job fails. */
  readonly blamesToFail: number
}

/** Why a lease cannot be acted on. */
export interface LeaseRefusal {
  readonly kind: 'refused'
  readonly code: 'unknown_lease' | 'lease_lost' | 'job_already_proven'
}

export interface Proven {
  readonly kind: 'proven'
  readonly job: Job
  /** The lease had lapsed. */
  readonly late: boolean
  /** Jobs that can be proven now. */
  readonly ready: readonly Job[]
}

/** Adds to a count that is kept while it is not zero. */
const count = <K>(counts: Map<K, number>, key: K, by: 1 | -1): void => {
  const now = (counts.get(key) ?? 0) + by
  if (now === 0) counts.delete(key)
  else counts.set(key, now)
}

const refused = (code: LeaseRefusal['code']): LeaseRefusal => ({ kind: 'refused', code })

const NOBODY: ReadonlySet<Address> = new Set()

/** The most lapsed leases a job remembers; a prover that comes back later than that starts over. */
const MAX_LAPSED = 16

/**
 * Every job that somebody still needs, what is ready, and who holds what. Pure: time and ids are arguments, and
 * the same calls in the same order make the same state.
 *
 * Jobs are shared: a job that two owners (batches or aggregates) need is proven once.
 */
export class Plan {
  readonly #jobs = new Map<JobKey, Job>()
  readonly #leases = new Map<string, Lease>()
  readonly #owned = new Map<string, Job[]>()
  readonly #leased = new Set<Job>()
  /** Active leases by node, and by prover. */
  readonly #held = new Map<string, number>()
  readonly #provers = new Map<Address, number>()
  /** Ready jobs that everybody may have. */
  readonly #ready = new ReadyQueue()
  /** Ready jobs that are reserved, by prover: few each, since a prover promises no more than it can do. */
  readonly #promised = new Map<Address, Set<Job>>()
  readonly #counts: Record<JobState, number> = { waiting: 0, ready: 0, leased: 0, proven: 0, failed: 0 }
  #serial = 0

  constructor(readonly rules: PlanRules) {}

  get counts(): Readonly<Record<JobState, number>> {
    return this.#counts
  }

  job(key: JobKey): Job | undefined {
    return this.#jobs.get(key)
  }

  lease(id: string): Lease | undefined {
    return this.#leases.get(id)
  }

  /** How many active leases a node has. */
  heldBy(prover: Address, node: string): number {
    return this.#held.get(prover + node) ?? 0
  }

  /** Whether any node of a prover has an active lease. */
  holds(prover: Address): boolean {
    return (this.#provers.get(prover) ?? 0) > 0
  }

  /** All jobs of an owner, in the order in which they were added. */
  ownedBy(owner: string): readonly Job[] {
    return this.#owned.get(owner) ?? []
  }

  /**
   * Adds an owner's jobs, children before parents. A job that is already here gets one owner more; one with a
   * `known` proof is proven from the start; one that `isReserved` waits for `reserve`. Returns the jobs that were
   * not here before.
   */
  add(
    owner: string,
    order: number,
    specs: readonly JobSpec[],
    known: ReadonlyMap<JobKey, Proof> = new Map(),
    isReserved: (spec: JobSpec) => boolean = () => false,
  ): Job[] {
    if (this.#owned.has(owner)) throw new Error(`owner ${owner} has its jobs already`)
    const fresh: Job[] = []
    const owned = specs.map((spec) => {
      const job = this.#jobs.get(spec.key) ?? this.#create(spec, order, known.get(spec.key), isReserved(spec))
      if (job.owners === 0) fresh.push(job)
      job.owners++
      return job
    })
    this.#owned.set(owner, owned)
    return fresh
  }

  /** Forgets an owner. Jobs that nobody else needs are gone, and with them their leases, which are returned. */
  withdraw(owner: string): { readonly gone: readonly Job[]; readonly leases: readonly Lease[] } {
    const gone: Job[] = []
    const leases: Lease[] = []
    for (const job of this.#owned.get(owner) ?? []) {
      if (--job.owners > 0) continue
      gone.push(job)
      leases.push(...activeLeases(job))
      this.#remove(job)
    }
    this.#owned.delete(owner)
    return { gone, leases }
  }

  /** Says who alone may have a job that waits for that, or has been given to others; null for everybody. */
  reserve(job: Job, provers: ReadonlySet<Address> | null): void {
    if (job.state === 'ready') this.#unlist(job)
    job.reservedFor = provers
    if (job.state === 'ready') this.#list(job)
  }

  /**
   * The most urgent job that is promised to this node's prover, else one that everybody may have, else a second lease:
   * of a job promised to it that another still holds, or of a straggler. Null if there is none.
   */
  take(taker: Taker, leaseId: string, nowMs: number, termMs: number): Lease | null {
    const job =
      this.#takePromised(taker, nowMs) ??
      this.#ready.take(taker, nowMs) ??
      findReserved(this.#leased, taker, nowMs) ??
      findStraggler(this.#leased, taker, nowMs, this.rules.straggler)
    if (!job) return null
    const lease: Lease = {
      id: leaseId,
      job,
      prover: taker.prover,
      node: taker.node,
      startedMs: nowMs,
      estimateMs: Math.ceil((job.spec.gates / taker.gatesPerSecond) * 1000),
      expiresMs: nowMs + termMs,
      state: 'active',
    }
    this.restoreLease(lease)
    return lease
  }

  /** Puts back a lease from before a restart. */
  restoreLease(lease: Lease): void {
    if (this.#leases.has(lease.id)) throw new Error(`lease ${lease.id} exists`)
    lease.job.leases.set(lease.id, lease)
    this.#leases.set(lease.id, lease)
    if (lease.state !== 'active') return
    this.#hold(lease, 1)
    if (lease.job.state === 'ready') this.#move(lease.job, 'leased')
  }

  renew(
    id: string,
    nowMs: number,
    termMs: number,
  ): { readonly kind: 'renewed'; readonly lease: Lease } | LeaseRefusal {
    const lease = this.#leases.get(id)
    if (!lease) return refused('unknown_lease')
    if (lease.job.state === 'proven') return refused('job_already_proven')
    if (lease.state !== 'active') return refused('lease_lost')
    lease.expiresMs = nowMs + termMs
    return { kind: 'renewed', lease }
  }

  /** Ends every lease that was not renewed in time, and returns them. */
  expire(nowMs: number): Lease[] {
    const lost = [...this.#leased].flatMap(activeLeases).filter((lease) => lease.expiresMs <= nowMs)
    for (const lease of lost) this.#lapse(lease)
    return lost
  }

  /** Ends a lease, keeping the prover off the job for a while where it failed at it. */
  release(
    id: string,
    nowMs: number,
    failedAtIt: boolean,
  ): { readonly kind: 'released'; readonly lease: Lease } | LeaseRefusal {
    const lease = this.#leases.get(id)
    if (!lease) return refused('unknown_lease')
    if (failedAtIt) lease.job.avoids.set(lease.prover, nowMs + this.rules.avoidMs)
    if (lease.state === 'active') this.#lapse(lease)
    return { kind: 'released', lease }
  }

  /** Notes that a prover finds the requester at fault. True when enough of them do: the job has failed. */
  blame(job: Job, prover: Address, blame: Blame): boolean {
    job.blames.set(prover, blame)
    if (job.blames.size < this.rules.blamesToFail) return false
    if (job.state !== 'ready' && job.state !== 'leased') return false
    this.#move(job, 'failed')
    return true
  }

  /**
   * Takes a proof that was verified. The first one of a job counts; it need not come under an active lease. Whoever
   * has its claim (`expectedClaim`) gives it, so that it is not computed again.
   */
  prove(
    id: string,
    proof: Omit<Proof, 'lease' | 'prover' | 'startedMs'>,
    claim: Child | null = null,
  ): Proven | LeaseRefusal {
    const lease = this.#leases.get(id)
    if (!lease) return refused('unknown_lease')
    const { job, prover, startedMs } = lease
    if (job.state === 'proven') return refused('job_already_proven')
    if (job.state === 'failed') return refused('lease_lost')
    job.proof = { ...proof, lease: id, prover, startedMs }
    job.claim = claim
    const late = lease.state === 'lapsed'
    for (const any of job.leases.values()) this.#end(any, 'over')
    this.#move(job, 'proven')
    const ready: Job[] = []
    for (const parent of job.parents) {
      parent.missing--
      if (parent.missing > 0 || parent.state !== 'waiting') continue
      this.#move(parent, 'ready')
      ready.push(parent)
    }
    return { kind: 'proven', job, late, ready }
  }

  #takePromised(taker: Taker, nowMs: number): Job | null {
    let best: Job | null = null
    for (const job of this.#promised.get(taker.prover) ?? []) {
      if (mayTake(job, taker, nowMs) && (best === null || isMoreUrgent(job, best))) best = job
    }
    return best
  }

  #list(job: Job): void {
    if (job.reservedFor === null) this.#ready.push(job)
    for (const prover of job.reservedFor ?? []) {
      const promised = this.#promised.get(prover) ?? new Set()
      this.#promised.set(prover, promised.add(job))
    }
  }

  /** The queue for everybody drops by itself what is no longer ready. */
  #unlist(job: Job): void {
    for (const prover of job.reservedFor ?? []) {
      const promised = this.#promised.get(prover)
      promised?.delete(job)
      if (promised?.size === 0) this.#promised.delete(prover)
    }
  }

  #create(spec: JobSpec, order: number, proof: Proof | undefined, isReserved: boolean): Job {
    const job: Job = {
      key: spec.key,
      spec,
      serial: this.#serial++,
      order,
      pathGates: spec.pathGates,
      parents: new Set(),
      leases: new Map(),
      reservedFor: isReserved ? NOBODY : null,
      avoids: new Map(),
      blames: new Map(),
      owners: 0,
      missing: 0,
      state: 'waiting',
      proof: proof ?? null,
      claim: null,
    }
    if (spec.kind === 'merge') this.#adopt(job, [spec.left, spec.right])
    this.#jobs.set(spec.key, job)
    this.#counts.waiting++
    if (proof) this.#move(job, 'proven')
    else if (job.missing === 0) this.#move(job, 'ready')
    return job
  }

  #adopt(job: Job, children: readonly JobKey[]): void {
    for (const key of children) {
      const child = this.#jobs.get(key)
      if (!child) throw new Error(`job ${job.key} was added before its child ${key}`)
      child.parents.add(job)
      if (child.state !== 'proven') job.missing++
    }
  }

  #remove(job: Job): void {
    this.#jobs.delete(job.key)
    this.#unlist(job)
    this.#leased.delete(job)
    this.#counts[job.state]--
    for (const lease of job.leases.values()) {
      this.#end(lease, 'over')
      this.#leases.delete(lease.id)
    }
    if (job.spec.kind === 'merge') {
      for (const key of [job.spec.left, job.spec.right]) this.#jobs.get(key)?.parents.delete(job)
    }
    // The ready queue may still hold it; failed jobs are never handed out.
    if (job.state === 'ready') moveTo(job, 'failed')
  }

  #lapse(lease: Lease): void {
    const { job } = lease
    this.#end(lease, 'lapsed')
    const lapsed = [...job.leases.values()].filter((other) => other.state === 'lapsed')
    for (const old of lapsed.slice(0, -MAX_LAPSED)) {
      job.leases.delete(old.id)
      this.#leases.delete(old.id)
    }
    if (job.state === 'leased' && activeLeases(job).length === 0) this.#move(job, 'ready')
  }

  #end(lease: Lease, state: 'lapsed' | 'over'): void {
    if (lease.state === 'active') this.#hold(lease, -1)
    lease.state = state
  }

  #hold({ prover, node }: Lease, by: 1 | -1): void {
    count(this.#held, prover + node, by)
    count(this.#provers, prover, by)
  }

  #move(job: Job, state: JobState): void {
    this.#counts[job.state]--
    moveTo(job, state)
    this.#counts[state]++
    if (state === 'leased') this.#leased.add(job)
    else this.#leased.delete(job)
    if (state === 'ready') this.#list(job)
    else this.#unlist(job)
  }
}
