import { ApiError, type ErrorCode, type Lease, PRIVATE_INPUTS, type ReleaseReason } from '@weft/api'
import { ProofError, type ProofSystem } from '@weft/proof'
import { WeftError } from '@weft/protocol'
import { startHeartbeat } from './coordinator/heartbeat.js'
import type { Link } from './coordinator/link.js'
import type { Finished, Outbox } from './job/outbox.js'
import { proveTask } from './job/prove.js'
import { releaseReason } from './job/release.js'
import { prepareTask, type TaskOptions } from './job/task.js'
import type { LeaseEnd, LeaseMarket } from './market/market.js'
import { Declined } from './market/terms.js'
import type { Clock, Logger } from './ports.js'
import { isPrivate, withoutInputs } from './private-inputs/open.js'
import type { Activity, Problem } from './status.js'

/*
 * The life of a lease:
 *
 *   leased ──commit──▶ taken on ──fetch, execute, prove, verify──▶ finished (on disk) ──hand in──▶ taken
 *     │                   │                                          │
 *     ├── declined ─┐     ├── failed ──▶ released, with a reason     └── refused for good ──▶ dropped
 *     │             └─────│──────────────▲
 *     └── over ──▶ dropped ◀── needless (proven by another)
 *
 * Without a market there is nothing to commit to. To what has private inputs a node commits when it is proven: nobody else
 * can tell whether they were any good.
 * A finished proof stays on disk until a coordinator has taken or refused it, whatever restarts in between.
 */

const WAIT_MS = 20_000
const POLL_MS = WAIT_MS + 10_000
const UPLOAD_MS = 20_000
const RELEASE_MS = 5_000
const FIRST_PAUSE_MS = 500
const MAX_PAUSE_MS = 30_000
/** A coordinator does not match a prover that declined for a while; one that is matched has to be there. */
const MAX_DECLINED_PAUSE_MS = 4_000

/** Refusals of a proof that another try does not change. */
const REFUSED: ReadonlySet<string> = new Set<ErrorCode>([
  'job_already_proven',
  'unknown_lease',
  'lease_lost',
  'commitment_missing',
  'invalid_proof',
  'payload_too_large',
  'bad_request',
])

export interface WorkerOptions {
  readonly link: Link
  readonly outbox: Outbox
  readonly task: TaskOptions
  readonly system: ProofSystem
  readonly clock: Clock
  readonly logger: Logger
  readonly gatesPerSecond: number
  /** Of one job's child processes. */
  readonly memoryBytes: number
  /** The least time that a job gets; a large one gets more. */
  readonly minJobMs: number
  /** Null where nothing is to be committed to. */
  readonly market: LeaseMarket | null
}

/** The requester hears what was wrong with these. */
const BLAMING: ReadonlySet<ReleaseReason> = new Set(['unsatisfied', 'bad_inputs'])

/** A failure's message may quote its inputs, and the coordinator shows it to everybody. */
const hasPrivateInputs = ({ job }: Lease): boolean =>
  job.kind === 'segment' && job.segment.inputs === PRIVATE_INPUTS

/** A failure's message, as the coordinator takes it: printable and short. */
const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/[^\x20-\x7e]/g, '?').slice(0, 400)

/** Failures that say nothing about how fast this node is. */
const BLAMELESS: ReadonlySet<ReleaseReason> = new Set(['shutdown', 'unsatisfied', 'bad_inputs'])

/** Reasons that leave a commitment unkept; the others are the requester's fault, or come before it. */
const NOT_KEPT: ReadonlySet<ReleaseReason> = new Set([
  'memory_limit',
  'time_limit',
  'prover_crashed',
  'shutdown',
])

/** How much longer than this node's own estimate a job may take. */
const PATIENCE = 8

interface HandedIn {
  /** Where the coordinator gave one along. */
  readonly next: Lease | undefined
  readonly end: LeaseEnd
}

export class Worker {
  activity: Activity = { kind: 'waiting' }
  proven = 0
  readonly released: Record<string, number> = {}
  lastFailure: Problem | null = null
  #failures = 0

  constructor(readonly options: WorkerOptions) {}

  /**
   * Proves until the signal aborts; then gives its lease back. Rejects with refusals that no waiting changes, such as
   * `srs_mismatch`.
   */
  async run(signal: AbortSignal): Promise<void> {
    try {
      for (const finished of await this.options.outbox.list()) await this.#handIn(finished, signal, false)
      let lease: Lease | undefined
      for (;;) {
        lease ??= await this.#poll(signal)
        if (lease !== undefined) lease = await this.#work(lease, signal)
      }
    } catch (error) {
      if (!signal.aborted) throw error
    } finally {
      this.activity = { kind: 'stopped' }
    }
  }

