import { ApiError, type SignedRequest, signedCommitment, type Terms, toWire } from '@weft/api'
import { evmJobKey, type Job, type JobKey, type Lease } from '@weft/plan'
import {
  type Address,
  type Bytes32,
  type Claim,
  claimHash,
  commitmentId,
  type Hex,
  type Order,
} from '@weft/protocol'
import type { Context } from '../context.js'
import * as tables from '../db/tables.js'
import type { Node } from '../nodes.js'
import type { MarketOptions } from '../options.js'
import type { ClaimOpening } from '../orders/archive.js'
import type { Batch } from '../orders/batch.js'
import type { Orders } from '../orders/orders.js'
import type { MarketL1, Matcher, Payment } from '../ports.js'
import { Accounts } from './accounts.js'
import { Accusations } from './accusations.js'
import { Attempts } from './attempts.js'
import { Board } from './board.js'
import { Enquiries } from './enquiries.js'
import { Intake } from './intake.js'
import { Ledger } from './ledger.js'
import { type Fail, type Fault, Matching } from './matching.js'
import { type MarketOrder, newOrder } from './order.js'
import { orderFor } from './payment.js'
import { PrivateInputs } from './private-inputs.js'
import { TermsDesk } from './terms.js'
import { MarketViews } from './views.js'

/** Of all jobs that a batch's own claim needs, whatever the target of the last one turns out to be. */
const jobKeys = ({ plan: { jobs, top } }: Batch): JobKey[] => {
  const last = top.kind === 'merge' ? [top.spec.key, evmJobKey(top.spec.key)] : []
  return [...jobs.map((spec) => spec.key), ...last]
}

/** What a market needs of the coordinator around it. */
export interface DeskPorts {
  readonly l1: MarketL1
  readonly matcher: Matcher
  readonly orders: () => Orders
  /** Whether every node of a prover that was heard of lately has a job. */
  readonly isBusy: (prover: Address) => boolean
  /** Nodes of a prover that were heard of lately. */
  readonly nodesOf: (prover: Address) => readonly Node[]
  /** See `Intake`. */
  readonly lacks: (prover: Address, program: Bytes32) => string | null
}

/** The market of one coordinator: whose job is whose, at which price, and what L1 has to hear of it. */
export class Desk {
  readonly orders = new Map<Bytes32, MarketOrder>()
  readonly accounts: Accounts
  readonly accusations: Accusations
  readonly attempts: Attempts
  readonly enquiries: Enquiries
  readonly intake: Intake
  readonly matching: Matching
  readonly privateInputs: PrivateInputs
  readonly views: MarketViews
  readonly #terms: TermsDesk
  /** Requests that need a job, the oldest first. */
  readonly #byJob = new Map<JobKey, MarketOrder[]>()
  /** Provers at work on what everybody may have. */
  readonly #workers = new Set<Address>()
  #nextSealMs = 0

  private constructor(
    readonly context: Context,
    readonly ports: DeskPorts,
    readonly ledger: Ledger,
    readonly board: Board,
  ) {
    const { l1, matcher, nodesOf, lacks } = ports
    const store = context.deps.sealed ?? null
    const { domain } = ledger.rules
    this.privateInputs = new PrivateInputs(context, { l1, domain, store, nodesOf }, board, this.orders)
    const fail: Fail = (order, reason, failure) => ports.orders().fail(order.batch, reason, failure)
    const orderOf = (job: Job) => this.#orderOf(job)
    this.matching = new Matching(context, ledger, board, this.orders, this.privateInputs, fail, orderOf)
    this.accounts = new Accounts(context, l1, ledger, () => this.matching.changed())
    this.accusations = new Accusations(context, l1, ledger)
    this.attempts = new Attempts(context, l1)
    this.intake = new Intake(context, l1, ledger, this.accounts, this.orders, lacks)
    const onChange = () => this.matching.changed()
    const asks = { l1, accounts: this.accounts, intake: this.intake, onChange }
    this.enquiries = new Enquiries(context, asks, this.orders)
    this.views = new MarketViews(context, ledger, board, this.matching, this.accounts, this.orders)
    this.#terms = new TermsDesk(context, l1, matcher, ledger, board)
  }

