import { toWire } from '@weft/api'
import type { Bytes32 } from '@weft/protocol'
import type { Context } from './context.js'
import * as tables from './db/tables.js'
import {
  type Aggregate,
  aggregateRow,
  aggregateView,
  type ProvenRoot,
  provenRoot,
} from './orders/aggregate.js'
import { type Openings, openingsOf, payoutRows } from './orders/archive.js'
import { batchRow, batchView } from './orders/batch.js'
import type { Orders } from './orders/orders.js'

/**
 * Brings proven aggregates to L1, one after the other, and keeps what tenants and provers need of them.
 *
 * The intent is durable before: an aggregate in the state `settling`. Whether it was sent before a restart, the
 * chain is asked first, and the settler itself never sends twice. While L1 is away this waits, longer each time.
 */
export class Settlement {
  #running: Promise<void> | null = null
  #finishing: Promise<void> | null = null
  #waits: string | null = null
  #wake: () => void = () => undefined
  #closed = false
  #lastPayout = 0

  constructor(
    readonly context: Context,
    readonly orders: () => Orders,
  ) {}

  /** Why the oldest aggregate is not settled yet, or what was sent waits on L1, if that is so. */
  get waits(): string | null {
    return this.#waits ?? this.context.deps.settler.waits()
  }

  startAfter(lastPayout: number): void {
    this.#lastPayout = lastPayout
  }

  /** Numbers a payout. */
  readonly nextPayout = (): number => ++this.#lastPayout

  /** Settles whatever is ready. */
  wake(): void {
    if (this.#closed) return
    this.#running ??= this.#run().finally(() => {
      this.#running = null
      if (!this.#closed && this.orders().nextToSettle()) this.wake()
    })
  }

  /** Does not wait for L1: what is on its way is found again after a restart. */
  async close(): Promise<void> {
    this.#closed = true
    this.#wake()
    // How it fails, the run that awaits it logs.
    await this.#finishing?.catch(() => undefined)
  }

  async #run(): Promise<void> {
    const { timing, deps } = this.context
    let pauseMs = timing.settleRetryMs
    for (
      let next = this.orders().nextToSettle();
      next && !this.#closed;
      next = this.orders().nextToSettle()
    ) {
      try {
        await this.#settle(next)
        this.#waits = null
        pauseMs = timing.settleRetryMs
      } catch (cause) {
        // A sender that is closed has not failed: it follows what it sent after the next start.
        if (this.#closed) return
        this.#waits = cause instanceof Error ? cause.message : String(cause)
        deps.log.warn({ aggregate: next.id, cause: this.#waits, pauseMs }, 'cannot settle; will try again')
        await this.#pause(pauseMs)
        pauseMs = Math.min(2 * pauseMs, timing.settleRetryMaxMs)
      }
    }
  }

  async #settle(aggregate: Aggregate): Promise<void> {
    const { plan, mergeKey, deps, journal } = this.context
    const root = provenRoot(plan, aggregate, mergeKey)
    if (!root?.job.proof) throw new Error(`aggregate ${aggregate.id} settles without a root`)
    await journal.commit()
    const proof = await deps.blobs.read(root.job.proof.proof)
    const { claims, openings } = openingsOf(this.context, aggregate, root)
    const payment = this.context.market?.payment(claims, openings)
    const l1Tx =
      (await deps.settler.isSettled(root.claimsRoot, payment)) ??
      (await deps.settler.settle(root.claim, proof, payment))
    await this.#logSkipped(l1Tx)
    if (this.#closed) return
    this.#finishing = this.#finish(aggregate, root, openings, l1Tx)
    await this.#finishing
    deps.log.info({ aggregate: aggregate.id, l1Tx, claims: aggregate.batches.length }, 'aggregate settled')
  }

  /** What L1 did not pay, the operator hears of: its provers have to ask their requesters. */
  async #logSkipped(l1Tx: Bytes32): Promise<void> {
    const { settler, log } = this.context.deps
    for (const { request, reason } of (await settler.skippedBy?.(l1Tx)) ?? [])
      log.error({ request, reason, l1Tx }, 'L1 did not pay for a request')
  }

  /** Payouts first, in parts; then in one transaction all that says that it is over. */
  async #finish(
    aggregate: Aggregate,
    root: ProvenRoot,
    openings: Openings['openings'],
    l1Tx: Bytes32,
  ): Promise<void> {
    const { plan, journal, events } = this.context
    for (const row of payoutRows(this.context, aggregate, root, openings, this.nextPayout)) {
      journal.put(tables.payouts, row)
      await journal.commit()
    }
    aggregate.state = 'settled'
    for (const [batch, opening] of openings) {
      this.context.market?.settled(batch, opening)
      batch.state = 'settled'
      journal.put(tables.batches, batchRow(batch, batchView(plan, batch, l1Tx), toWire({ ...opening, l1Tx })))
      journal.drop(tables.requests, batch.id)
      events.emit({ type: 'batch_state', batch: batch.id, state: 'settled', reason: null })
    }
    const view = aggregateView(plan, aggregate, root, l1Tx)
    journal.put(tables.aggregates, aggregateRow(aggregate, view))
    const { id, batches, claimsRoot } = view
    events.emit({ type: 'aggregate_state', aggregate: id, state: 'settled', batches, claimsRoot, l1Tx })
    this.orders().remove(aggregate, l1Tx)
    await journal.commit()
  }

  #pause(ms: number): Promise<void> {
    if (this.#closed) return Promise.resolve()
    return new Promise((resolve) => {
      const cancel = this.context.deps.clock.after(ms, resolve)
      this.#wake = () => {
        cancel()
        resolve()
      }
    })
  }
}
