import {
  ApiError,
  type ErrorCode,
  type Lease,
  MERGED_SYSTEM,
  type Network,
  type ProgramInfo,
  type Signer,
  type Terms,
  withDeadline,
} from '@weft/api'
import {
  type Address,
  type Bytes32,
  COMMITMENT,
  commitmentId,
  type MarketDomain,
  typedData,
  WeftError,
} from '@weft/protocol'
import type { Link } from '../coordinator/link.js'
import type { Clock, Logger, Random } from '../ports.js'
import { isPrivate } from '../private-inputs/open.js'
import type { MarketStatus } from '../status.js'
import { untilAborted } from '../until-aborted.js'
import type { BidStore } from './bid-store.js'
import { Bids } from './bids.js'
import { fulfil, idleLoad, type Load, nextDoneAtMs, promise, promisedWei, promisedWork } from './capacity.js'
import type { Commitments } from './commitments.js'
import type { NodeMarketL1 } from './l1.js'
import { Offers } from './offers.js'
import { type Quote, type QuoteRules, quoteOf, withSetup } from './quote.js'
import {
  checkFunds,
  checkIdentity,
  checkMatched,
  checkUnpaid,
  checkValue,
  Declined,
  deadlineMsOf,
  type TermsRules,
} from './terms.js'

const TIME_MS = 10_000
const FUNDS_MS = 5_000
const never = new AbortController().signal

/** Answers that say the lease is over: nothing is left to do for it. */
const OVER: ReadonlySet<string> = new Set<ErrorCode>(['lease_lost', 'job_already_proven', 'unknown_lease'])

/** How a lease ended, as its worker sees it. */
export type LeaseEnd = 'taken' | 'late' | 'lost' | 'dropped'

/** What a market asks of a node before it works on a lease, and hears of how that ended. */
export interface LeaseMarket {
  /**
   * Commits to a lease; to one with private inputs, only that it would. False where it is over already. Rejects with
   * Declined where the terms do not suit.
   */
  takeOn(lease: Lease, signal: AbortSignal): Promise<boolean>
  /** Commits to a lease with private inputs that is proven. As `takeOn`. */
  sign(lease: Lease, signal: AbortSignal): Promise<boolean>
  /** Takes back a commitment that cannot be kept. Never rejects. */
  giveBack(lease: Lease): Promise<void>
  ended(lease: string, end: LeaseEnd): void
}

export interface MarketOptions {
  readonly link: Link
  readonly signer: Signer
  readonly prover: Address
  readonly domain: MarketDomain
  readonly market: NonNullable<Network['market']>
  readonly mergeProgram: Bytes32
  /** Names of the proof systems that this node has. */
  readonly systems: ReadonlySet<string>
  /** Whether a program whose proofs nothing merges is set up. */
  readonly isSetUp: (program: Bytes32) => boolean
  /** See `TermsRules`. */
  readonly unpaidProgram: Bytes32
  readonly clock: Clock
  readonly logger: Logger
  readonly random: Random
  readonly l1: NodeMarketL1
  readonly commitments: Commitments
  readonly bids: BidStore
  readonly quotes: QuoteRules
  readonly collateralWei: bigint
  readonly capacity: number
  readonly offerMs: number
  readonly pollMs: number
}

/** One node's part in the market: its offers and bids, its promises, and the commitments under its leases. */
export class NodeMarket implements LeaseMarket {
  readonly #options: MarketOptions
  readonly #rules: TermsRules
  readonly #offers: Offers
  readonly #bids: Bids
  #load: Load
  #programs: ReadonlyMap<Bytes32, ProgramInfo> = new Map()

