import { ApiError, type Lease as ApiLease } from '@weft/api'
import { expectedClaim, type Job, type Lease } from '@weft/plan'
import { type Child, publicInput } from '@weft/protocol'
import type { Context } from './context.js'
import * as tables from './db/tables.js'
import { isDirectProof } from './direct/proof.js'
import { holderOf, jobRef } from './events.js'
import { type Leasing, refusalOf } from './leasing.js'
import type { Nodes } from './nodes.js'
import type { Orders } from './orders/orders.js'
import type { Programs } from './programs.js'
import { Semaphore } from './semaphore.js'
import type { Caller } from './sessions.js'

export interface Accepted {
  readonly accepted: true
  readonly late: boolean
  readonly next?: ApiLease
}

/** Takes proofs: each one is verified against the claim that this job by this prover must have. */
export class Proofs {
  readonly #verifications: Semaphore

  constructor(
    readonly context: Context,
    readonly programs: Programs,
    readonly nodes: Nodes,
    readonly leasing: Leasing,
    readonly orders: Orders,
  ) {
    this.#verifications = new Semaphore(context.limits.verifications)
  }

  /** Answered once durable. Errors: see the route `submitProof`. */
  async submit(caller: Caller, id: string, proof: Uint8Array, wantsNext: boolean): Promise<Accepted> {
    const { plan, deps, timing, journal } = this.context
    const lease = this.leasing.held(caller, id)
    const { job } = lease
    if (job.state === 'proven') return this.#again(caller, job, id, wantsNext)
    this.context.market?.assertSigned(lease)
    journal.assertAvailable()
    // It lives, as this request shows, and may have to wait for its turn.
    plan.renew(id, deps.clock.nowMs(), timing.leaseMs)
    const outcome = await this.#verifications.run(() => this.#take(lease, proof))
    if (outcome === 'over') return this.#again(caller, job, id, wantsNext)
    if (outcome === 'invalid') {
      await journal.commit()
      throw new ApiError(
        'invalid_proof',
        'the proof does not prove this job’s claim by this prover: verify before you send, with the key of this program',
        { job: job.spec.id },
      )
    }
    const late = outcome === 'late'
    const next = this.#next(caller, wantsNext)
    this.leasing.offer()
    await journal.commit()
    return next ? { accepted: true, late, next: await this.leasing.toWire(next) } : { accepted: true, late }
  }

  /** A proof sent twice, because the first answer got lost, is accepted twice. */
  async #again(caller: Caller, job: Job, id: string, wantsNext: boolean): Promise<Accepted> {
    if (job.proof?.lease !== id) throw refusalOf('job_already_proven', id)
    const next = this.#next(caller, wantsNext)
    await this.context.journal.commit()
    return { accepted: true, late: false, ...(next ? { next: await this.leasing.toWire(next) } : {}) }
  }

  #next(caller: Caller, wanted: boolean): Lease | null {
    const node = wanted ? this.nodes.touch(caller) : undefined
    return node ? this.leasing.tryTake(node) : null
  }

  /**
   * Verifies a proof and takes it, in one turn: who waits for too long sends it again, and what was verified twice would
   * keep others waiting, who send theirs again. `over` if the job is proven when the turn comes, or meanwhile.
   */
  async #take(lease: Lease, proof: Uint8Array): Promise<'taken' | 'late' | 'over' | 'invalid'> {
    const { plan, deps, mergeKey } = this.context
    const { id, job, prover } = lease
    if (job.state === 'proven') return 'over'
    if (!plan.lease(id)) throw refusalOf('unknown_lease', id)
    const claim = expectedClaim(plan, job, prover, mergeKey)
    if (!(await this.#verify(lease, claim, proof))) {
      deps.log.warn({ job: job.key, prover, node: lease.node }, 'invalid proof')
      if (plan.lease(id)) this.leasing.reject(lease)
      return 'invalid'
    }
    const digest = await deps.blobs.putBytes(proof)

    // Nothing is awaited from here on.
    const outcome = plan.prove(id, { proof: digest, provenMs: deps.clock.nowMs() }, claim)
    if (outcome.kind === 'refused') {
      if (job.proof?.lease === id) return 'over'
      throw refusalOf(outcome.code, id)
    }
    this.#record(lease, outcome.late)
    this.orders.onProven(job)
    this.context.market?.proven(job, prover)
    return outcome.late ? 'late' : 'taken'
  }

  /** Errors: `verifier_unavailable`. */
  async #verify({ job }: Lease, claim: Child, proof: Uint8Array): Promise<boolean> {
    const { deps, systems } = this.context
    const { spec } = job
    const key = this.programs.keyOf(spec.program, spec.target)
    try {
      return spec.kind === 'segment' && spec.system !== null
        ? await isDirectProof(systems.of(spec.system), key, spec.statement, proof)
        : await deps.verifier.verify(key, publicInput(claim), proof)
    } catch (cause) {
      deps.log.error({ cause: String(cause), job: job.key }, 'the verifier failed')
      throw new ApiError(
        'verifier_unavailable',
        'the proof could not be verified now: send it again',
        {},
        { cause },
      )
    }
  }

  #record(lease: Lease, late: boolean): void {
    const { journal, events } = this.context
    const { job } = lease
    if (!job.proof) throw new Error(`job ${job.key} was just proven`)
    const { prover, proof, startedMs, provenMs } = job.proof
    journal.put(tables.proofs, {
      job: job.key,
      prover,
      proof,
      lease: lease.id,
      started_ms: startedMs,
      proven_ms: provenMs,
    })
    for (const id of job.leases.keys()) journal.drop(tables.leases, id)
    this.nodes.noteValidProof(prover)
    const seconds = Math.max(0, provenMs - startedMs) / 1000
    const holder = holderOf(lease)
    events.emit({ type: 'job_proven', ...jobRef(job), ...holder, gates: job.spec.gates, seconds, late })
  }
}