  /** Errors: see `Ledger.open`. */
  static async open(context: Context, options: MarketOptions, ports: DeskPorts): Promise<Desk> {
    const board = new Board()
    const provers = new Set<Address>()
    const ledger = await Ledger.open(context, options, ports.matcher, (input, output) => {
      board.observe(input, output)
      if (input.kind === 'account') provers.add(input.prover)
    })
    const desk = new Desk(context, ports, ledger, board)
    for (const prover of provers) desk.accounts.know(prover)
    await desk.accusations.load()
    await desk.attempts.load()
    return desk
  }

  /** Continues requests from before a restart; their batches are planned again. */
  async restore(batches: Iterable<Batch>): Promise<void> {
    for (const batch of batches) if (!('tenant' in batch.request)) this.#add(batch, batch.request)
    for (const row of await tables.commitments.select(this.context.deps.database)) {
      const signed = signedCommitment.parse(JSON.parse(row.signed_json))
      const order = this.orders.get(row.request)
      const { job } = signed.commitment
      order?.commitments.set(job, [...(order.commitments.get(job) ?? []), signed])
    }
    await this.privateInputs.load()
    this.matching.restore()
    this.matching.changed()
  }

  /** A request was admitted and its batch accepted. */
  opened(batch: Batch, signed: SignedRequest): void {
    this.#add(batch, signed)
    this.matching.changed()
    this.matching.pump()
  }

  /** Ends a request that its owner has taken back. */
  cancelled(request: Bytes32): void {
    const order = this.orders.get(request)
    if (!order) return
    order.isCancelled = true
    this.ports.orders().fail(order.batch, 'cancelled by its owner')
  }

  /** A batch is over; `l1Tx` where it settled. What is kept of it is stored. */
  ended(batch: Batch, l1Tx: Bytes32 | null): void {
    const order = this.orders.get(batch.id)
    if (!order) return
    const view = this.views.live(order, l1Tx)
    this.#remove(order)
    this.privateInputs.tidy()
    // What another request needs too is matched for that one.
    for (const job of this.matching.jobsOf(order))
      if (this.board.get(order.id, job.spec.id)) this.context.plan.reserve(job, new Set())
    for (const [job, { holders }] of this.board.of(order.id))
      if (holders.length > 0) this.ledger.apply({ kind: 'release', request: order.id, job })
    this.board.remove(order.id)
    // The view that is kept has them; what was broken has been noted.
    for (const { commitment } of [...order.commitments.values()].flat())
      this.context.journal.drop(tables.commitments, commitmentId(this.ledger.rules.domain, commitment))
    const { owner } = order.signed.request
    const row = { id: order.id, owner, accepted_ms: batch.acceptedMs, view_json: toWire(view) }
    this.context.journal.put(tables.endedOrders, row)
    this.matching.changed()
  }

  // Leases

  /** A node of the prover's asks for work. */
  seen(prover: Address): void {
    const before = this.matching.changes
    this.accounts.seen(prover)
    if (this.matching.changes !== before) this.matching.pump()
  }

