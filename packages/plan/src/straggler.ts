import { activeLeases, type Job } from './job.js'
import { mayTake, type Taker } from './ready-queue.js'

export interface StragglerRules {
  /** A lease is late when it has lasted this many times its estimate… */
  readonly factor: number
  /** …and at least this long. */
  readonly afterMs: number
}

/** A leased job that is reserved for this prover and that it does not hold: it takes over, or races others. */
export const findReserved = (leased: Iterable<Job>, taker: Taker, nowMs: number): Job | null => {
  for (const job of leased) {
    if (!job.reservedFor?.has(taker.prover) || !mayTake(job, taker, nowMs)) continue
    if (!activeLeases(job).some((lease) => lease.prover === taker.prover)) return job
  }
  return null
}

/**
 * The leased job that is most overdue and held by one other node alone; for a node with nothing better to do.
 * Reserved jobs are never given to others.
 */
export const findStraggler = (
  leased: Iterable<Job>,
  taker: Taker,
  nowMs: number,
  rules: StragglerRules,
): Job | null => {
  let worst: Job | null = null
  let worstRatio = 0
  for (const job of leased) {
    if (job.reservedFor !== null) continue
    const [lease, second] = activeLeases(job)
    if (!lease || second || !mayTake(job, taker, nowMs)) continue
    if (lease.prover === taker.prover && lease.node === taker.node) continue
    const heldMs = nowMs - lease.startedMs
    const ratio = heldMs / Math.max(1, lease.estimateMs)
    if (heldMs >= rules.afterMs && ratio >= rules.factor && ratio > worstRatio) {
      worst = job
      worstRatio = ratio
    }
  }
  return worst
}
