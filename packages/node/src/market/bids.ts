import type { OrderSummary, Signer } from '@weft/api'
import {
  type Address,
  type Bytes32,
  bytesToHex,
  decodePolicy,
  type HiddenBid,
  isSealed,
  isStrongSalt,
  type MarketDomain,
  type Request,
  requestId,
  SEALED_COMMITMENT,
  sealBid,
  typedData,
  WeftError,
} from '@weft/protocol'
import type { Link } from '../coordinator/link.js'
import type { Clock, Logger, Random } from '../ports.js'
import type { BidStore, KeptBid } from './bid-store.js'
import type { Quote } from './quote.js'
import { isFinal } from './refusal.js'

const TIME_MS = 10_000

export interface BidsOptions {
  readonly link: Link
  readonly signer: Signer
  readonly prover: Address
  readonly domain: MarketDomain
  /** Who has to be the matcher of a request that is bid for. */
  readonly matcher: Address
  readonly clock: Clock
  readonly logger: Logger
  readonly random: Random
  readonly store: BidStore
  /** The most collateral for a job. */
  readonly collateralWei: bigint
  /** Between two looks; well below the time for revealing. */
  readonly pollMs: number
  /** What is asked for a program; null for one that this node cannot prove. */
  readonly quote: (program: Bytes32) => Quote | null
}

/*
 *   seen ──write the salt down──▶ unsent ──commit──▶ sealed ──offer deadline, reveal──▶ revealed
 *                                   └── refused ──▶ missed ◀── refused ──┘
 *
 * A commitment whose answer was lost is sent again, and revealed whatever the answer. All is forgotten when the request
 * is due.
 */

/** Bids in sealed auctions for the programs that this node proves: its own quote, hidden until it may be revealed. */
export class Bids {
  readonly #options: BidsOptions

  constructor(options: BidsOptions) {
    this.#options = options
  }

  /** What this node has bid for a request; null if it has not. */
  priceOf(request: Bytes32): bigint | null {
    return this.#options.store.get(request)?.bid.priceWei ?? null
  }

  /** Runs until the signal aborts. Never rejects: what fails is logged and tried again. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, logger, pollMs } = this.#options
    // What must be revealed comes first: silence costs reputation.
    const steps = [() => this.#lookAfterAll(signal), () => this.#bidForAll(signal)]
    while (!signal.aborted) {
      for (const step of steps) {
        try {
          await step()
        } catch (error) {
          if (signal.aborted) return
          const code = error instanceof WeftError ? error.code : 'internal'
          logger.warn({ code, error: String(error) }, 'cannot look after sealed bids now')
        }
      }
      await clock.sleep(pollMs, signal)
    }
  }

  async #lookAfterAll(signal: AbortSignal) {
    const { store, clock } = this.#options
    for (const kept of store.all()) {
      const nowMs = clock.nowMs()
      if (kept.request.proofDeadline * 1000 < nowMs) await store.remove(kept.id)
      else if (kept.state === 'revealed' || kept.state === 'missed') continue
      else if (kept.request.offerDeadline * 1000 <= nowMs) await this.#reveal(kept, signal)
      else if (kept.state === 'unsent') await this.#commit(kept, signal)
    }
  }

  async #reveal(kept: KeptBid, signal: AbortSignal) {
    const { link, store, logger } = this.#options
    const { id, bid, salt } = kept
    try {
      await link.once(signal, TIME_MS, (api, limited) =>
        api.revealBid({ params: { id }, body: { bid, salt }, signal: limited }),
      )
      await store.put({ ...kept, state: 'revealed' })
      logger.info({ request: id, priceWei: String(bid.priceWei) }, 'sealed bid revealed')
    } catch (error) {
      if (!isFinal(error)) throw error
      // The coordinator's clock may be a little behind.
      if (error.code === 'not_revealing') return
      logger.error({ request: id, code: error.code }, `sealed bid not taken: ${error.message}`)
      await store.put({ ...kept, state: 'missed' })
    }
  }

  async #bidForAll(signal: AbortSignal) {
    const { link } = this.#options
    const orders = await link.once(signal, TIME_MS, (api, limited) =>
      api.requests({ query: {}, signal: limited }),
    )
    for (const order of orders) {
      const bid = this.#bidFor(order)
      if (bid !== null) await this.#bid(order.id, order.request, bid, signal)
    }
  }

  /** A bid for a request that suits this node; null for any other. */
  #bidFor({ id, request, state }: OrderSummary): HiddenBid | null {
    const { prover, domain, matcher, clock, store, collateralWei, quote } = this.#options
    const selection = decodePolicy(request.policy)
    if (selection === null || !isSealed(selection.policy) || state !== 'matching') return null
    if (request.matcher !== matcher || requestId(domain, request) !== id) return null
    if (store.get(id) || request.offerDeadline * 1000 <= clock.nowMs()) return null
    const quoted = quote(request.program)
    if (quoted === null || quoted.priceWei > request.maxPriceWei) return null
    if (request.collateralWei > collateralWei || quoted.turnaroundMs > 2n ** 32n - 1n) return null
    const { priceWei, turnaroundMs } = quoted
    return { prover, priceWei, turnaroundMs: Number(turnaroundMs), collateralWei }
  }

  #salt(): Bytes32 {
    const salt = bytesToHex(this.#options.random.bytes(32))
    // Once in 2^128 draws; more often only where the source is broken.
    if (!isStrongSalt(salt))
      throw new WeftError('weak_salt', 'the source of randomness is broken: replace it')
    return salt
  }

  async #bid(id: Bytes32, request: Request, bid: HiddenBid, signal: AbortSignal) {
    const kept = { id, request, bid, salt: this.#salt(), state: 'unsent' } as const
    await this.#options.store.put(kept)
    await this.#commit(kept, signal)
  }

  async #commit(kept: KeptBid, signal: AbortSignal) {
    const { link, signer, domain, prover, store, logger } = this.#options
    const { id, bid, salt } = kept
    const commitment = sealBid(id, bid, salt)
    const message = { prover, request: id, commitment }
    const signature = await signer.signTypedData(typedData(domain, SEALED_COMMITMENT, message))
    try {
      await link.once(signal, TIME_MS, (api, limited) =>
        api.sealBid({ params: { id }, body: { prover, commitment, signature }, signal: limited }),
      )
      logger.info({ request: id, priceWei: String(bid.priceWei) }, 'bid in a sealed auction')
      await store.put({ ...kept, state: 'sealed' })
    } catch (error) {
      if (!isFinal(error)) throw error
      // An earlier try may have arrived.
      await store.put({ ...kept, state: error.code === 'one_bid_each' ? 'sealed' : 'missed' })
      logger.warn({ request: id, code: error.code }, `sealed bid not placed: ${error.message}`)
    }
  }
}
