import type { Digest } from '@weft/api'
import type { Job } from '@weft/plan'
import type { Context } from './context.js'
import { pruneProofs } from './db/tables.js'
import type { Parts } from './routes.js'

/** Removing what nobody needs is done this seldom. */
const TIDY_MS = 10 * 60_000

/** Jobs of everything that is under way, and the filler. */
const jobsUnderWay = ({ plan }: Context, { orders }: Parts): Job[] =>
  [...orders.batches.keys(), ...orders.aggregates.keys()].flatMap((owner) => plan.ownedBy(owner))

const tidy = async (context: Context, parts: Parts, nowMs: number): Promise<void> => {
  const { deps, timing } = context
  parts.nodes.forget(nowMs)
  const { pad } = parts.orders
  const jobs = jobsUnderWay(context, parts)
  const blobs = new Set<Digest>(parts.programs.blobs())
  const specs = [...jobs.map((job) => job.spec), ...(pad ? [pad.top.spec] : [])]
  for (const spec of specs) if (spec.kind === 'segment') blobs.add(spec.inputs)
  for (const proof of [...jobs.map((job) => job.proof), pad?.proof]) if (proof) blobs.add(proof.proof)
  const beforeMs = nowMs - timing.retainMs
  const keys = specs.map((spec) => spec.key)
  await deps.database.write([pruneProofs(beforeMs, keys)])
  const removed = await deps.blobs.sweep((digest) => blobs.has(digest), beforeMs)
  if (removed > 0) deps.log.info({ removed }, 'blobs removed that nothing needs')
}

/** Looks after leases, windows and what is left over, until the returned function is called. */
export const startSweeps = (context: Context, parts: Parts): (() => void) => {
  const { clock, log } = context.deps
  let tidyAt = clock.nowMs()
  let cancel: () => void = () => undefined
  const sweep = () => {
    const nowMs = clock.nowMs()
    parts.sessions.sweep(nowMs)
    parts.orders.sweep(nowMs)
    parts.leasing.sweep(nowMs)
    parts.delivery.wake()
    if (context.market) {
      context.market.sweep(nowMs)
      parts.leasing.offer()
    }
    if (nowMs >= tidyAt) {
      tidyAt = nowMs + TIDY_MS
      tidy(context, parts, nowMs).catch((error: unknown) =>
        log.error({ error: String(error) }, 'cannot tidy up'),
      )
    }
    cancel = clock.after(context.timing.sweepMs, sweep)
  }
  cancel = clock.after(context.timing.sweepMs, sweep)
  return () => cancel()
}
