import { toWire } from '@weft/api'
import { decodeDirectProof } from '@weft/proof'
import { type Bytes32, type Order, REQUEST_EXPIRY_S, WeftError } from '@weft/protocol'
import type { Context } from '../context.js'
import * as tables from '../db/tables.js'
import { claimOfTop, topOf } from '../orders/archive.js'
import { type Batch, batchRow, batchView } from '../orders/batch.js'
import type { Orders } from '../orders/orders.js'
import type { DeliverableProof, DirectRecord, DirectSettler } from '../ports.js'
import type { Programs } from '../programs.js'
import { type Recorded, recordOpeningOf, recordPayout } from './archive.js'
import { type Deliverable, dueGroups } from './window.js'

/** Groups on their way to L1 at the same time: its sender puts them in line. */
const AT_ONCE = 64

/** A delivery that did not succeed. */
interface Setback {
  readonly retryAtMs: number
  readonly pauseMs: number
  readonly isAlone: boolean
  readonly reason: string
}

/** A proof with what L1 needs of it. */
interface Parcel extends Omit<Recorded, 'record'> {
  readonly deliverable: DeliverableProof
}

/**
 * Brings proofs that nothing merges to L1: records them, alone or with others of their proof system, and has their
 * provers paid.
 *
 *   proven ──window over, full, or due──▶ recorded ──▶ paid ──▶ settled
 *     ▲                                      │           │
 *     └──────────── a pause ◀────────────────┴───────────┘ L1 is away, or refuses
 *
 * Whatever ends the process in between, L1 says how far it came: what is recorded is not recorded again, and who was paid
 * is not paid again. A proof that L1 refuses in company is tried alone; one that it refuses until nobody would be paid for
 * it any more fails its request.
 */
export class Delivery {
  readonly #onTheirWay = new Set<Bytes32>()
  readonly #setbacks = new Map<Bytes32, Setback>()
  /** Of those that L1 has taken: what is being stored. */
  readonly #finishing = new Set<Promise<void>>()
  #programs: Programs | null = null
  #groups = 0

  constructor(
    readonly context: Context,
    readonly orders: () => Orders,
    readonly nextPayout: () => number,
  ) {}

  /** Why a proof is not on L1 yet, if that is so. */
  get waits(): string | null {
    const [setback] = this.#setbacks.values()
    return setback?.reason ?? null
  }

  /** Begins, once everything from before a restart is there. */
  start(programs: Programs): void {
    this.#programs = programs
    this.wake()
  }

