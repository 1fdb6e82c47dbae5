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
    const claim = await this.#verify(lease, proof)
    const digest = await deps.blobs.putBytes(proof)

    // Nothing is awaited from here until the commit.
    const outcome = plan.prove(id, { proof: digest, provenMs: deps.clock.nowMs() }, claim)
    if (outcome.kind === 'refused') {
      if (job.proof?.lease === id) return this.#again(caller, job, id, wantsNext)
      throw refusalOf(outcome.code, id)
    }
    this.#record(lease, outcome.late)
    this.orders.onProven(job)
    this.context.market?.proven(job, lease.prover)
    const next = this.#next(caller, wantsNext)
    this.leasing.offer()
    await journal.commit()
    return next
      ? { accepted: true, late: outcome.late, next: await this.leasing.toWire(next) }
      : { accepted: true, late: outcome.late }
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

  /** The claim that it proves. */
  async #verify(lease: Lease, proof: Uint8Array): Promise<Child> {
    const { plan, deps, mergeKey, systems } = this.context
    const { job, prover } = lease
    const { spec } = job
    const claim = expectedClaim(plan, job, prover, mergeKey)
    const key = this.programs.keyOf(spec.program, spec.target)
    const verify = () =>
      spec.kind === 'segment' && spec.system !== null
        ? isDirectProof(systems.of(spec.system), key, spec.statement, proof)
        : deps.verifier.verify(key, publicInput(claim), proof)
    let isValid: boolean
    try {
      isValid = await this.#verifications.run(verify)
    } catch (cause) {
      deps.log.error({ cause: String(cause), job: job.key }, 'the verifier failed')
      throw new ApiError(
        'verifier_unavailable',
        'the proof could not be verified now: send it again',
        {},
        { cause },
      )
    }
    if (isValid) return claim
    deps.log.warn({ job: job.key, prover, node: lease.node }, 'invalid proof')
    if (this.context.plan.lease(lease.id)) this.leasing.reject(lease)
    await this.context.journal.commit()
    throw new ApiError(
      'invalid_proof',
      'the proof does not prove this job’s claim by this prover: verify before you send, with the key of this program',
      { job: spec.id },
    )
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
