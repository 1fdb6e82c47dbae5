import { evidence, request, signedCommitment, toWire } from '@weft/api'
import { payoutPathsOf } from '@weft/plan'
import {
  type Bytes32,
  commitmentId,
  type Evidence,
  type PayoutPath,
  type Request,
  type SignedCommitment,
  WeftError,
} from '@weft/protocol'
import { z } from 'zod'
import type { Context } from '../context.js'
import * as tables from '../db/tables.js'
import { type ClaimOpening, topOf } from '../orders/archive.js'
import type { MarketL1 } from '../ports.js'
import type { Ledger } from './ledger.js'
import { type MarketOrder, signedBy } from './order.js'

/** All that L1 needs to see that a commitment was broken. */
const bodySchema = z.object({ request, broken: signedCommitment, rescue: signedCommitment, evidence })
type Body = z.output<typeof bodySchema>

/** L1 says these for good: the prover is not at fault, or has answered. */
const CLEARED: ReadonlySet<string> = new Set([
  'not_late',
  'not_open',
  'not_accused',
  'evidence_expired',
  'accusation_too_late',
  'no_rescue',
])

/** Block times may be behind this clock. */
const MARGIN_S = 2
const RETRY_S = 15

/**
 * Shows broken commitments to L1: a prover that signed for a job which a prover behind it then proved. Accused when its
 * time for a proof of its own is over, convicted when its time to answer is. Anybody else can do the same from what
 * `GET /v1/requests/:id` tells; nothing here is trusted.
 */
export class Accusations {
  readonly #open = new Map<Bytes32, tables.AccusationRow>()
  #running = false
  #windowS: number | null = null

  constructor(
    readonly context: Context,
    readonly l1: MarketL1,
    readonly ledger: Ledger,
  ) {}

  async load(): Promise<void> {
    const rows = await tables.accusations.select(this.context.deps.database, "state in ('due', 'accused')")
    for (const row of rows) this.#open.set(row.id, row)
  }

  /** Notes every commitment that the settled claim of an order shows to be broken. */
  note(order: MarketOrder, opening: ClaimOpening): void {
    const { plan, mergeKey } = this.context
    for (const path of payoutPathsOf(plan, topOf(this.context, order.batch), mergeKey)) {
      const { job, prover } = path.entry
      const rescue = signedBy(order, job, prover)
      if (!rescue || rescue.commitment.rank === 0) continue
      for (const broken of order.commitments.get(job) ?? []) {
        if (broken.commitment.prover === prover || broken.commitment.rank >= rescue.commitment.rank) continue
        this.#note(order.signed.request, broken, rescue, evidenceOf(opening, path))
      }
    }
  }

  /** Takes the steps that are due; does nothing while it still does. */
  async sweep(nowMs: number): Promise<void> {
    if (this.#running || this.#open.size === 0) return
    this.#running = true
    try {
      const nowS = Math.floor(nowMs / 1000)
      for (const row of [...this.#open.values()]) if (row.due_s <= nowS) await this.#step(row, nowS)
    } finally {
      this.#running = false
    }
  }

  #note(asked: Request, broken: SignedCommitment, rescue: SignedCommitment, shown: Evidence): void {
    const id = commitmentId(this.ledger.rules.domain, broken.commitment)
    const body = toWire({ request: asked, broken, rescue, evidence: shown })
    // Its time for a proof of its own: known once L1 has told how long that is.
    this.#store({ id, state: 'due', due_s: broken.commitment.deadline, body_json: body, l1_tx: null })
  }

  async #step(row: tables.AccusationRow, nowS: number): Promise<void> {
    const body = bodySchema.parse(JSON.parse(row.body_json))
    try {
      this.#windowS ??= await this.l1.defenceWindowS()
      if (row.state === 'due') await this.#accuse(row, body, this.#windowS, nowS)
      else await this.#convict(row, body)
    } catch (cause) {
      if (cause instanceof WeftError && CLEARED.has(cause.code)) return this.#end(row, body, 'cleared', null)
      const reason = cause instanceof Error ? cause.message : String(cause)
      this.context.deps.log.warn(
        { commitment: row.id, reason },
        'cannot show a default to L1 now; will try again',
      )
      this.#store({ ...row, due_s: nowS + RETRY_S })
    }
  }

  async #accuse(row: tables.AccusationRow, body: Body, windowS: number, nowS: number): Promise<void> {
    const dueS = body.broken.commitment.deadline + windowS + MARGIN_S
    if (dueS > nowS) return this.#store({ ...row, due_s: dueS })
    const l1Tx = await this.l1.accuse(body.request, body.broken, body.rescue, body.evidence)
    const accusedS = Math.floor(this.context.deps.clock.nowMs() / 1000)
    this.#store({ ...row, state: 'accused', due_s: accusedS + windowS + MARGIN_S, l1_tx: l1Tx })
    this.#tell(body, 'accused', l1Tx)
  }

  async #convict(row: tables.AccusationRow, body: Body): Promise<void> {
    const state = await this.l1.commitmentState(row.id)
    if (state === 'defended' || state === 'released') return this.#end(row, body, 'cleared', row.l1_tx)
    if (state === 'defaulted') return this.#end(row, body, 'convicted', row.l1_tx)
    const l1Tx = await this.l1.convict(body.request, body.broken.commitment)
    this.#end(row, body, 'convicted', l1Tx)
  }

  #end(row: tables.AccusationRow, body: Body, state: 'convicted' | 'cleared', l1Tx: Bytes32 | null): void {
    this.#open.delete(row.id)
    this.context.journal.put(tables.accusations, { ...row, state, l1_tx: l1Tx })
    this.#tell(body, state, l1Tx)
  }

  #store(row: tables.AccusationRow): void {
    this.#open.set(row.id, row)
    this.context.journal.put(tables.accusations, row)
  }

  #tell({ broken, rescue }: Body, state: 'accused' | 'convicted' | 'cleared', l1Tx: Bytes32 | null): void {
    const { request: id, job, prover, collateralWei } = broken.commitment
    const rescuer = rescue.commitment.prover
    const told = { request: id, job, prover, rescuer, collateralWei, l1Tx }
    this.context.deps.log.info({ ...told, collateralWei: collateralWei.toString(), state }, 'default')
    this.context.events.emit({ type: 'default', state, ...told })
  }
}

const evidenceOf = ({ claim: proven, index, siblings }: ClaimOpening, path: PayoutPath): Evidence => ({
  claim: proven,
  index,
  siblings,
  path,
})
