import { activeLeases, type Job } from './job.js'
import { mayTake, type Taker } from './ready-queue.js'

export interface StragglerRules {
  /** A lease is late when it has lasted this many times its estimate… */
  readonly factor: number
  /** …and at least this long. */
  readonly afterMs: number
}

/** The leased job that is most overdue and held by one other node alone; for a node with nothing better to do. */
export const findStraggler = (
  leased: Iterable<Job>,
  taker: Taker,
  nowMs: number,
  rules: StragglerRules,
): Job | null => {
  let worst: Job | null = null
  let worstRatio = 0
  for (const job of leased) {
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
