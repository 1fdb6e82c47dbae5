import { batchRequest, signedRequest } from '@weft/api'
import { type JobKey, type Proof, planAggregate } from '@weft/plan'
import type { Bytes32 } from '@weft/protocol'
import { z } from 'zod'
import type { Context } from './context.js'
import * as tables from './db/tables.js'
import { knownProofs } from './known-proofs.js'
import type { Aggregate } from './orders/aggregate.js'
import { type Batch, isDirect, traceOf } from './orders/batch.js'
import type { Orders } from './orders/orders.js'
import type { Programs } from './programs.js'

const asked = z.union([batchRequest, signedRequest])

/** Batches that are under way, planned again from their requests, in the order of their acceptance. */
const loadBatches = async (
  { deps }: Context,
  programs: Programs,
  aggregates: ReadonlyMap<Bytes32, Aggregate>,
): Promise<Batch[]> => {
  const rows = await tables.batches.select(
    deps.database,
    "state not in ('settled', 'failed') order by serial",
  )
  const requests = await tables.requests.select(deps.database)
  const requestOf = new Map(requests.map((row) => [row.id, row.request_json]))
  return rows.map((row) => {
    const request = asked.parse(JSON.parse(requestOf.get(row.id) ?? 'null'))
    const { segments, program } = traceOf(request)
    const plan = programs.plan(program, segments)
    if ('kind' in plan) throw new Error(`batch ${row.id} was accepted, but cannot be planned: ${plan.code}`)
    const aggregate = row.aggregate === null ? null : (aggregates.get(row.aggregate) ?? null)
    if (!aggregate && !isDirect(plan)) throw new Error(`batch ${row.id} is in no aggregate that is under way`)
    const { id, serial, state, reason, accepted_ms: acceptedMs } = row
    const common = { id, serial, request, plan, acceptedMs, topKey: null, failure: null }
    const batch: Batch = { ...common, aggregate, state, reason }
    aggregate?.batches.push(batch)
    return batch
  })
}

const loadAggregates = async ({ deps }: Context): Promise<Map<Bytes32, Aggregate>> => {
  const rows = await tables.aggregates.select(deps.database, "state <> 'settled' order by serial")
  return new Map(
    rows.map(({ id, serial, state, opened_ms: openedMs }) => [
      id,
      { id, serial, state, openedMs, batches: [], root: null },
    ]),
  )
}

/** Every job that can be in the plans of these, whatever their targets turn out to be. */
const keysOf = (
  { merge }: Context,
  orders: Orders,
  batches: readonly Batch[],
  aggregates: Iterable<Aggregate>,
) => {
  const keys = new Set<JobKey>(batches.flatMap((batch) => batch.plan.jobs.map((job) => job.key)))
  for (const aggregate of aggregates) {
    const tops = aggregate.batches.map((batch) => batch.plan.top)
    const all = orders.pad && tops.length === 1 ? [...tops, orders.pad.top] : tops
    for (const set of [tops, all]) {
      const isLoneSegment = set.length === 1 && set[0]?.kind === 'segment'
      if (set.length === 0 || isLoneSegment) continue
      for (const job of planAggregate(set, merge).jobs) keys.add(job.key)
    }
  }
  return [...keys]
}

/** Leases go on by their ids, each with a whole term from now; blames count on. */
const loadLeases = async ({ plan, deps, timing, journal }: Context, known: ReadonlyMap<JobKey, Proof>) => {
  const expiresMs = deps.clock.nowMs() + timing.leaseMs
  for (const row of await tables.leases.select(deps.database, 'true order by started_ms, id')) {
    const job = plan.job(row.job)
    if (!job || job.state === 'proven' || job.state === 'waiting') {
      journal.drop(tables.leases, row.id)
      continue
    }
    const { id, prover, node, started_ms: startedMs, estimate_ms: estimateMs, state } = row
    plan.restoreLease({ id, job, prover, node, startedMs, estimateMs, expiresMs, state })
  }
  for (const { id, job: key, prover, reason, message } of await tables.blames.select(deps.database)) {
    const job = plan.job(key)
    if (job) job.blames.set(prover, { reason, message: message ?? '' })
    else journal.drop(tables.blames, id)
  }
  // Whoever did not hear that its proof was taken may send it again.
  for (const [key, { lease: id, prover, startedMs }] of known) {
    const job = plan.job(key)
    if (!job || plan.lease(id)) continue
    plan.restoreLease({ id, job, prover, node: '', startedMs, estimateMs: 0, expiresMs, state: 'over' })
  }
}

const lastSerial = async ({ deps }: Context, table: string): Promise<number> => {
  const [row] = await deps.database.read(`select coalesce(max(serial), 0) as last from ${table}`, [])
  return Number(row?.last ?? 0)
}

const countEnded = async ({ deps }: Context, table: string, state: string): Promise<number> => {
  const [row] = await deps.database.read(`select count(*) as ended from ${table} where state = $1`, [state])
  return Number(row?.ended ?? 0)
}

/** Puts back everything that was under way when the process ended; returns the last payout's serial number. */
export const loadOrders = async (context: Context, programs: Programs, orders: Orders): Promise<number> => {
  const aggregates = await loadAggregates(context)
  const batches = await loadBatches(context, programs, aggregates)
  const pad = orders.pad?.top.spec.key
  const keys = keysOf(context, orders, batches, aggregates.values())
  const known = await knownProofs(context, pad === undefined ? keys : [...keys, pad])
  const padProof = pad === undefined ? undefined : known.get(pad)
  if (padProof) orders.setPadProof(padProof)
  orders.ended.settled = await countEnded(context, 'batches', 'settled')
  orders.ended.failed = await countEnded(context, 'batches', 'failed')
  orders.ended.aggregates = await countEnded(context, 'aggregates', 'settled')
  orders.startAfter(await lastSerial(context, 'batches'), await lastSerial(context, 'aggregates'))
  orders.restore(batches, [...aggregates.values()], known)
  await loadLeases(context, known)
  return lastSerial(context, 'payouts')
}
