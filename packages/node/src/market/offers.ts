import { ApiError, type Network, type ProgramInfo, type Signer } from '@weft/api'
import {
  type Address,
  type Bytes32,
  bytesToHex,
  CANCELLATION,
  type MarketDomain,
  OFFER,
  type Offer,
  offerId,
  typedData,
  WeftError,
} from '@weft/protocol'
import type { Link } from '../coordinator/link.js'
import type { Clock, Logger, Random } from '../ports.js'
import type { Problem } from '../status.js'
import { isNoticeable, type Quote } from './quote.js'
import { isFinal, remedyOf } from './refusal.js'

const TIME_MS = 10_000
/** After a refusal that only the operator changes. */
const RETRY_MS = 60_000
/** An offer is renewed when this part of its life is left. */
const RENEWAL_PART = 4
/** A match may be made in an offer's last second, and its commitment asked for a little later. */
const GRACE_S = 60

export interface OffersOptions {
  readonly link: Link
  readonly signer: Signer
  readonly prover: Address
  readonly domain: MarketDomain
  readonly market: NonNullable<Network['market']>
  readonly clock: Clock
  readonly logger: Logger
  readonly random: Random
  /** Collateral behind each job. */
  readonly collateralWei: bigint
  /** How long an offer lives. */
  readonly offerMs: number
  readonly pollMs: number
  /** Jobs that are being worked on. */
  readonly inHand: () => number
  /** What is asked for each program that this node can prove now. */
  readonly quotes: (programs: readonly ProgramInfo[]) => ReadonlyMap<Bytes32, Quote>
}

interface Placed {
  readonly id: Bytes32
  readonly offer: Offer
}

const never = new AbortController().signal

/**
 * Keeps one offer placed for each program that the node can prove: renewed before it expires, replaced when its price,
 * turnaround or capacity has changed, cancelled at the end. An offer is cancelled before it is replaced, and jobs in hand
 * are taken off the capacity of the next one, which does not know of them: the node never stands for more than it has.
 */
export class Offers {
  problem: Problem | null = null
  readonly #options: OffersOptions
  readonly #placed = new Map<Bytes32, Placed>()
  /** Everything that can still be matched or was lately. */
  #signed: Offer[] = []
  #retryAtMs = 0
  #wake = new AbortController()

  constructor(options: OffersOptions) {
    this.#options = options
  }

