import type { Lease as ApiLease, ReleaseReason } from '@weft/api'
import { ApiError } from '@weft/api'
import type { Job, Lease, LeaseRefusal, Taker } from '@weft/plan'
import type { Context } from './context.js'
import * as tables from './db/tables.js'
import { holderOf, jobRef } from './events.js'
import { jobToWire } from './job-wire.js'
import { isPrivate } from './market/private-inputs.js'
import type { Node, Nodes } from './nodes.js'
import type { Caller } from './sessions.js'

/** A node that waits for a job. */
interface Waiter {
  readonly node: Node
  readonly give: (lease: Lease | null) => void
}

const REFUSALS: Readonly<Record<LeaseRefusal['code'], string>> = {
  unknown_lease: 'no such lease, or nobody needs its job any more: stop working on it',
  lease_lost:
    'the lease was lost: stop, or hand in the proof if it is nearly done; it is taken while the job is open',
  job_already_proven: 'somebody else’s proof of this job was taken: stop working on it',
}

export const refusalOf = (code: LeaseRefusal['code'], lease: string): ApiError =>
  new ApiError(code, REFUSALS[code], { lease })

/** Reasons to give a lease back that do not count against a prover. */
const NO_FAULT: ReadonlySet<ReleaseReason> = new Set(['unsatisfied', 'bad_inputs', 'shutdown', 'declined'])

/** For how long a market gives nothing new to a prover that gave a lease back. */
const RESTS: Readonly<Record<ReleaseReason, 'until_heard' | 'a_while' | 'no'>> = {
  unsatisfied: 'no',
  bad_inputs: 'no',
  memory_limit: 'a_while',
  time_limit: 'a_while',
  prover_crashed: 'a_while',
  shutdown: 'until_heard',
  declined: 'a_while',
}

/** Hands out jobs and keeps track of who lives. */
export class Leasing {
  /** In order of arrival. */
  readonly #waiters = new Set<Waiter>()
  /** Unique to this start of the process: with a counter it makes ids that fence, and that cost nothing. */
  readonly #idPrefix: string
  #lastId = 0
  #released = 0

  constructor(
    readonly context: Context,
    readonly nodes: Nodes,
  ) {
    this.#idPrefix = Buffer.from(context.deps.random.bytes(12)).toString('base64url')
  }

  /** Leases that ended without a proof since the start of the process. */
  get released(): number {
    return this.#released
  }

