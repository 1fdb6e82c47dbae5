import {
  type AggregateView,
  ApiError,
  aggregateView as aggregateSchema,
  type BatchView,
  batchView as batchSchema,
  type Opening,
  opening as openingSchema,
  type Payouts,
  payouts as payoutsSchema,
  type RecordOpening,
  recordOpening,
  type Status,
} from '@weft/api'
import { DEV_SRS_WARNING } from '@weft/proof'
import type { Address, Bytes32 } from '@weft/protocol'
import { z } from 'zod'
import type { Context } from './context.js'
import * as tables from './db/tables.js'
import type { Delivery } from './direct/delivery.js'
import type { Leasing } from './leasing.js'
import type { Nodes } from './nodes.js'
import { aggregateView, provenRoot } from './orders/aggregate.js'
import { batchView } from './orders/batch.js'
import type { Orders } from './orders/orders.js'
import type { Settlement } from './settlement.js'

const anyOpening = z.union([recordOpening, openingSchema])

/** Stored rows in one answer about payouts. */
const PAYOUT_ROWS = 16

/** What can be looked at: what is under way from memory, what is over from the database. */
export class Views {
  constructor(
    readonly context: Context,
    readonly orders: Orders,
    readonly nodes: Nodes,
    readonly leasing: Leasing,
    readonly settlement: Settlement,
    readonly delivery: Delivery,
    readonly startedAtMs: number,
  ) {}

  get warning(): string | null {
    return this.context.options.srs === 'dev' ? DEV_SRS_WARNING : null
  }

  status(): Status {
    const { options, plan, journal } = this.context
    const { ended } = this.orders
    const batches = { proving: 0, aggregating: 0, settling: 0, settled: ended.settled, failed: ended.failed }
    for (const { state } of this.orders.batches.values()) batches[state]++
    const aggregates = { open: 0, proving: 0, settling: 0, settled: ended.aggregates }
    for (const { state } of this.orders.aggregates.values()) aggregates[state]++
    const { waiting, ready, leased, proven } = plan.counts
    return {
      version: options.version,
      srs: options.srs,
      warning: this.warning,
      startedAtMs: this.startedAtMs,
      nodes: this.nodes.seenLately().map(({ prover, taker, capabilities, lastSeenMs }) => ({
        prover,
        name: taker.node,
        maxGates: taker.maxGates,
        gatesPerSecond: taker.gatesPerSecond,
        systems: capabilities.systems,
        leases: plan.heldBy(prover, taker.node),
        lastSeenMs,
      })),
      jobs: { waiting, ready, leased, proven },
      batches,
      aggregates,
      releasedLeases: this.leasing.released,
      storage: journal.available,
      settlementWaits: this.settlement.waits ?? this.delivery.waits,
    }
  }

  /** Errors: `unknown_batch`, `storage_unavailable`. */
  async batch(id: Bytes32): Promise<BatchView> {
    const live = this.orders.batches.get(id)
    if (live) return batchView(this.context.plan, live, null)
    const { view_json } = await this.#batchRow(id)
    return batchSchema.parse(JSON.parse(view_json ?? 'null'))
  }

  /** Errors: `unknown_batch`, `not_settled`, `storage_unavailable`. */
  async opening(id: Bytes32): Promise<Opening | RecordOpening> {
    const state = this.orders.batches.get(id)?.state
    const row = state === undefined ? await this.#batchRow(id) : null
    if (!row?.opening_json) {
      const now = state ?? row?.state ?? 'settling'
      throw new ApiError('not_settled', `the batch is ${now}: its opening exists once it is settled`, {
        state: now,
      })
    }
    return anyOpening.parse(JSON.parse(row.opening_json))
  }

  /** Errors: `unknown_aggregate`, `storage_unavailable`. */
  async aggregate(id: Bytes32): Promise<AggregateView> {
    const { plan, mergeKey, journal } = this.context
    const live = this.orders.aggregates.get(id)
    if (live) return aggregateView(plan, live, provenRoot(plan, live, mergeKey), null)
    const [row] = await journal.select(tables.aggregates, 'id = $1', id)
    if (!row?.view_json) throw new ApiError('unknown_aggregate', 'no such aggregate', { aggregate: id })
    return aggregateSchema.parse(JSON.parse(row.view_json))
  }

  /** Errors: `storage_unavailable`. */
  async payouts(prover: Address, after: number): Promise<Payouts> {
    const rows = await this.context.journal.select(
      tables.payouts,
      `prover = $1 and serial > $2 order by serial limit ${PAYOUT_ROWS}`,
      prover,
      after,
    )
    const bodies = (kind: tables.PayoutRow['kind']): unknown[] =>
      rows.filter((row) => row.kind === kind).map((row) => JSON.parse(row.body_json))
    return payoutsSchema.parse({
      claims: bodies('claim'),
      shared: bodies('shared'),
      cursor: rows.at(-1)?.serial ?? null,
    })
  }

  async #batchRow(id: Bytes32): Promise<tables.BatchRow> {
    const [row] = await this.context.journal.select(tables.batches, 'id = $1', id)
    if (!row) throw new ApiError('unknown_batch', 'no such batch here', { batch: id })
    return row
  }
}