  constructor(options: MarketOptions) {
    const { prover, domain, market, unpaidProgram, pollMs, bids, ...shared } = options
    this.#options = options
    this.#rules = { domain, prover, matcher: market.matcher, unpaidProgram }
    this.#load = idleLoad(options.capacity)
    this.#offers = new Offers({
      ...shared,
      prover,
      domain,
      market,
      pollMs,
      inHand: () => this.#load.promised.length,
      quotes: (programs) => this.#quotes(programs),
    })
    this.#bids = new Bids({
      ...shared,
      prover,
      domain,
      matcher: market.matcher,
      store: bids,
      pollMs: Math.min(pollMs, (market.revealS * 1000) / 4),
      quote: (program) => this.#quote(program),
    })
  }

  status(): MarketStatus {
    const { placed, problem } = this.#offers
    const [first] = placed
    return {
      offers: placed.length,
      priceWei: first?.priceWei ?? null,
      turnaroundMs: first?.turnaroundMs ?? null,
      capacity: this.#load.capacity,
      promisedWork: promisedWork(this.#load),
      problem,
    }
  }

  /** Keeps offers and bids until the signal aborts; resolves when all offers are cancelled. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#offers.run(signal), this.#bids.run(signal)])
  }

  async takeOn(lease: Lease, signal: AbortSignal): Promise<boolean> {
    const { terms } = lease
    if (terms === undefined) {
      checkUnpaid(lease, this.#rules.unpaidProgram)
      this.#promise(lease, null, 0n)
      return true
    }
    await this.#check({ ...lease, terms }, signal)
    signal.throwIfAborted()
    if (!isPrivate(lease.job) && !(await this.#commit(lease, terms, signal))) return false
    this.#promise(lease, deadlineMsOf(terms), terms.commitment.collateralWei)
    return true
  }

  async sign(lease: Lease, signal: AbortSignal): Promise<boolean> {
    const { terms } = lease
    if (terms === undefined) return true
    // Signed later than this, it would be broken as soon as it is signed.
    if (this.#options.clock.nowMs() >= 1000 * terms.commitment.deadline)
      throw new Declined('deadline_passed', 'the job took longer than the commitment to it allows')
    return this.#commit(lease, terms, signal)
  }

  /**
   * On L1, where a runner-up's proof would else make it a default. Not for requesters' faults: what cannot be proven
   * nobody proves, so it costs nothing. Nor for proofs that nothing merges: they do not name whose they are, so L1 sees
   * no default there.
   */
  async giveBack({ terms, job }: Lease): Promise<void> {
    const { clock, commitments, domain, l1, logger } = this.#options
    if (job.kind === 'segment' && job.target === 'evm') return
    if (!terms || !commitments.get(commitmentId(domain, terms.commitment))) return
    if (clock.nowMs() >= deadlineMsOf(terms)) return
    const late = () => new WeftError('l1_unavailable', `no answer from L1 within ${FUNDS_MS} ms`)
    const release = () => l1.release(terms.request, terms.commitment)
    try {
      await withDeadline(clock, never, FUNDS_MS, late, (limited) => untilAborted(release(), limited))
      logger.info({ job: job.id }, 'took the commitment back on L1, for a part of its collateral')
    } catch (error) {
      logger.warn({ job: job.id, error: String(error) }, 'cannot take the commitment back on L1 now')
    }
  }

  ended(lease: string, end: LeaseEnd): void {
    const { clock, capacity } = this.#options
    const deadlineMs = this.#load.promised.find((each) => each.lease === lease)?.deadlineMs ?? null
    const isLate = end === 'late' || (deadlineMs !== null && clock.nowMs() > deadlineMs)
    const outcome = end === 'taken' || end === 'late' ? (isLate ? 'late' : 'on_time') : end
    this.#load = fulfil(this.#load, lease, outcome, capacity)
    this.#offers.wake()
  }

  #promise({ id, job }: Lease, deadlineMs: number | null, collateralWei: bigint) {
    const { gates, work } = job
    const sinceMs = this.#options.clock.nowMs()
    this.#load = promise(this.#load, {
      lease: id,
      job: job.id,
      gates,
      work,
      sinceMs,
      deadlineMs,
      collateralWei,
    })
  }

  async #check(lease: Lease & { readonly terms: Terms }, signal: AbortSignal) {
    const { l1, clock, logger, collateralWei, quotes } = this.#options
    const { terms, job } = lease
    checkIdentity(lease, this.#rules)
    await checkMatched(terms, this.#rules, l1.reader)
    await this.#checkFunds(terms, signal).catch((error: unknown) => {
      if (!(error instanceof WeftError) || error.code !== 'l1_unavailable') throw error
      logger.warn({ job: job.id, error: error.message }, 'cannot ask L1 now whether the request can be paid')
    })
    const quoteWei = await this.#askedWei(terms, signal)
    const doneAtMs = nextDoneAtMs(this.#load, job.gates, clock.nowMs(), quotes.gatesPerSecond)
    checkValue(lease, { quoteWei, doneAtMs, maxCollateralWei: collateralWei })
  }

  /** Not for longer than a lease without heartbeats lasts. */
  #checkFunds(terms: Terms, signal: AbortSignal): Promise<void> {
    const { l1, clock } = this.#options
    const late = () => new WeftError('l1_unavailable', `no answer from L1 within ${FUNDS_MS} ms`)
    const check = () => checkFunds(terms, promisedWei(this.#load), l1.reader)
    return withDeadline(clock, signal, FUNDS_MS, late, (limited) => untilAborted(check(), limited))
  }

  /** The least that this node has asked for a request's work: its sealed bid, an offer, or what it would ask now. */
  async #askedWei({ commitment, request }: Terms, signal: AbortSignal): Promise<bigint | null> {
    const signed = this.#bids.priceOf(commitment.request) ?? this.#offers.lowestWei(request.program)
    if (signed !== null) return signed
    if (this.#programs.size === 0) {
      const { link } = this.#options
      this.#note(await link.ask(signal, TIME_MS, (api, limited) => api.programs({ signal: limited })))
    }
    return this.#quote(request.program)?.priceWei ?? null
  }

  /** Signs and hands in; on disk first, because the signature binds from the moment that it leaves. */
  async #commit({ id, job }: Lease, { commitment, request, counterSignature }: Terms, signal: AbortSignal) {
    const { link, signer, domain, commitments, logger } = this.#options
    const signature = await signer.signTypedData(typedData(domain, COMMITMENT, commitment))
    await commitments.put({ request, commitment, signature, counterSignature, evidence: null, isPaid: false })
    try {
      await link.ask(signal, TIME_MS, (api, limited) =>
        api.commitLease({ params: { id }, body: { signature }, signal: limited }),
      )
    } catch (error) {
      if (!(error instanceof ApiError) || !OVER.has(error.code)) throw error
      logger.info({ job: job.id, code: error.code }, 'the lease was over before it was committed to')
      return false
    }
    const { priceWei, deadline, rank } = commitment
    logger.info(
      { job: job.id, request: commitment.request, priceWei: String(priceWei), deadline, rank },
      'committed',
    )
    return true
  }

  #note(programs: readonly ProgramInfo[]) {
    this.#programs = new Map(programs.map((program) => [program.id, program]))
  }

  #quote(program: Bytes32): Quote | null {
    const { mergeProgram, quotes, systems, isSetUp } = this.#options
    const [info, merge] = [this.#programs.get(program), this.#programs.get(mergeProgram)]
    if (!info || !systems.has(info.system) || program === mergeProgram) return null
    if (info.system !== MERGED_SYSTEM) {
      const quote = quoteOf(quotes, [info], this.#load)
      return quote === null || isSetUp(program) ? quote : withSetup(quote)
    }
    return merge ? quoteOf(quotes, [info, merge], this.#load) : null
  }

  #quotes(programs: readonly ProgramInfo[]): ReadonlyMap<Bytes32, Quote> {
    this.#note(programs)
    const { unpaidProgram } = this.#options
    const quoted = new Map<Bytes32, Quote>()
    for (const { id } of programs) {
      const quote = id === unpaidProgram ? null : this.#quote(id)
      if (quote !== null) quoted.set(id, quote)
    }
    return quoted
  }
}