  async #poll(signal: AbortSignal): Promise<Lease | undefined> {
    this.activity = { kind: 'waiting' }
    const query = { waitMs: String(WAIT_MS) }
    return this.options.link.ask(signal, POLL_MS, (api, limited) => api.lease({ query, signal: limited }))
  }

  /** Works off one lease; resolves with the next one where the coordinator gave one along. */
  async #work(lease: Lease, signal: AbortSignal): Promise<Lease | undefined> {
    try {
      signal.throwIfAborted()
      if (!(await this.#takeOn(lease, signal))) return undefined
    } catch (error) {
      await this.#fail(lease, error, signal)
      return undefined
    }
    return this.#proveAndHandIn(lease, signal)
  }

  async #takeOn(lease: Lease, signal: AbortSignal): Promise<boolean> {
    const { market } = this.options
    if (market !== null) return market.takeOn(lease, signal)
    if (lease.terms === undefined) return true
    throw new Declined('no_market', 'the lease comes with a commitment, but the coordinator names no market')
  }

  async #proveAndHandIn(lease: Lease, signal: AbortSignal): Promise<Lease | undefined> {
    const { link, clock, logger, outbox, gatesPerSecond, market } = this.options
    const { job } = lease
    const expectedMs = (1000 * job.gates) / gatesPerSecond
    const heartbeat = startHeartbeat(link, clock, lease, expectedMs)
    const either = AbortSignal.any([signal, heartbeat.needless])
    let end: LeaseEnd = 'dropped'
    try {
      this.#does('proving', lease)
      const proof = await this.#prove(lease, expectedMs, either)
      if (isPrivate(job) && !(await market?.sign(lease, signal))) {
        end = 'lost'
        return undefined
      }
      const finished = { lease: lease.id, job: job.id, proof }
      await outbox.put(finished).catch((error: unknown) => {
        // A full disk must not cost the proof: it is handed in all the same.
        logger.error({ job: job.id, error: String(error) }, 'cannot keep the proof on disk')
      })
      this.#failures = 0
      this.#does('handing_in', lease)
      const handedIn = await this.#handIn(finished, signal, true)
      end = handedIn.end
      return handedIn.next
    } catch (error) {
      if (this.activity.kind === 'handing_in') throw error
      if (heartbeat.needless.aborted && !signal.aborted) {
        logger.info({ job: job.id }, 'nobody needs this proof any more')
        if (heartbeat.isLost) end = 'lost'
        return undefined
      }
      const reason = await this.#fail(lease, error, signal)
      if (!BLAMELESS.has(reason)) end = 'lost'
      return undefined
    } finally {
      market?.ended(lease.id, end)
      await heartbeat.stop()
    }
  }

  #does(kind: 'proving' | 'handing_in', { job }: Lease) {
    const { id, program, gates } = job
    this.activity = { kind, job: id, program, gates, sinceMs: this.options.clock.nowMs() }
  }

  async #prove(lease: Lease, expectedMs: number, signal: AbortSignal): Promise<Uint8Array> {
    const { job } = lease
    const { system, memoryBytes, minJobMs, clock, logger } = this.options
    const startMs = clock.nowMs()
    const task = await prepareTask(this.options.task, lease, signal)
    const timeMs = Math.max(minJobMs, PATIENCE * expectedMs)
    const proof = await proveTask(system, task, { signal, memoryBytes, timeMs }).catch((error: unknown) => {
      throw isPrivate(job) ? withoutInputs(error) : error
    })
    const tookMs = clock.nowMs() - startMs
    logger.info({ job: job.id, kind: job.kind, target: job.target, gates: job.gates, tookMs }, 'proven')
    return proof
  }

  /** Hands a proof in, however long the coordinator is away. */
  async #handIn({ lease, job, proof }: Finished, signal: AbortSignal, wantsNext: boolean): Promise<HandedIn> {
    const { link, outbox, logger } = this.options
    const query = wantsNext ? { next: '1' as const } : {}
    try {
      const { next, late } = await link.deliver(signal, UPLOAD_MS, (api, limited) =>
        api.submitProof({ params: { id: lease }, query, body: proof, signal: limited }),
      )
      this.proven += 1
      logger.info({ job, late }, 'proof taken')
      await outbox.remove(job)
      return { next, end: late ? 'late' : 'taken' }
    } catch (error) {
      if (!(error instanceof ApiError) || !REFUSED.has(error.code)) throw error
      logger.warn({ job, code: error.code }, `proof not taken: ${error.message}`)
      if (error.code === 'invalid_proof') this.#remember(error)
      await outbox.remove(job)
      return { next: undefined, end: 'lost' }
    }
  }

  #remember(error: unknown) {
    const code = error instanceof WeftError ? error.code : 'internal'
    const message = error instanceof Error ? error.message : String(error)
    this.lastFailure = { code, message, atMs: this.options.clock.nowMs() }
  }

  /** Gives a lease back with the reason, then pauses: what fails at once would be leased again at once. */
  async #fail(lease: Lease, error: unknown, signal: AbortSignal): Promise<ReleaseReason> {
    const { link, logger, clock } = this.options
    const reason = releaseReason(error, signal.aborted)
    this.released[reason] = (this.released[reason] ?? 0) + 1
    if (reason !== 'shutdown') {
      this.#remember(error)
      const code = error instanceof WeftError ? error.code : 'internal'
      const isExpected = error instanceof ProofError || error instanceof Declined
      const log = isExpected ? logger.warn : logger.error
      const what = reason === 'declined' ? 'lease declined' : 'job failed'
      log.call(logger, { job: lease.job.id, code, error: String(error) }, what)
    }
    const never = new AbortController().signal
    const message = messageOf(error)
    const isTold = BLAMING.has(reason) && !hasPrivateInputs(lease)
    const body = isTold ? { reason, message } : { reason }
    try {
      await link.once(never, RELEASE_MS, (api, limited) =>
        api.releaseLease({ params: { id: lease.id }, body, signal: limited }),
      )
    } catch (failure) {
      // It expires by itself then.
      logger.warn({ lease: lease.id, error: String(failure) }, 'could not give the lease back')
    }
    if (NOT_KEPT.has(reason)) await this.options.market?.giveBack(lease)
    if (reason === 'shutdown') return reason
    const maxPauseMs = reason === 'declined' ? MAX_DECLINED_PAUSE_MS : MAX_PAUSE_MS
    await clock.sleep(Math.min(FIRST_PAUSE_MS * 2 ** this.#failures, maxPauseMs), signal)
    this.#failures += 1
    return reason
  }
}
