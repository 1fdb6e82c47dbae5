import {
  ApiError,
  type ErrorCode,
  type SignedCancellation,
  type SignedOffer,
  type SignedRequest,
} from '@weft/api'
import { checkFields, checkSignature, type Output } from '@weft/market'
import type { Top } from '@weft/plan'
import {
  type Address,
  type Bytes32,
  costUpWei,
  type Hex,
  type HiddenBid,
  OFFER,
  offerId,
  REQUEST,
  type SignatureChecker,
} from '@weft/protocol'
import type { Context } from '../context.js'
import { askL1 } from '../orders/ask-l1.js'
import type { MarketL1 } from '../ports.js'
import type { Accounts } from './accounts.js'
import type { Ledger } from './ledger.js'
import type { MarketOrder } from './order.js'
import { assertServed } from './served.js'

/** A refusal of the market's as the API's; `accepted` where it is none. */
export const assertAccepted = (output: Output): void => {
  if (output.kind !== 'refused') return
  const details = Object.fromEntries(
    Object.entries(output.details).map(([key, value]) => [
      key,
      typeof value === 'bigint' ? value.toString() : (value as string | number),
    ]),
  )
  throw new ApiError(output.code as ErrorCode, output.reason, details)
}

type Signed = Parameters<typeof checkSignature>[1]
type Unsigned<I> = I extends Signed ? Omit<I, 'atMs'> : never

/** Takes intents in: fields, signatures and accounts are checked here, all else by the market itself. */
export class Intake {
  constructor(
    readonly context: Context,
    readonly l1: MarketL1,
    readonly ledger: Ledger,
    readonly accounts: Accounts,
    readonly orders: ReadonlyMap<Bytes32, MarketOrder>,
    /** The proof system that a prover's nodes lack for a program; null if one of them has it. */
    readonly lacks: (prover: Address, program: Bytes32) => string | null,
  ) {}

  /** Errors: see the route `submitOffer`. */
  async offer({ offer, signature }: SignedOffer): Promise<Bytes32> {
    this.#assertFields(checkFields(OFFER, offer))
    this.#assertAble(offer.prover, offer.target)
    await this.#checkSigned({ kind: 'offer', offer, signature })
    await this.#refresh(offer.prover)
    this.context.journal.assertAvailable()
    assertAccepted(this.ledger.apply({ kind: 'offer', offer, signature }))
    return offerId(this.ledger.rules.domain, offer)
  }

  /**
   * Everything about a request that can be checked before the market is asked; `workUp` is the most work that it can be
   * charged for. Errors: see the route `submitRequest`.
   */
  async checkRequest({ request, signature, provers }: SignedRequest, workUp: bigint, top: Top) {
    this.#assertFields(checkFields(REQUEST, request))
    assertServed(this.context, request, top)
    const neededWei = costUpWei(request.maxPriceWei, workUp)
    // L1 spreads the maximum total evenly over the work: provers would be paid less than they signed for.
    if (request.maxTotalWei < neededWei) {
      throw new ApiError(
        'total_too_low',
        `at its maximum price this request can cost ${neededWei} wei: raise maxTotalWei to that, or lower maxPriceWei`,
        { neededWei: neededWei.toString(), work: workUp.toString() },
      )
    }
    await this.#checkSigned({ kind: 'request', request, provers, signature })
    if (await askL1(() => this.l1.isNonceUsed(request.owner, request.nonce))) {
      throw new ApiError('nonce_used', 'L1 has settled or voided this nonce: sign with another one', {
        nonce: request.nonce.toString(),
      })
    }
    await this.#checkBalance(request.owner, request.maxTotalWei)
  }

  /** Admits a checked request. Throws the market's refusal. */
  admit({ request, signature, provers }: SignedRequest): void {
    assertAccepted(this.ledger.apply({ kind: 'request', request, provers, signature }))
  }

