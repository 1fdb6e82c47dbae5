import { type Opening, type Payouts, toWire } from '@weft/api'
import { claimOf, type Job, payoutPathsOf } from '@weft/plan'
import {
  type Address,
  type Bytes32,
  type Claim,
  claimHash,
  claimPath,
  finish,
  type PayoutPath,
} from '@weft/protocol'
import type { Context } from '../context.js'
import type * as tables from '../db/tables.js'
import type { Aggregate, ProvenRoot } from './aggregate.js'
import { type Batch, topJob } from './batch.js'

/** Entries in one stored row: keeps rows, and the time between two turns of the event loop, short. */
const PER_ROW = 256

/** A batch's claim, as L1 records it. */
export const claimOfTop = ({ plan, mergeKey }: Context, job: Job): Claim => {
  const claim = claimOf(plan, job, mergeKey)
  if (claim.kind === 'parallel') throw new Error(`the top of a batch is not parallel: ${job.key}`)
  if (claim.kind === 'transition') return finish(claim, job.spec.program)
  const { program, pre, post, data, work, payouts } = claim
  return { program, pre, post, data, work, payouts }
}

export const topOf = (context: Context, batch: Batch): Job => {
  const job = topJob(context.plan, batch)
  if (!job) throw new Error(`batch ${batch.id} settled without its top`)
  return job
}

/** An opening before the transaction that records it is known. */
export type ClaimOpening = Omit<Opening, 'l1Tx'>

export interface Openings {
  /** Hashes of all claims, in order. */
  readonly claims: readonly Bytes32[]
  readonly openings: ReadonlyMap<Batch, ClaimOpening>
}

/** Hashes of all claims of an aggregate whose root is proven, in order, and the openings of its batches. */
export const openingsOf = (context: Context, aggregate: Aggregate, root: ProvenRoot): Openings => {
  const { plan } = context
  const tops = aggregate.batches.map((batch) => ({ batch, job: topOf(context, batch) }))
  const leaves = plan
    .ownedBy(aggregate.id)
    .filter(({ spec }) => spec.kind === 'segment' || spec.mode === 'sequence')
  const claims = leaves
    .map((job) => ({ job, claim: claimOfTop(context, job) }))
    .sort((a, b) => (a.job.spec.id < b.job.spec.id ? -1 : 1))
  const hashes = claims.map(({ claim }) => claimHash(claim))
  const openings = new Map(
    tops.map(({ batch, job }) => {
      const at = claims.findIndex((entry) => entry.job === job)
      const { index, siblings } = claimPath(hashes, at)
      const { claim } = claims[at] as (typeof claims)[number]
      const opening = {
        claim,
        claimsRoot: root.claimsRoot,
        index,
        siblings: [...siblings],
        count: claims.length,
      }
      return [batch, opening]
    }),
  )
  return { claims: hashes, openings }
}

type Entries = Payouts['shared'][number]['entries']

export const toEntry = ({ entry, position, siblings }: PayoutPath): Entries[number] => ({
  work: entry.work,
  job: entry.job,
  position,
  siblings: siblings.map(([a, b]) => [a, b]),
})

/** A pool's entries by prover, in parts of at most `PER_ROW`. */
function* byProver(
  paths: Iterable<PayoutPath>,
): Generator<{ prover: Address; part: number; entries: Entries }> {
  const open = new Map<Address, { part: number; entries: Entries }>()
  for (const path of paths) {
    const { prover } = path.entry
    const row = open.get(prover) ?? { part: 0, entries: [] }
    open.set(prover, row)
    row.entries.push(toEntry(path))
    if (row.entries.length < PER_ROW) continue
    yield { prover, ...row }
    open.set(prover, { part: row.part + 1, entries: [] })
  }
  for (const [prover, row] of open) if (row.entries.length > 0) yield { prover, ...row }
}

/** Rows of what everybody earned by an aggregate; `nextSerial` numbers them. */
export function* payoutRows(
  context: Context,
  aggregate: Aggregate,
  root: ProvenRoot,
  openings: Openings['openings'],
  nextSerial: () => number,
): Generator<tables.PayoutRow> {
  const { plan, mergeKey } = context
  const { claimsRoot, claim } = root
  for (const batch of aggregate.batches) {
    const opening = openings.get(batch)
    if (!opening) continue
    const job = topOf(context, batch)
    const { work, payouts } = opening.claim
    for (const { prover, part, entries } of byProver(payoutPathsOf(plan, job, mergeKey))) {
      const body: Payouts['claims'][number] = {
        claimsRoot,
        batch: batch.id,
        job: job.spec.id,
        work,
        payouts,
        entries,
      }
      const id = `${claimsRoot}/${job.spec.id}/${prover}/${part}`
      yield { id, serial: nextSerial(), prover, kind: 'claim', body_json: toWire(body) }
    }
  }
  if (claim.kind !== 'parallel') return
  for (const { prover, part, entries } of byProver(payoutPathsOf(plan, root.job, mergeKey))) {
    const body: Payouts['shared'][number] = {
      claimsRoot,
      payouts: claim.payouts,
      count: claim.count,
      entries,
    }
    const id = `${claimsRoot}/shared/${prover}/${part}`
    yield { id, serial: nextSerial(), prover, kind: 'shared', body_json: toWire(body) }
  }
}