  /**
   * The next job for the caller's node, waiting for one if need be; null when there is none in time. Errors:
   * `not_registered`, `paused`, `too_many_leases`, `storage_unavailable`.
   */
  async next(caller: Caller, waitMs: number, signal: AbortSignal): Promise<ApiLease | null> {
    const { journal } = this.context
    const node = this.nodes.of(caller)
    this.nodes.assertNotPaused(node.prover)
    this.context.market?.seen(node.prover)
    this.#assertRoom(node)
    journal.assertAvailable()
    const lease = this.tryTake(node) ?? (await this.#wait(node, waitMs, signal))
    if (!lease) return null
    await journal.commit()
    return await this.toWire(lease)
  }

  /** The next job if there is one and the node may have it. */
  tryTake(node: Node): Lease | null {
    const { plan, deps, timing, journal, events, limits } = this.context
    if (plan.heldBy(node.prover, node.taker.node) >= limits.maxLeasesPerNode) return null
    const id = `${this.#idPrefix}-${(++this.#lastId).toString(36)}`
    const lease = plan.take(this.#takerOf(node), id, deps.clock.nowMs(), timing.leaseMs)
    if (!lease) return null
    journal.put(tables.leases, rowOf(lease))
    events.emit({ type: 'job_leased', ...jobRef(lease.job), ...holderOf(lease) })
    this.context.market?.leased(lease)
    return lease
  }

  /** Gives what is ready to those who wait. */
  offer(): void {
    if (!this.context.journal.available) return
    for (const waiter of this.#waiters) {
      const lease = this.tryTake(waiter.node)
      if (lease) waiter.give(lease)
    }
  }

  /** Keeps a lease. Throws `unknown_lease`, `lease_lost`, `job_already_proven`. */
  heartbeat(caller: Caller, id: string): { expiresAtMs: number } {
    const { plan, deps, timing } = this.context
    const lease = this.held(caller, id)
    this.nodes.touch(caller)
    // Nobody but its prover can tell whether private inputs are any good, so nobody has to answer for them: such jobs are
    // committed to when they are proven.
    if (lease.state === 'active' && !isPrivate(lease.job.spec)) this.context.market?.assertSigned(lease)
    const outcome = plan.renew(id, deps.clock.nowMs(), timing.leaseMs)
    if (outcome.kind === 'refused') throw refusalOf(outcome.code, id)
    return { expiresAtMs: outcome.lease.expiresMs }
  }

  /** The caller's lease. Throws `unknown_lease`. */
  held(caller: Caller, id: string): Lease {
    const lease = this.context.plan.lease(id)
    // Nobody learns of another prover's lease.
    if (!lease || lease.prover !== caller.address) throw refusalOf('unknown_lease', id)
    return lease
  }

  /** Takes a lease back that its holder returns; true if the job has failed for good. */
  release(
    caller: Caller,
    id: string,
    reason: ReleaseReason,
    message = '',
  ): { readonly job: Job; readonly failed: boolean } {
    const { plan, deps, events, journal } = this.context
    const lease = this.held(caller, id)
    const wasActive = lease.state === 'active'
    const isFault = reason === 'unsatisfied' || reason === 'bad_inputs'
    plan.release(id, deps.clock.nowMs(), reason !== 'shutdown')
    if (reason === 'memory_limit') this.nodes.noteTooLarge(lease.prover, lease.node, lease.job.spec.gates)
    if (wasActive) {
      this.#store(lease)
      events.emit({ type: 'lease_released', ...jobRef(lease.job), ...holderOf(lease), reason })
      this.context.market?.lost(lease, NO_FAULT.has(reason) ? null : 'late', RESTS[reason])
    }
    // A merge composes proofs that were verified: no requester can be at fault there.
    if (!isFault || lease.job.spec.kind === 'merge') return { job: lease.job, failed: false }
    const { key } = lease.job
    journal.put(tables.blames, {
      id: tables.blameId(key, lease.prover),
      job: key,
      prover: lease.prover,
      reason,
      message,
    })
    return { job: lease.job, failed: plan.blame(lease.job, lease.prover, { reason, message }) }
  }

  /** Ends the lease of a proof that is not one. */
  reject(lease: Lease): void {
    const { plan, deps, events } = this.context
    plan.release(lease.id, deps.clock.nowMs(), true)
    this.nodes.noteInvalidProof(lease.prover)
    this.#store(lease)
    events.emit({ type: 'proof_rejected', ...jobRef(lease.job), ...holderOf(lease) })
    this.context.market?.lost(lease, 'invalid', 'a_while')
    this.offer()
  }

  /** Ends leases without heartbeats, and looks whether stragglers can be helped. */
  sweep(nowMs: number): void {
    const { plan, events, deps } = this.context
    for (const lease of plan.expire(nowMs)) {
      deps.log.warn({ job: lease.job.key, prover: lease.prover, node: lease.node }, 'lease lost')
      this.#store(lease)
      events.emit({ type: 'lease_lost', ...jobRef(lease.job), ...holderOf(lease) })
      this.context.market?.lost(lease, 'default', 'until_heard')
    }
    this.offer()
  }

  /** Ends every wait. */
  close(): void {
    for (const waiter of this.#waiters) waiter.give(null)
  }

  async toWire(lease: Lease): Promise<ApiLease> {
    const terms = await this.context.market?.termsOf(lease)
    return {
      id: lease.id,
      expiresAtMs: lease.expiresMs,
      heartbeatMs: this.context.timing.heartbeatMs,
      job: jobToWire(this.context, lease.job),
      ...(terms ? { terms } : {}),
    }
  }

  #takerOf(node: Node): Taker {
    const inputs = this.context.market?.privateInputs
    return inputs ? { ...node.taker, mayHave: (spec) => inputs.isReadyFor(spec, node) } : node.taker
  }

  #store(lease: Lease): void {
    this.#released++
    if (lease.state !== 'over') this.context.journal.put(tables.leases, rowOf(lease))
  }

  #assertRoom(node: Node): void {
    const { plan, limits } = this.context
    if (plan.heldBy(node.prover, node.taker.node) < limits.maxLeasesPerNode) return
    throw new ApiError(
      'too_many_leases',
      `a node holds at most ${limits.maxLeasesPerNode} leases: prove or return one`,
      {
        maxLeases: limits.maxLeasesPerNode,
      },
    )
  }

  #wait(node: Node, waitMs: number, signal: AbortSignal): Promise<Lease | null> {
    if (waitMs === 0 || signal.aborted) return Promise.resolve(null)
    return new Promise((resolve) => {
      const stop = () => waiter.give(null)
      const cancel = this.context.deps.clock.after(waitMs, stop)
      const waiter: Waiter = {
        node,
        give: (lease) => {
          this.#waiters.delete(waiter)
          cancel()
          signal.removeEventListener('abort', stop)
          resolve(lease)
        },
      }
      this.#waiters.add(waiter)
      signal.addEventListener('abort', stop, { once: true })
    })
  }
}

const rowOf = (lease: Lease): tables.LeaseRow => ({
  id: lease.id,
  job: lease.job.key,
  prover: lease.prover,
  node: lease.node,
  started_ms: lease.startedMs,
  estimate_ms: lease.estimateMs,
  state: lease.state === 'active' ? 'active' : 'lapsed',
})
