import type { Failure } from '@weft/api'
import { type Decision, durationUpMs, type JobNeed, type Ranked, type ReputationEvent } from '@weft/market'
import { activeLeases, type Job } from '@weft/plan'
import type { Address } from '@weft/protocol'
import type { Context } from '../context.js'
import { jobRef } from '../events.js'
import { topJob } from '../orders/batch.js'
import { blameText } from '../orders/blame.js'
import type { Assignment, Board } from './board.js'
import { hasRunnerUp } from './board.js'
import type { Ledger } from './ledger.js'
import { commitmentFor, limitWei, type MarketOrder, signedBy } from './order.js'
import type { PrivateInputs } from './private-inputs.js'
import { SoleBlames, uncheckedFailure } from './sole-blame.js'

export type Fault = Exclude<ReputationEvent, 'on_time'>

/** Ends a request that can no longer be matched, or whose inputs are at fault. */
export type Fail = (order: MarketOrder, reason: string, failure?: Failure) => void

const ABANDONED =
  'its requester sealed no private inputs to the prover that was matched: ask again, and follow the request until it is proven'

/**
 * Gives jobs to provers. A job is matched when it is ready, not before: what a prover promises it can begin at once.
 *
 *   ready ──matched──▶ reserved for its holders ──leased, committed, proven──▶ released
 *     ▲                         │ late, lost, invalid
 *     └── nobody left ◀── the next rank takes over, at its own price
 */
export class Matching {
  /** Counts what may turn a refusal into a match: new offers, room, accounts. */
  #changes = 0
  readonly #soleBlames: SoleBlames

  constructor(
    readonly context: Context,
    readonly ledger: Ledger,
    readonly board: Board,
    readonly orders: ReadonlyMap<string, MarketOrder>,
    readonly privateInputs: PrivateInputs,
    readonly fail: Fail,
    /** The request that a job belongs to, where several need it. */
    readonly orderOf: (job: Job) => MarketOrder | undefined,
  ) {
    this.#soleBlames = new SoleBlames(context, ledger, board)
  }

  /** Something happened by which more may be matched. */
  changed(): void {
    this.#changes++
  }

  /** How much has happened: whether it is worth looking again. */
  get changes(): number {
    return this.#changes
  }

  /** Matches whatever can be now. */
  pump(): void {
    for (const order of [...this.orders.values()]) this.#tryOrder(order)
  }

  /** All jobs that an order's own claim needs. */
  jobsOf({ batch }: MarketOrder): Job[] {
    const { plan } = this.context
    const top = batch.plan.top.kind === 'merge' ? topJob(plan, batch) : undefined
    return top ? [...plan.ownedBy(batch.id), top] : [...plan.ownedBy(batch.id)]
  }

  /** Reserves jobs again that were matched before a restart. */
  restore(): void {
    for (const order of this.orders.values()) for (const job of this.jobsOf(order)) this.#keep(order, job)
  }

  /** Takes a job from whoever has it and gives it to the next in rank; `fault` is what counts against the former. */
  relieve(order: MarketOrder, job: Job, from: Address, fault: Fault | null): void {
    const { plan, events } = this.context
    const { id } = job.spec
    const assignment = this.board.get(order.id, id)
    if (!assignment?.holders.some(({ prover }) => prover === from)) return
    const others = assignment.holders.filter(({ prover }) => prover !== from)
    if (others.length > 0) {
      // A race goes on among the others.
      plan.reserve(job, new Set(others.map(({ prover }) => prover)))
      return
    }
    const output = this.ledger.apply({ kind: 'take-over', request: order.id, job: id, event: fault })
    const next = output.kind === 'taken-over' ? this.board.get(order.id, id)?.holders[0] : undefined
    plan.reserve(job, new Set(next ? [next.prover] : []))
    this.changed()
    events.emit({
      type: 'job_taken_over',
      ...jobRef(job),
      request: order.id,
      from,
      to: next?.prover ?? null,
      priceWei: next?.priceWei ?? null,
      reason: fault ?? 'late',
    })
  }

  /** A job is proven: its room is free, and the prover's standing follows. */
  proven(order: MarketOrder, job: Job, prover: Address): void {
    const { spec } = job
    const committed = signedBy(order, spec.id, prover)
    if (this.board.get(order.id, spec.id))
      this.ledger.apply({ kind: 'release', request: order.id, job: spec.id })
    const nowS = this.context.deps.clock.nowMs() / 1000
    const event = committed && committed.commitment.deadline < nowS ? 'late' : 'on_time'
    const { program } = order.signed.request
    this.ledger.apply({ kind: 'event', prover, program, event, work: spec.work })
    this.changed()
  }

  /**
   * Relieves provers that do not begin, or are past what they promised while somebody stands behind them. Ends requests
   * whose private inputs do not come, or are at fault by the word of the only prover that is there.
   */
  sweep(nowMs: number, onSilent: (prover: Address) => void): void {
    for (const order of this.orders.values()) {
      if (this.privateInputs.isAbandoned(order, nowMs)) {
        this.fail(order, ABANDONED)
        continue
      }
      if (this.#failUnchecked(order, nowMs)) continue
      for (const job of this.jobsOf(order)) {
        const assignment = this.board.get(order.id, job.spec.id)
        if (!assignment || job.state === 'proven' || job.state === 'waiting') continue
        const holding = new Set(activeLeases(job).map(({ prover }) => prover))
        for (const ranked of [...assignment.holders]) {
          const { prover } = ranked
          const isIdle = !holding.has(prover) && this.#beginsByMs(job, assignment, ranked) <= nowMs
          const deadline = this.#deadline(order, job, assignment, ranked)
          const isLate = deadline !== undefined && deadline * 1000 < nowMs && hasRunnerUp(assignment)
          // It said that the inputs are at fault: that it does not try again is no fault of its own.
          const hasBlamed = job.blames.has(prover)
          if (isIdle && !hasBlamed) onSilent(prover)
          if (isIdle || isLate) this.relieve(order, job, prover, hasBlamed ? null : 'late')
        }
      }
    }
  }

  #failUnchecked(order: MarketOrder, nowMs: number): boolean {
    for (const job of this.jobsOf(order)) {
      const failure = this.#soleBlames.verdict(order, job, nowMs)
      if (failure === null) continue
      this.fail(order, blameText(job, failure), failure)
      return true
    }
    return false
  }