  /** Delivers whatever is due. */
  wake(): void {
    const { deps, timing, limits } = this.context
    if (!this.#programs || !deps.directSettler) return
    const rules = {
      windowMs: timing.deliveryWindowMs,
      marginMs: timing.deliveryMarginMs,
      maxProofs: limits.maxBatchedProofs,
    }
    const nowMs = deps.clock.nowMs()
    for (const group of dueGroups(this.#ready(nowMs), rules, nowMs)) {
      if (this.#groups === AT_ONCE) break
      this.#begin(group, deps.directSettler, this.#programs)
    }
  }

  /** Does not wait for L1: what is on its way is found again after a restart. */
  async close(): Promise<void> {
    this.#programs = null
    await Promise.allSettled(this.#finishing)
  }

  #ready(nowMs: number): Deliverable[] {
    const ready: Deliverable[] = []
    for (const batch of this.orders().batches.values()) {
      const { kind, spec } = batch.plan.top
      if (kind !== 'segment' || spec.system === null || batch.state !== 'settling') continue
      const setback = this.#setbacks.get(batch.id)
      if (this.#onTheirWay.has(batch.id) || (setback && setback.retryAtMs > nowMs)) continue
      const provenMs = this.context.plan.job(spec.key)?.proof?.provenMs ?? 0
      ready.push({ batch, system: spec.system, provenMs, isAlone: setback?.isAlone ?? false })
    }
    return ready
  }

  #begin(group: readonly Batch[], settler: DirectSettler, programs: Programs): void {
    this.#groups++
    for (const { id } of group) this.#onTheirWay.add(id)
    this.#deliver(group, settler, programs)
      .catch((cause: unknown) => this.#fail(group, cause))
      .finally(() => {
        this.#groups--
        for (const { id } of group) this.#onTheirWay.delete(id)
        this.wake()
      })
  }

  async #deliver(group: readonly Batch[], settler: DirectSettler, programs: Programs): Promise<void> {
    const { deps, journal } = this.context
    await journal.commit()
    const parcels = await Promise.all(group.map((batch) => this.#pack(batch, programs)))
    const records = await settler.record(parcels.map(({ deliverable }) => deliverable))
    const recorded = parcels.map((parcel, i) => ({ ...parcel, record: records[i] as DirectRecord }))
    await this.#pay(recorded, settler)
    if (this.#programs === null) return
    const finishing = this.#finish(recorded)
    this.#finishing.add(finishing)
    await finishing.finally(() => this.#finishing.delete(finishing))
    const jobs = recorded.length
    deps.log.info(
      { root: recorded[0]?.record.root, l1Tx: recorded[0]?.record.l1Tx, jobs },
      'proofs delivered',
    )
  }

  async #pack(batch: Batch, programs: Programs): Promise<Parcel> {
    const { systems, deps } = this.context
    const job = topOf(this.context, batch)
    const { spec, proof } = job
    if (spec.kind !== 'segment' || spec.system === null || !proof) throw new Error(`${job.key} is not proven`)
    const key = programs.keyOf(spec.program, 'evm')
    const system = systems.of(spec.system)
    const decoded = decodeDirectProof(await deps.blobs.read(proof.proof))
    if (!decoded) throw new Error(`the proof of ${job.key} was one when it was verified`)
    const deliverable: DeliverableProof = {
      system: system.id,
      key: key.hash,
      keyBytes: key.bytes,
      verifier: await system.onChain(key),
      ...decoded,
      job: spec.id,
    }
    const claim = claimOfTop(this.context, job)
    return { batch, job, proof, claim, publicInputs: decoded.publicInputs, deliverable }
  }

  /** Pays the provers that are not paid yet: a request's nonce is used up by its payment. */
  async #pay(recorded: readonly Recorded[], settler: DirectSettler): Promise<void> {
    const { market, deps } = this.context
    const due: { order: Order; record: DirectRecord }[] = []
    for (const { batch, claim, record } of recorded) {
      const order = market?.directOrder(batch, claim)
      if (!order || order.entries.length === 0) continue
      const { owner, nonce } = order.request
      if (!(await deps.market?.isNonceUsed(owner, nonce))) due.push({ order, record })
    }
    if (due.length === 0) return
    const l1Tx = await settler.pay(due)
    for (const { request, reason } of (await deps.settler.skippedBy?.(l1Tx)) ?? [])
      deps.log.error({ request, reason, l1Tx }, 'L1 did not pay for a request')
  }

  /** In one transaction all that says that it is over. */
  async #finish(recorded: readonly Recorded[]): Promise<void> {
    const { plan, journal, events } = this.context
    for (const each of recorded) {
      const { batch, record } = each
      this.#setbacks.delete(batch.id)
      journal.put(tables.payouts, recordPayout(each, this.nextPayout()))
      batch.state = 'settled'
      const view = batchView(plan, batch, record.l1Tx)
      journal.put(tables.batches, batchRow(batch, view, toWire(recordOpeningOf(each))))
      journal.drop(tables.requests, batch.id)
      events.emit({ type: 'batch_state', batch: batch.id, state: 'settled', reason: null })
      this.orders().delivered(batch, record.l1Tx)
    }
    await journal.commit()
  }

  #fail(group: readonly Batch[], cause: unknown): void {
    const { deps, timing } = this.context
    const reason = cause instanceof Error ? cause.message : String(cause)
    const atFault = faultOf(group, cause)
    const nowMs = deps.clock.nowMs()
    deps.log.warn({ batches: group.map(({ id }) => id), reason }, 'cannot deliver; will try again')
    for (const batch of group) {
      // What is over in memory, the journal goes on writing.
      if (!this.orders().batches.has(batch.id)) continue
      const before = this.#setbacks.get(batch.id)
      const pauseMs = Math.min(2 * (before?.pauseMs ?? timing.settleRetryMs / 2), timing.settleRetryMaxMs)
      const isAlone = (before?.isAlone ?? false) || atFault.includes(batch)
      // The others go on without the one at fault.
      const waitMs = atFault.length === 0 || isAlone ? pauseMs : 0
      this.#setbacks.set(batch.id, { retryAtMs: nowMs + waitMs, pauseMs, isAlone, reason })
      if (isExpired(batch, nowMs)) this.#giveUp(batch, reason)
    }
  }

  #giveUp(batch: Batch, reason: string): void {
    this.#setbacks.delete(batch.id)
    this.orders().fail(batch, `L1 did not take its proof: ${reason}`)
  }
}

/** Whose proof L1 refuses, as far as an error says; none where it is nobody's, all where it does not say. */
const faultOf = (group: readonly Batch[], cause: unknown): readonly Batch[] => {
  if (!(cause instanceof WeftError) || cause.code === 'l1_unavailable') return []
  const named = group.filter(({ plan }) => plan.top.spec.id === cause.details.job)
  return named.length > 0 ? named : group
}

const isExpired = ({ request }: Batch, nowMs: number): boolean =>
  !('tenant' in request) && (request.request.proofDeadline + REQUEST_EXPIRY_S) * 1000 <= nowMs
