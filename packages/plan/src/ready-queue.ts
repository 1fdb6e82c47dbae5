import type { Address } from '@weft/protocol'
import { Heap } from './heap.js'
import type { Job } from './job.js'
import { isMoreUrgent, type JobSpec } from './spec.js'

/** What decides whether a node may have a job. */
export interface Taker {
  readonly prover: Address
  /** Name of the node among its prover's. */
  readonly node: string
  /** The largest circuit it may be given. */
  readonly maxGates: number
  readonly gatesPerSecond: number
  /** Names of the proof systems that it has, besides the one whose proofs are merged. */
  readonly systems: ReadonlySet<string>
  /** What else decides; without it, size and proof system alone do. */
  readonly mayHave?: (spec: JobSpec) => boolean
}

const canProve = ({ spec }: Job, { maxGates, systems }: Taker): boolean =>
  spec.gates <= maxGates && (spec.kind === 'merge' || spec.system === null || systems.has(spec.system))

export const mayTake = (job: Job, taker: Taker, nowMs: number): boolean =>
  canProve(job, taker) && (job.avoids.get(taker.prover) ?? 0) <= nowMs && (taker.mayHave?.(job.spec) ?? true)

/**
 * Ready jobs that everybody may have, one heap per circuit size: a node that is too small for one size never looks through it. Jobs that
 * are no longer ready are dropped when they come up, so leaving the queue costs nothing.
 */
export class ReadyQueue {
  readonly #bySize = new Map<number, Heap<Job>>()

  push(job: Job): void {
    const heap = this.#bySize.get(job.spec.gates) ?? new Heap<Job>(isMoreUrgent)
    this.#bySize.set(job.spec.gates, heap)
    heap.push(job)
  }

  /** Takes out the most urgent job for this node. O(log n), and one step for each job it has to avoid. */
  take(taker: Taker, nowMs: number): Job | null {
    let best: Job | null = null
    for (const [gates, heap] of this.#bySize) {
      if (gates > taker.maxGates) continue
      const job = takeFrom(heap, taker, nowMs)
      if (!job) continue
      if (best && isMoreUrgent(best, job)) {
        heap.push(job)
      } else {
        if (best) this.push(best)
        best = job
      }
    }
    return best
  }
}

const takeFrom = (heap: Heap<Job>, taker: Taker, nowMs: number): Job | null => {
  const passed: Job[] = []
  let found: Job | null = null
  while (!found) {
    const job = heap.pop()
    if (!job) break
    // A job may be in the heap twice, from an earlier stay; whoever takes it changes its state. Or it was reserved since.
    if (job.state !== 'ready' || job.reservedFor !== null) continue
    if (mayTake(job, taker, nowMs)) found = job
    else passed.push(job)
  }
  for (const job of passed) heap.push(job)
  return found
}
