import { address, hex, request, signedCommitment, toWire, uint } from '@weft/api'
import { lesser } from '@weft/market'
import type { Job } from '@weft/plan'
import { MWORK, REQUEST_EXPIRY_S, ZERO_BYTES32 } from '@weft/protocol'
import { z } from 'zod'
import type { Context } from '../context.js'
import * as tables from '../db/tables.js'
import type { AttemptPayment, MarketL1 } from '../ports.js'
import { type MarketOrder, signedBy } from './order.js'
import { isPrivate } from './private-inputs.js'

/** All that L1 needs to pay for attempts. */
const bodySchema = z.object({
  request,
  signature: hex,
  allowed: z.array(address),
  attempts: z.array(signedCommitment.extend({ feeWei: uint })),
}) satisfies z.ZodType<AttemptPayment>

/** The part of a request's maximum total that all attempts together can cost; the market contract holds the same. */
const ATTEMPT_SHARE = 20n
const ZERO_ADDRESS = ZERO_BYTES32.slice(0, 42)
const RETRY_MS = 15_000

/**
 * What those are paid whose proofs the request's inputs have made impossible: each its price, all together a part of
 * the request's maximum. Rounded down, for the requester.
 */
const paymentFor = (
  { signed }: MarketOrder,
  job: Job,
  tried: readonly AttemptPayment['attempts'][number][],
) => {
  const limitWei = signed.request.maxTotalWei / ATTEMPT_SHARE / BigInt(tried.length)
  const attempts = tried.map((attempt) => {
    const priceWei = (attempt.commitment.priceWei * job.spec.work) / MWORK
    return { ...attempt, feeWei: lesser(priceWei, limitWei) }
  })
  return { request: signed.request, signature: signed.signature, allowed: signed.provers, attempts }
}

/** Has L1 pay provers for attempts at jobs that nobody can prove. What is owed is stored before the request is over. */
export class Attempts {
  readonly #open = new Map<string, tables.AttemptsRow>()
  #running = false
  #nextMs = 0

  constructor(
    readonly context: Context,
    readonly l1: MarketL1,
  ) {}

  async load(): Promise<void> {
    const rows = await tables.attempts.select(this.context.deps.database, "state = 'due'")
    for (const row of rows) this.#open.set(row.id, row)
  }

  /** Notes what is owed to all who have committed to a job and then found its inputs at fault. */
  note(order: MarketOrder, job: Job): void {
    // Of inputs that nobody else can read, provers could say anything.
    if (isPrivate(job.spec)) return
    const tried = [...job.blames.keys()].sort().flatMap((prover) => {
      const signed = signedBy(order, job.spec.id, prover)
      return signed ? [{ ...signed, feeWei: 0n }] : []
    })
    // Nobody but a matcher says who has tried.
    if (tried.length === 0 || order.signed.request.matcher === ZERO_ADDRESS) return
    const body = toWire(paymentFor(order, job, tried))
    this.#store({ id: order.id, state: 'due', body_json: body, l1_tx: null })
    this.#nextMs = 0
  }

  /** Pays what is due; does nothing while it still does. */
  async sweep(nowMs: number): Promise<void> {
    if (this.#running || this.#open.size === 0 || nowMs < this.#nextMs) return
    this.#running = true
    this.#nextMs = nowMs + RETRY_MS
    try {
      await this.context.journal.commit()
      for (const row of [...this.#open.values()]) await this.#pay(row, nowMs)
    } finally {
      this.#running = false
    }
  }

  async #pay(row: tables.AttemptsRow, nowMs: number): Promise<void> {
    const payment = bodySchema.parse(JSON.parse(row.body_json))
    const { owner, nonce, proofDeadline } = payment.request
    const { log } = this.context.deps
    try {
      // It was paid before a restart, or its owner has voided it.
      if (await this.l1.isNonceUsed(owner, nonce)) return this.#end(row, 'paid', null)
      const l1Tx = await this.l1.payAttempts(payment)
      log.info({ request: row.id, l1Tx, attempts: payment.attempts.length }, 'attempts paid')
      this.#end(row, 'paid', l1Tx)
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause)
      const isOver = (proofDeadline + REQUEST_EXPIRY_S) * 1000 <= nowMs
      log.warn({ request: row.id, reason, isOver }, 'cannot pay for attempts')
      if (isOver) this.#end(row, 'void', null)
    }
  }

  #end(row: tables.AttemptsRow, state: 'paid' | 'void', l1Tx: tables.AttemptsRow['l1_tx']): void {
    this.#open.delete(row.id)
    this.context.journal.put(tables.attempts, { ...row, state, l1_tx: l1Tx })
  }

  #store(row: tables.AttemptsRow): void {
    this.#open.set(row.id, row)
    this.context.journal.put(tables.attempts, row)
  }
}
