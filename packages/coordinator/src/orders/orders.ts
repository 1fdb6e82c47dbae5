import type { AggregateView, BatchState, Failure } from '@weft/api'
import {
  type BatchPlan,
  canAggregate,
  type Job,
  type JobKey,
  type JobSpec,
  type Proof,
  planAggregate,
  planBatch,
  type Top,
} from '@weft/plan'
import { type Bytes32, bytesToHex, DELIVERIES } from '@weft/protocol'
import type { Context } from '../context.js'
import * as tables from '../db/tables.js'
import { type Aggregate, aggregateRow, provenRoot } from './aggregate.js'
import { type Batch, batchRow, batchView, isDirect, requestRow, statementOf, topJob } from './batch.js'

/** Whether a request asks for a root proof of its own. */
const isIndividual = ({ request }: Pick<Batch, 'request'>): boolean =>
  !('tenant' in request) && DELIVERIES[request.request.delivery] === 'individual'

/** What becomes of batches and aggregates as their jobs are proven. Everything here happens without awaiting. */
export class Orders {
  readonly batches = new Map<Bytes32, Batch>()
  readonly aggregates = new Map<Bytes32, Aggregate>()
  readonly #byStatement = new Map<Bytes32, Batch>()
  /** Batches by the jobs that their tops wait for. */
  readonly #waiting = new Map<JobKey, Set<Batch>>()
  readonly #byRoot = new Map<JobKey, Aggregate>()
  /** How many of each are over. */
  readonly ended = { settled: 0, failed: 0, aggregates: 0 }
  #open: Aggregate | null = null
  #pad: { readonly top: Top; proof: Proof | null } | null = null
  #lastBatch = 0
  #lastAggregate = 0

  /** `onSettling` is called when an aggregate's root is proven, `onDeliverable` when a proof is that nothing merges. */
  constructor(
    readonly context: Context,
    readonly onSettling: () => void,
    readonly onDeliverable: () => void,
  ) {}

  byStatement(statement: Bytes32): Batch | undefined {
    return this.#byStatement.get(statement)
  }

  /** The filler's plan, its inputs stored under `inputs`; `proof` if it was proven before. */
  setPad(inputs: Bytes32): BatchPlan | null {
    const { pad } = this.context.options
    if (!pad) return null
    const { id, gates, work } = pad.program
    const planned = planBatch([{ ...pad.segment, inputs }], { id, gates, work }, this.context.merge)
    if ('kind' in planned) throw new Error('the pad is one segment')
    this.#pad = { top: planned.top, proof: null }
    return planned
  }

