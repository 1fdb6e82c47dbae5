import {
  ApiError,
  type OfferView,
  type OrderSummary,
  type OrderView,
  orderSummary,
  orderView,
  type ProverView,
  toWire,
} from '@weft/api'
import { reservedWei } from '@weft/market'
import type { Job } from '@weft/plan'
import type { Address, Bytes32 } from '@weft/protocol'
import type { Context } from '../context.js'
import * as tables from '../db/tables.js'
import type { Accounts } from './accounts.js'
import { type Board, rankIn } from './board.js'
import type { Ledger } from './ledger.js'
import type { Matching } from './matching.js'
import { limitWei, type MarketOrder } from './order.js'

const stateOf = ({ batch, isCancelled }: MarketOrder, isMatching: boolean): OrderView['state'] => {
  if (isCancelled) return 'cancelled'
  if (batch.state === 'failed' || batch.state === 'settled') return batch.state
  return isMatching ? 'matching' : 'proving'
}

/** Rows in one answer. */
const LATEST = 200

/** What can be looked at of the market. */
export class MarketViews {
  constructor(
    readonly context: Context,
    readonly ledger: Ledger,
    readonly board: Board,
    readonly matching: Matching,
    readonly accounts: Accounts,
    readonly orders: ReadonlyMap<Bytes32, MarketOrder>,
  ) {}

  offers(target: Bytes32 | undefined, prover: Address | undefined): OfferView[] {
    const { book } = this.ledger.market
    const targets = target === undefined ? book.targets() : [target]
    const bids = prover === undefined ? targets.flatMap((each) => book.bids(each)) : book.offersOf(prover)
    const views: OfferView[] = []
    // An offer for a class is among the bids of each of its programs.
    for (const [id, { roomWork }] of new Map(bids.map((bid) => [bid.id, bid]))) {
      const offer = book.offer(id)
      if (!offer || (target !== undefined && prover !== undefined && offer.target !== target)) continue
      views.push({ id, offer, roomWork: Number(roomWork) })
      if (views.length === LATEST) break
    }
    return views
  }

  /** Errors: `l1_unavailable`. */
  async prover(prover: Address): Promise<ProverView> {
    const { suspendedUntil } = await this.accounts.refresh(prover)
    const { market } = this.ledger
    const { collateralWei, lockedWei, stakeWei } = market.book.accountOf(prover)
    const nowMs = this.context.deps.clock.nowMs()
    const standings = [...market.reputation.known()]
      .filter((known) => known.prover === prover)
      .map(({ class: ofClass }) => {
        const { scoreWork, counts } = market.reputation.standing(prover, ofClass, nowMs)
        const rightsWork = market.reputation.rights(prover, ofClass, nowMs)
        const { on_time: onTime, late, default: defaults, invalid } = counts
        return { class: ofClass, scoreWork, rightsWork, onTime, late, defaults, invalid }
      })
    return { prover, collateralWei, lockedWei, stakeWei, suspendedUntil, standings }
  }

  /** Errors: `unknown_intent`, `storage_unavailable`. */
  async order(id: Bytes32): Promise<OrderView> {
    const live = this.orders.get(id)
    if (live) return this.live(live, null)
    const [row] = await this.context.journal.select(tables.endedOrders, 'id = $1', id)
    if (!row) throw new ApiError('unknown_intent', 'no such request here', { request: id })
    return orderView.parse(JSON.parse(row.view_json))
  }

  /** Those under way first, then the latest that are over. Errors: `storage_unavailable`. */
  async list(owner: Address | undefined): Promise<OrderSummary[]> {
    const live = [...this.orders.values()]
      .filter(({ signed }) => owner === undefined || signed.request.owner === owner)
      .map((order) => this.live(order, null))
    const where = owner === undefined ? 'true' : 'owner = $1'
    const ended = await this.context.journal.select(
      tables.endedOrders,
      `${where} order by accepted_ms desc limit ${LATEST}`,
      ...(owner === undefined ? [] : [owner]),
    )
    const views = [...live.reverse(), ...ended.map((row) => orderView.parse(JSON.parse(row.view_json)))]
    return views.slice(0, LATEST).map((view) => orderSummary.parse(JSON.parse(toWire(view))))
  }

  live(order: MarketOrder, l1Tx: Bytes32 | null): OrderView {
    const { batch, signed, selection, waits } = order
    const assignments = [...this.board.of(order.id).values()]
    const nowMs = this.context.deps.clock.nowMs()
    const jobs = this.matching.jobsOf(order).map((job) => this.#job(order, job))
    const isMatching = jobs.some(({ state }) => state === 'unmatched')
    return {
      id: order.id,
      request: signed.request,
      post: signed.post,
      provers: signed.provers,
      batch: batch.state,
      state: stateOf(order, isMatching),
      acceptedAtMs: batch.acceptedMs,
      policy: selection.policy,
      limitPriceWei: limitWei(order, this.ledger.rules, nowMs),
      reservedWei: assignments.reduce((sum, { match }) => sum + reservedWei(match), 0n),
      waits: batch.reason ?? waits,
      ...(batch.failure ? { failure: batch.failure } : {}),
      jobs,
      l1Tx,
    }
  }

  #job(order: MarketOrder, { spec, state, proof }: Job): OrderView['jobs'][number] {
    const assignment = this.board.get(order.id, spec.id)
    const isGiven = assignment !== undefined && assignment.holders.length > 0
    const ranks = assignment?.match.ranks ?? []
    return {
      job: spec.id,
      kind: spec.kind,
      work: spec.work,
      state:
        state === 'proven' ? 'proven' : state === 'waiting' ? 'waiting' : isGiven ? 'matched' : 'unmatched',
      ranks: ranks.map((ranked) => ({
        prover: ranked.prover,
        priceWei: ranked.priceWei,
        rank: assignment ? rankIn(assignment, ranked) : ranked.position,
      })),
      commitments: order.commitments.get(spec.id) ?? [],
      prover: proof?.prover ?? null,
    }
  }
}