  get placed(): readonly Offer[] {
    const nowMs = this.#options.clock.nowMs()
    return [...this.#placed.values()].map(({ offer }) => offer).filter(({ expiry }) => expiry * 1000 > nowMs)
  }

  /** Has `run` look again at once. */
  wake(): void {
    this.#wake.abort()
  }

  /** The lowest price at which a match for a program may still come; null if there is none. */
  lowestWei(program: Bytes32): bigint | null {
    const nowS = Math.floor(this.#options.clock.nowMs() / 1000)
    this.#signed = this.#signed.filter(({ expiry }) => expiry + GRACE_S > nowS)
    const prices = this.#signed.filter(({ target }) => target === program).map(({ priceWei }) => priceWei)
    return prices.reduce<bigint | null>((low, price) => (low === null || price < low ? price : low), null)
  }

  /** Runs until the signal aborts, then cancels what is placed. Never rejects: problems are in `problem` and the log. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, pollMs } = this.#options
    while (!signal.aborted) {
      if (clock.nowMs() >= this.#retryAtMs)
        await this.#attempt('place offers', () => this.#renew(signal), signal)
      await clock.sleep(pollMs, AbortSignal.any([signal, this.#wake.signal]))
      if (this.#wake.signal.aborted) this.#wake = new AbortController()
    }
    for (const placed of [...this.#placed.values()]) {
      await this.#attempt('cancel an offer', () => this.#cancel(placed, never), never)
    }
  }

  async #attempt(what: string, step: () => Promise<void>, signal: AbortSignal) {
    try {
      await step()
      this.problem = null
    } catch (error) {
      if (!signal.aborted) this.#note(what, error)
    }
  }

  #note(what: string, error: unknown) {
    const { clock, logger } = this.#options
    const message = error instanceof Error ? error.message : String(error)
    const code = error instanceof WeftError ? error.code : 'internal'
    if (this.problem?.message !== message) logger.warn({ code }, `cannot ${what}: ${message}`)
    this.problem = { code, message, atMs: clock.nowMs() }
  }

  async #renew(signal: AbortSignal) {
    const { link, prover, quotes, inHand } = this.#options
    const [programs, resting] = await Promise.all([
      link.once(signal, TIME_MS, (api, limited) => api.programs({ signal: limited })),
      link.once(signal, TIME_MS, (api, limited) => api.offers({ query: { prover }, signal: limited })),
    ])
    const ids = new Set(resting.map(({ id }) => id))
    const wanted = quotes(programs)
    const busy = inHand()
    for (const [target, placed] of [...this.#placed]) {
      const quote = wanted.get(target)
      // An offer under which jobs are in hand is smaller than what is wanted, or seems so: that is right.
      const same =
        quote && busy > 0 ? { ...quote, capacity: Math.min(placed.offer.capacity, quote.capacity) } : quote
      if (!same || !ids.has(placed.id) || this.#isStale(placed, same)) await this.#cancel(placed, signal)
    }
    for (const [target, quote] of wanted) {
      const capacity = quote.capacity - busy
      if (!this.#placed.has(target) && capacity > 0) await this.#place(target, { ...quote, capacity }, signal)
    }
  }

  #isStale({ offer }: Placed, quote: Quote): boolean {
    const { clock, offerMs } = this.#options
    return offer.expiry * 1000 - clock.nowMs() <= offerMs / RENEWAL_PART || isNoticeable(offer, quote)
  }

  async #place(target: Bytes32, quote: Quote, signal: AbortSignal) {
    const { link, signer, prover, domain, clock, random, collateralWei, offerMs, logger } = this.#options
    const offer: Offer = {
      prover,
      target,
      ...quote,
      collateralWei,
      expiry: Math.floor((clock.nowMs() + offerMs) / 1000),
      nonce: BigInt(bytesToHex(random.bytes(16))),
    }
    const signature = await signer.signTypedData(typedData(domain, OFFER, offer))
    // Noted before it is sent: an answer that is lost does not take the offer back.
    this.#signed.push(offer)
    this.#placed.set(target, { id: offerId(domain, offer), offer })
    try {
      await link.once(signal, TIME_MS, (api, limited) =>
        api.submitOffer({ body: { offer, signature }, signal: limited }),
      )
    } catch (error) {
      if (!isFinal(error)) throw error
      this.#placed.delete(target)
      this.#retryAtMs = clock.nowMs() + RETRY_MS
      throw await this.#explained(error, offer, signal)
    }
    const { priceWei, turnaroundMs, capacity } = quote
    logger.info(
      { target, priceWei: String(priceWei), turnaroundMs: String(turnaroundMs), capacity },
      'offer placed',
    )
  }

  async #explained(error: ApiError, offer: Offer, signal: AbortSignal): Promise<ApiError> {
    const { link, prover, market } = this.#options
    // The explanation is better with it, and good enough without.
    const known = await link
      .once(signal, TIME_MS, (api, limited) => api.prover({ params: { prover }, signal: limited }))
      .catch(() => null)
    return new ApiError(error.code, remedyOf(error, offer, market, known), error.details, { cause: error })
  }

  async #cancel({ id, offer }: Placed, signal: AbortSignal) {
    const { link, signer, prover, domain } = this.#options
    const cancellation = { owner: prover, intent: id }
    const signature = await signer.signTypedData(typedData(domain, CANCELLATION, cancellation))
    try {
      await link.once(signal, TIME_MS, (api, limited) =>
        api.cancelIntent({ body: { ...cancellation, signature }, signal: limited }),
      )
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'unknown_intent') throw error
    }
    this.#placed.delete(offer.target)
  }
}