  setPadProof(proof: Proof): void {
    if (this.#pad) this.#pad.proof = proof
  }

  get pad(): { readonly top: Top; readonly proof: Proof | null } | null {
    return this.#pad
  }

  /** Starts on a batch; `known` has proofs that exist already, `again` says that it has failed before. */
  accept(
    batch: Pick<Batch, 'id' | 'request' | 'plan' | 'acceptedMs'>,
    known: ReadonlyMap<JobKey, Proof>,
    again: boolean,
  ): Batch {
    const { journal, plan } = this.context
    if (again) this.ended.failed--
    const isAlone = isIndividual(batch)
    const merged = () => (isAlone ? this.#newAggregate() : this.#openAggregate())
    const aggregate = isDirect(batch.plan) ? null : merged()
    const serial = ++this.#lastBatch
    const fresh = { topKey: null, state: 'proving', reason: null, failure: null } as const
    const accepted: Batch = { ...batch, serial, aggregate, ...fresh }
    aggregate?.batches.push(accepted)
    this.#index(accepted)
    plan.add(accepted.id, accepted.serial, accepted.plan.jobs, known, this.#isReserved)
    journal.put(tables.requests, requestRow(accepted))
    this.#setBatch(accepted, 'proving')
    const isFull = aggregate !== null && aggregate.batches.length >= this.context.limits.maxClaims
    if (aggregate && (isAlone || isFull)) this.#close(aggregate)
    this.#review(accepted)
    return accepted
  }

  /** Puts back what was under way before a restart; `known` has the proofs of all jobs in it. */
  restore(
    batches: readonly Batch[],
    aggregates: readonly Aggregate[],
    known: ReadonlyMap<JobKey, Proof>,
  ): void {
    for (const batch of batches) {
      this.#index(batch)
      this.context.plan.add(batch.id, batch.serial, batch.plan.jobs, known, this.#isReserved)
    }
    for (const aggregate of aggregates) {
      this.aggregates.set(aggregate.id, aggregate)
      if (aggregate.state === 'open' && !this.#open) this.#open = aggregate
      else if (canAggregate(this.#topsOf(aggregate))) this.#plan(aggregate, known)
      else this.#reopen(aggregate)
    }
    for (const batch of batches) this.#review(batch)
    for (const aggregate of aggregates) this.#reviewRoot(aggregate)
  }

  /** New serial numbers come behind these. */
  startAfter(lastBatch: number, lastAggregate: number): void {
    this.#lastBatch = lastBatch
    this.#lastAggregate = lastAggregate
  }

  /** Moves on what waited for this job. */
  onProven(job: Job): void {
    if (this.#pad && job.key === this.#pad.top.spec.key) this.#pad.proof = job.proof
    const above = this.#byStatement.get(job.spec.id)
    if (above) this.#review(above)
    for (const batch of this.#waiting.get(job.key) ?? []) this.#review(batch)
    const aggregate = this.#byRoot.get(job.key)
    if (aggregate) this.#reviewRoot(aggregate)
  }

  /** Closes aggregates whose window is over. */
  sweep(nowMs: number): void {
    const open = this.#open
    if (open && open.openedMs + this.context.timing.windowMs <= nowMs) this.#close(open)
  }

  /** Ends a batch; `failure` where its inputs are at fault. Nobody is paid for having tried. */
  fail(batch: Batch, reason: string, failure: Failure | null = null): void {
    if (this.batches.get(batch.id) !== batch) return
    batch.failure = failure
    this.#failBatch(batch, reason)
  }

  /** Ends every batch that needs a job that cannot be proven. Its provers are paid for having tried. */
  failJob(job: Job, reason: string, failure: Failure): void {
    const { plan, deps, market } = this.context
    const failing = [...this.batches.values()].filter((batch) => plan.ownedBy(batch.id).includes(job))
    for (const batch of failing) {
      batch.failure = failure
      market?.attempted(batch, job)
      this.#failBatch(batch, reason)
    }
    if (failing.length === 0)
      deps.log.error({ job: job.key, reason }, 'the filler cannot be proven: configure another')
  }

  /** Forgets a settled aggregate. The caller stores what is kept of it. */
  remove(aggregate: Aggregate, l1Tx: Bytes32): void {
    this.ended.aggregates++
    this.ended.settled += aggregate.batches.length
    this.aggregates.delete(aggregate.id)
    if (aggregate.root !== null) this.#byRoot.delete(aggregate.root)
    for (const batch of aggregate.batches) this.#forget(batch, l1Tx)
    this.#withdraw(aggregate.id)
  }

  /** Forgets a batch whose proof L1 has recorded as it is. The caller stores what is kept of it. */
  delivered(batch: Batch, l1Tx: Bytes32): void {
    this.ended.settled++
    this.#forget(batch, l1Tx)
  }

  /** The oldest aggregate that is ready for L1. */
  nextToSettle(): Aggregate | null {
    let next: Aggregate | null = null
    for (const aggregate of this.aggregates.values()) {
      if (aggregate.state === 'settling' && (!next || aggregate.serial < next.serial)) next = aggregate
    }
    return next
  }

  /** Under a market, jobs of a request wait until they are matched; parallel merges and the filler serve all. */
  readonly #isReserved = (spec: JobSpec): boolean => {
    if (!this.context.market) return false
    return spec.kind === 'segment' ? spec.key !== this.#pad?.top.spec.key : spec.mode === 'sequence'
  }

  #openAggregate(): Aggregate {
    this.#open ??= this.#newAggregate()
    return this.#open
  }

  #newAggregate(): Aggregate {
    const { deps } = this.context
    const aggregate: Aggregate = {
      id: bytesToHex(deps.random.bytes(32)),
      serial: ++this.#lastAggregate,
      openedMs: deps.clock.nowMs(),
      batches: [],
      state: 'open',
      root: null,
    }
    this.aggregates.set(aggregate.id, aggregate)
    this.#setAggregate(aggregate, 'open')
    return aggregate
  }

  #index(batch: Batch): void {
    this.batches.set(batch.id, batch)
    this.#byStatement.set(statementOf(batch), batch)
    if (batch.plan.top.kind === 'segment') batch.topKey = batch.plan.top.spec.key
    for (const key of batch.plan.below) {
      const waiting = this.#waiting.get(key) ?? new Set()
      this.#waiting.set(key, waiting.add(batch))
    }
  }

  /** Moves a batch on if its jobs are far enough. */
  #review(batch: Batch): void {
    const { plan } = this.context
    const { aggregate } = batch
    if (batch.state === 'proving' && topJob(plan, batch)?.state === 'proven') {
      this.#setBatch(batch, aggregate ? 'aggregating' : 'settling')
      if (!aggregate) this.onDeliverable()
    }
    if (batch.plan.top.kind === 'segment' || aggregate?.state !== 'open') return
    // The top can be proven now: for which target, only a closed aggregate knows.
    if (batch.plan.below.every((key) => plan.job(key)?.state === 'proven')) this.#close(aggregate)
  }

  #reviewRoot(aggregate: Aggregate): void {
    const { plan, mergeKey } = this.context
    const isDue =
      aggregate.state === 'settling' || (aggregate.state === 'proving' && this.#isRootProven(aggregate))
    if (!isDue || !provenRoot(plan, aggregate, mergeKey)) return
    if (aggregate.state === 'proving') {
      this.#setAggregate(aggregate, 'settling')
      for (const batch of aggregate.batches) this.#setBatch(batch, 'settling')
    }
    this.onSettling()
  }

  #isRootProven({ root }: Aggregate): boolean {
    return root !== null && this.context.plan.job(root)?.state === 'proven'
  }

  /** The tops to aggregate; a lone segment gets the filler for company. */
  #topsOf({ batches }: Aggregate): Top[] {
    const tops = batches.map((batch) => batch.plan.top)
    const needsPad = tops.length > 0 && !canAggregate(tops)
    return needsPad && this.#pad ? [...tops, this.#pad.top] : tops
  }

  /** Fixes the set of batches, as far as they can be aggregated. */
  #close(aggregate: Aggregate): void {
    if (aggregate.state !== 'open' || !canAggregate(this.#topsOf(aggregate))) return
    if (this.#open === aggregate) this.#open = null
    this.#setAggregate(aggregate, 'proving')
    this.#plan(aggregate, new Map())
    this.#reviewRoot(aggregate)
  }

  #plan(aggregate: Aggregate, known: ReadonlyMap<JobKey, Proof>): void {
    const { plan, merge } = this.context
    const tops = this.#topsOf(aggregate)
    const { jobs, root } = planAggregate(tops, merge)
    const proofs = new Map(known)
    if (this.#pad?.proof) proofs.set(this.#pad.top.spec.key, this.#pad.proof)
    plan.add(aggregate.id, aggregate.batches[0]?.serial ?? 0, jobs, proofs, this.#isReserved)
    for (const batch of aggregate.batches) {
      const { kind, spec } = batch.plan.top
      if (kind === 'merge')
        batch.topKey = aggregate.batches.length === 1 && tops.length === 1 ? root : spec.key
    }
    aggregate.root = root
    this.#byRoot.set(root, aggregate)
  }

  #failBatch(batch: Batch, reason: string): void {
    const { journal, deps, events, plan } = this.context
    deps.log.warn({ batch: batch.id, reason }, 'batch failed')
    const { aggregate } = batch
    if (aggregate) this.#leave(batch, aggregate)
    batch.reason = reason
    batch.state = 'failed'
    this.ended.failed++
    journal.put(tables.batches, batchRow(batch, batchView(plan, batch, null)))
    events.emit({ type: 'batch_state', batch: batch.id, state: 'failed', reason })
    journal.drop(tables.requests, batch.id)
    this.#forget(batch, null)
  }

  #leave(batch: Batch, aggregate: Aggregate): void {
    aggregate.batches.splice(aggregate.batches.indexOf(batch), 1)
    const proofs = this.#withdraw(aggregate.id)
    if (aggregate.root !== null) this.#byRoot.delete(aggregate.root)
    aggregate.root = null
    if (aggregate.batches.length === 0) {
      if (this.#open === aggregate) this.#open = null
      this.aggregates.delete(aggregate.id)
      this.context.journal.drop(tables.aggregates, aggregate.id)
    } else if (aggregate.state === 'proving' && canAggregate(this.#topsOf(aggregate))) {
      this.#plan(aggregate, proofs)
      this.#reviewRoot(aggregate)
    } else if (aggregate.state === 'proving') {
      this.#reopen(aggregate)
    }
  }

  /** What is left cannot be aggregated by itself: it goes on in the open aggregate. */
  #reopen(aggregate: Aggregate): void {
    if (!this.#open) {
      this.#open = aggregate
      this.#setAggregate(aggregate, 'open')
      return
    }
    for (const batch of aggregate.batches) {
      batch.aggregate = this.#open
      this.#open.batches.push(batch)
      this.#setBatch(batch, batch.state)
    }
    this.aggregates.delete(aggregate.id)
    this.context.journal.drop(tables.aggregates, aggregate.id)
  }

  /** Drops an owner's jobs and their leases; returns the proofs that are dropped with them. */
  #withdraw(owner: string): Map<JobKey, Proof> {
    const { plan, journal } = this.context
    const proofs = new Map<JobKey, Proof>()
    for (const job of plan.withdraw(owner).gone) {
      for (const prover of job.blames.keys()) journal.drop(tables.blames, tables.blameId(job.key, prover))
      if (job.proof) proofs.set(job.key, job.proof)
      else for (const id of job.leases.keys()) journal.drop(tables.leases, id)
    }
    return proofs
  }

  #forget(batch: Batch, l1Tx: Bytes32 | null): void {
    this.context.market?.ended(batch, l1Tx)
    this.batches.delete(batch.id)
    this.#byStatement.delete(statementOf(batch))
    for (const key of batch.plan.below) {
      const waiting = this.#waiting.get(key)
      waiting?.delete(batch)
      if (waiting?.size === 0) this.#waiting.delete(key)
    }
    this.#withdraw(batch.id)
  }

  #setBatch(batch: Batch, state: BatchState): void {
    batch.state = state
    this.context.journal.put(tables.batches, batchRow(batch))
    this.context.events.emit({ type: 'batch_state', batch: batch.id, state, reason: batch.reason })
  }

  #setAggregate(aggregate: Aggregate, state: AggregateView['state']): void {
    const { journal, events } = this.context
    aggregate.state = state
    journal.put(tables.aggregates, aggregateRow(aggregate))
    const batches = aggregate.batches.map((batch) => batch.id)
    events.emit({
      type: 'aggregate_state',
      aggregate: aggregate.id,
      state,
      batches,
      claimsRoot: null,
      l1Tx: null,
    })
  }
}