  /** Errors: see the route `cancelIntent`. */
  async cancel({ owner, intent, signature }: SignedCancellation): Promise<void> {
    await this.#checkSigned({ kind: 'cancel', owner, intent, signature })
    const order = this.orders.get(intent)
    if (order && order.commitments.size > 0) {
      throw new ApiError(
        'already_committed',
        'provers have committed to jobs of this request: it runs, and costs at most its signed maximum',
        { request: intent },
      )
    }
    this.context.journal.assertAvailable()
    assertAccepted(this.ledger.apply({ kind: 'cancel', owner, intent, signature }))
  }

  /** Errors: see the route `sealBid`. */
  async commit(request: Bytes32, prover: Address, commitment: Bytes32, signature: Hex): Promise<void> {
    await this.#checkSigned({ kind: 'commit', request, prover, commitment, signature })
    await this.#refresh(prover)
    this.context.journal.assertAvailable()
    assertAccepted(this.ledger.apply({ kind: 'commit', request, prover, commitment, signature }))
  }

  /** Errors: see the route `revealBid`. Its salt is its signature: nobody else knows it. */
  reveal(request: Bytes32, bid: HiddenBid, salt: Bytes32): void {
    this.context.journal.assertAvailable()
    assertAccepted(this.ledger.apply({ kind: 'reveal', request, bid, salt }))
  }

  /** What no node of its prover can prove is no offer. */
  #assertAble(prover: Address, target: Bytes32): void {
    const system = this.lacks(prover, target)
    if (system === null) return
    throw new ApiError(
      'unsupported',
      `no node of this prover has proof system ${system}: start one that has, then offer`,
      { system },
    )
  }

  #assertFields(refusal: ReturnType<typeof checkFields>): void {
    if (refusal) assertAccepted(refusal)
  }

  async #checkSigned(input: Unsigned<Signed>): Promise<void> {
    const signed = { ...input, atMs: 0 } as Signed
    const { domain } = this.ledger.rules
    const refusal = await askL1(() => checkSignature(domain, signed, this.#checkerOf(signed)))
    if (refusal)
      throw new ApiError('bad_signature', refusal.reason, { digest: String(refusal.details.digest) })
  }

  /** Provers sign with their own key or their hot key, requesters as L1 takes it. */
  #checkerOf(input: Signed): SignatureChecker {
    const isOfProver =
      input.kind === 'offer' ||
      input.kind === 'commit' ||
      (input.kind === 'cancel' && this.ledger.market.book.offer(input.intent) !== undefined)
    return isOfProver ? { isSignedBy: (...signed) => this.l1.isSignedForProver(...signed) } : this.l1
  }

  async #refresh(prover: Address): Promise<void> {
    const { suspendedUntil } = await askL1(() => this.accounts.refresh(prover))
    if (suspendedUntil * 1000 <= this.context.deps.clock.nowMs()) return
    throw new ApiError('suspended', 'a default suspends this prover: offer again when it is over', {
      untilS: suspendedUntil,
    })
  }

  /** All that an owner has under way has to be covered together. */
  async #checkBalance(owner: Address, maxTotalWei: bigint): Promise<void> {
    const { balanceWei, leavingWei } = await askL1(() => this.l1.accountOf(owner))
    const neededWei = maxTotalWei + this.owedWei(owner)
    const availableWei = balanceWei - leavingWei
    if (availableWei >= neededWei) return
    throw new ApiError(
      'insufficient_balance',
      `the account has ${availableWei} wei that is not leaving, this request and those under way may cost ${neededWei}: deposit the difference`,
      { availableWei: availableWei.toString(), neededWei: neededWei.toString() },
    )
  }

  /** The most that an owner's requests under way can cost. */
  owedWei(owner: Address): bigint {
    let sum = 0n
    for (const { signed } of this.orders.values())
      if (signed.request.owner === owner) sum += signed.request.maxTotalWei
    return sum
  }
}