  /** A lease was given. Who works for everybody is not matched with what it could not begin. */
  leased(lease: Lease): void {
    if (this.#orderOf(lease.job)) return
    const { prover } = lease
    this.#workers.add(prover)
    this.accounts.setBusy(prover, this.ports.isBusy(prover))
  }

  /** What the holder of a lease has to sign; undefined for jobs that everybody may have. */
  async termsOf(lease: Lease): Promise<Terms | undefined> {
    const order = this.#orderOf(lease.job)
    return (order && (await this.#terms.of(order, lease))) ?? undefined
  }

  /** Errors: `unknown_lease`, `lease_lost`, `bad_signature`, `storage_unavailable`. */
  async sign(lease: Lease, signature: Hex): Promise<void> {
    const order = this.#orderOf(lease.job)
    if (!order) throw new ApiError('unknown_lease', 'this lease needs no commitment', { lease: lease.id })
    await this.#terms.sign(order, lease, signature)
  }

  /** Throws `commitment_missing` while a lease is not signed for. */
  assertSigned(lease: Lease): void {
    const order = this.#orderOf(lease.job)
    if (!order || this.#terms.isSigned(order, lease)) return
    throw new ApiError(
      'commitment_missing',
      'sign the lease’s commitment first (POST /v1/leases/:id/commitment)',
      { lease: lease.id },
    )
  }

  /**
   * A lease ended without a proof: the next in rank takes over. `rests`: whether its prover is given nothing new for a
   * while; one that is silent, until it is heard of.
   */
  lost(lease: Lease, fault: Fault | null, rests: 'until_heard' | 'a_while' | 'no'): void {
    const { timing, deps } = this.context
    if (rests === 'until_heard') this.accounts.leave(lease.prover, 'silent')
    if (rests === 'a_while') this.accounts.leave(lease.prover, 'resting', deps.clock.nowMs() + timing.restMs)
    this.#freeWorkers()
    const order = this.#orderOf(lease.job)
    if (!order) return
    // Who never signed has broken nothing.
    const isBroken = fault === 'default' && !this.#terms.isSigned(order, lease)
    this.matching.relieve(order, lease.job, lease.prover, isBroken ? 'late' : fault)
    this.privateInputs.tidy()
    this.matching.pump()
  }

  proven(job: Job, prover: Address): void {
    const order = this.#orderOf(job)
    if (order) this.matching.proven(order, job, prover)
    this.privateInputs.tidy()
    this.#freeWorkers()
    this.matching.pump()
  }

  #freeWorkers(): void {
    for (const prover of this.#workers) {
      const isBusy = this.ports.isBusy(prover)
      this.accounts.setBusy(prover, isBusy)
      if (!isBusy) this.#workers.delete(prover)
    }
  }

  // L1

  /** What L1 pays with the settlement of these batches, whose claims' hashes are `claims` in order. */
  payment(claims: readonly Bytes32[], openings: ReadonlyMap<Batch, ClaimOpening>): Payment {
    const orders = [...openings].flatMap(([batch, opening]) => {
      const order = this.orders.get(batch.id)
      // Not the index of its path, which is another number where the claims are no power of two.
      const place = BigInt(claims.indexOf(claimHash(opening.claim)))
      return order ? [orderFor(this.context, this.ledger, order, opening, place)] : []
    })
    return { claims, orders: orders.sort((a, b) => (a.place < b.place ? -1 : 1)) }
  }

  /** What L1 pays for a recorded proof that nothing merges; null for a batch that is no request's. */
  directOrder(batch: Batch, claim: Claim): Order | null {
    const order = this.orders.get(batch.id)
    return order ? orderFor(this.context, this.ledger, order, { claim }, 0n) : null
  }

  /** Before a batch fails for its inputs: who has tried is paid for that. */
  attempted(batch: Batch, job: Job): void {
    const order = this.orders.get(batch.id)
    if (order) this.attempts.note(order, job)
  }

  /** Before a settled batch is forgotten: what of its commitments was broken. */
  settled(batch: Batch, opening: ClaimOpening): void {
    const order = this.orders.get(batch.id)
    if (order) this.accusations.note(order, opening)
  }

  sweep(nowMs: number): void {
    this.accounts.sweep(nowMs)
    this.#freeWorkers()
    this.matching.sweep(nowMs, (prover) => this.accounts.leave(prover, 'silent'))
    this.privateInputs.tidy()
    this.matching.pump()
    if (nowMs >= this.#nextSealMs) {
      this.#nextSealMs = nowMs + this.context.timing.sealMs
      this.#log(this.ledger.seal(), 'cannot seal the market’s log')
    }
    this.#log(this.accusations.sweep(nowMs), 'cannot look after accusations')
    this.#log(this.attempts.sweep(nowMs), 'cannot pay for attempts')
    this.#log(this.enquiries.sweep(nowMs), 'cannot ask L1 about accounts')
  }

  #log(work: Promise<void>, message: string): void {
    work.catch((error: unknown) => this.context.deps.log.warn({ error: String(error) }, message))
  }

  #add(batch: Batch, signed: SignedRequest): void {
    const order = newOrder(batch, signed)
    this.orders.set(batch.id, order)
    for (const key of jobKeys(batch)) this.#byJob.set(key, [...(this.#byJob.get(key) ?? []), order])
  }

  #remove(order: MarketOrder): void {
    this.orders.delete(order.id)
    for (const key of jobKeys(order.batch)) {
      const others = this.#byJob.get(key)?.filter((each) => each !== order) ?? []
      if (others.length > 0) this.#byJob.set(key, others)
      else this.#byJob.delete(key)
    }
  }

  /** The request that a job belongs to: the oldest, where several share it; none for jobs that serve all. */
  #orderOf(job: Job): MarketOrder | undefined {
    return this.#byJob.get(job.key)?.[0]
  }
}