  /** At once, or if it has something else in hand, when that should be done; not before it has private inputs. */
  #beginsByMs(job: Job, { sinceMs, match }: Assignment, ranked: Ranked): number {
    const { plan, timing } = this.context
    const { prover, turnaroundMs } = ranked
    const couldMs = this.privateInputs.beginsMs(job, ranked, sinceMs)
    if (couldMs === null) return Number.POSITIVE_INFINITY
    const begins = couldMs + timing.takeMs
    return plan.holds(prover) ? begins + Number(durationUpMs(turnaroundMs, match.work)) : begins
  }

  /** Until when a prover has to be done, in Unix seconds: as it has signed, or would sign for the lease that it holds. */
  #deadline(order: MarketOrder, job: Job, assignment: Assignment, ranked: Ranked): number | undefined {
    const { prover } = ranked
    const { id } = job.spec
    const signed = signedBy(order, id, prover)
    if (signed) return signed.commitment.deadline
    const lease = activeLeases(job).find((each) => each.prover === prover)
    const { graceMs } = this.context.timing
    return lease && commitmentFor(order, id, assignment, ranked, lease.startedMs, graceMs).deadline
  }

  #tryOrder(order: MarketOrder): void {
    const nowMs = this.context.deps.clock.nowMs()
    const open = this.jobsOf(order).filter(
      (job) => job.state === 'ready' && this.orderOf(job) === order && !this.#keep(order, job),
    )
    if (open.length === 0) {
      order.waits = null
      return
    }
    const obstacle = this.#obstacle(order)
    const isDue = order.retryAtMs !== null && order.retryAtMs <= nowMs
    if (obstacle !== null) this.#wait(order, obstacle)
    else if (order.triedAt !== this.#changes || isDue) this.#match(order, open)
  }

  #obstacle({ held, selection, seed }: MarketOrder): string | null {
    const isUndrawn = selection.policy === 'lottery' && seed === null
    return held ?? (isUndrawn ? 'the lottery is drawn from the first block after the offer deadline' : null)
  }

  /** Whether a job is given to somebody; the plan hears of it where it does not know. */
  #keep(order: MarketOrder, job: Job): boolean {
    const holders = this.board.get(order.id, job.spec.id)?.holders ?? []
    if (holders.length === 0 || job.state === 'proven') return false
    if (job.reservedFor?.size === 0)
      this.context.plan.reserve(job, new Set(holders.map(({ prover }) => prover)))
    return true
  }

  #match(order: MarketOrder, open: readonly Job[]): void {
    const jobs: JobNeed[] = open.map(({ spec }) => ({ job: spec.id, work: spec.work }))
    const output = this.ledger.apply({ kind: 'match', request: order.id, jobs, seed: order.seed })
    order.triedAt = this.#changes
    order.retryAtMs = null
    if (output.kind === 'decided') this.#decided(order, output, open)
    else if (output.kind !== 'refused') throw new Error(`a match is answered with ${output.kind}`)
    else if (output.code === 'still_revealing') this.#waitForReveals(order, output.reason)
    else this.#giveUp(order, open, output.reason)
  }

  #waitForReveals(order: MarketOrder, reason: string): void {
    const { offerDeadline } = order.signed.request
    order.retryAtMs = (offerDeadline + this.ledger.rules.limits.revealS) * 1000
    this.#wait(order, reason)
  }

  #decided(order: MarketOrder, { filled, escalation }: Decision, open: readonly Job[]): void {
    const byId = new Map(open.map((job) => [job.spec.id, job]))
    for (const { job } of filled.fills) {
      const ready = byId.get(job)
      if (ready) this.#keep(order, ready)
    }
    if (escalation === null) {
      order.waits = null
    } else if (escalation.kind === 'over') {
      this.#giveUp(order, open, escalation.reason)
    } else {
      order.retryAtMs = escalation.kind === 'escalates' ? escalation.retryAtMs : escalation.untilMs
      // While others of its jobs are being proven, the rest waits its turn: nothing to tell.
      if (!this.#isUnderWay(order)) this.#wait(order, escalation.reason)
    }
  }

  /** Ends a request that nobody may be matched for any more, with what provers said of its inputs, if they did. */
  #giveUp(order: MarketOrder, open: readonly Job[], reason: string): void {
    const job = open.find(({ blames }) => blames.size > 0)
    const failure = job && uncheckedFailure(job)
    if (failure) this.fail(order, `${blameText(job, failure)}; ${reason}`, failure)
    else this.fail(order, reason)
  }

  #isUnderWay(order: MarketOrder): boolean {
    return [...this.board.of(order.id).values()].some(({ holders }) => holders.length > 0)
  }

  #wait(order: MarketOrder, reason: string): void {
    if (order.waits === reason) return
    order.waits = reason
    const { deps, events } = this.context
    deps.log.info({ request: order.id, reason }, 'a request waits')
    const limitPriceWei = limitWei(order, this.ledger.rules, deps.clock.nowMs())
    events.emit({ type: 'request_waits', request: order.id, limitPriceWei, reason })
  }
}
