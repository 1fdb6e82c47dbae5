import type { AggregateView, BatchView, JobView, OrderView, Status } from '@weft/api'
import type { Bytes32 } from '@weft/protocol'

/*
 *   queued ──a prover is found──▶ matched ──it begins──▶ proving ──the request's jobs are proven──▶ aggregating
 *     │                                                                                                  │
 *     └─ cancelled, failed                         settled ◀──L1 has it── settling ◀──one proof of all───┘
 */

/** Where a request is on its way. */
export type Stage =
  | 'queued'
  | 'matched'
  | 'proving'
  | 'aggregating'
  | 'settling'
  | 'settled'
  | 'cancelled'
  | 'failed'

/** How far a request is. */
export interface ProofProgress {
  readonly stage: Stage
  /** Jobs of the request and, once there is one, of its aggregate. */
  readonly jobs: number
  readonly proven: number
  /** What proving the remaining jobs takes by the speed of their provers; null as long as nobody proves. */
  readonly secondsLeft: number | null
  /** Why jobs are unmatched, and what happens next; null if none is. */
  readonly waits: string | null
  /** What the request would pay for a million units of work now, and what is set aside for its matches. */
  readonly limitPriceWei: bigint
  readonly reservedWei: bigint
}

/** What a coordinator says of one request at one time. */
export interface Look {
  readonly order: OrderView
  readonly batch: BatchView
  /** Null before there is one. */
  readonly aggregate: AggregateView | null
  readonly nodes: Status['nodes']
}

const stageOf = ({ order, batch }: Look): Stage => {
  if (order.state === 'settled' || order.state === 'cancelled' || order.state === 'failed') return order.state
  if (batch.state !== 'proving') return batch.state
  if (batch.jobs.some(({ state }) => state === 'leased' || state === 'proven')) return 'proving'
  return order.jobs.some(({ state }) => state === 'matched') ? 'matched' : 'queued'
}

/** Looks at one request, one after another: how long a job is under way already is what earlier looks saw. */
export class ProgressMeter {
  readonly #seenMs = new Map<Bytes32, number>()

  read(look: Look, nowMs: number): ProofProgress {
    const { order, batch, aggregate, nodes } = look
    const jobs = [...batch.jobs, ...(aggregate?.jobs ?? [])]
    const { waits, limitPriceWei, reservedWei } = order
    return {
      stage: stageOf(look),
      jobs: jobs.length,
      proven: jobs.filter(({ state }) => state === 'proven').length,
      secondsLeft: this.#secondsLeft(jobs, nodes, nowMs),
      waits,
      limitPriceWei,
      reservedWei,
    }
  }

  /** One job after another, at its prover's speed, or the fastest node's where nobody has it yet. */
  #secondsLeft(jobs: readonly JobView[], nodes: Status['nodes'], nowMs: number): number | null {
    if (nodes.length === 0 || !jobs.some(({ state }) => state === 'leased')) return null
    const fastest = Math.max(...nodes.map(({ gatesPerSecond }) => gatesPerSecond))
    const speeds = new Map(nodes.map(({ prover, gatesPerSecond }) => [prover, gatesPerSecond]))
    const open = jobs.filter(({ state }) => state !== 'proven' && state !== 'failed')
    const seconds = open.reduce((sum, { id, gates, state, prover }) => {
      const takes = gates / ((prover && speeds.get(prover)) ?? fastest)
      if (state !== 'leased') return sum + takes
      const sinceMs = this.#seenMs.get(id) ?? nowMs
      this.#seenMs.set(id, sinceMs)
      return sum + Math.max(0, takes - (nowMs - sinceMs) / 1000)
    }, 0)
    return Math.ceil(seconds)
  }
}
