import { type Failure, failure } from '@weft/api'
import { type Bid, missOf, type Need, needOf, reservedWei, termsOf } from '@weft/market'
import type { Job } from '@weft/plan'
import { isSealed } from '@weft/protocol'
import type { Context } from '../context.js'
import type { Board } from './board.js'
import type { Ledger } from './ledger.js'
import type { MarketOrder } from './order.js'

const UNCHECKED = 'nobody else was there to check'

/** What provers said last of a job's inputs, where nobody has checked it; null if nobody finds them at fault. */
export const uncheckedFailure = ({ blames }: Job): Failure | null => {
  const blame = [...blames.values()].at(-1)
  if (!blame) return null
  const { reason: code, message } = blame
  return failure.parse({ code, message: message === '' ? UNCHECKED : `${message} (${UNCHECKED})` })
}

/**
 * Looks for somebody who can check what a prover says of a job's inputs. Where for a while nobody is there but those who
 * find them at fault, their word ends the request; it is not enough to take its owner's money.
 */
export class SoleBlames {
  constructor(
    readonly context: Context,
    readonly ledger: Ledger,
    readonly board: Board,
  ) {}

  /** What ends an order; null while somebody else can be asked about this job, or could be a moment ago. */
  verdict(order: MarketOrder, job: Job, nowMs: number): Failure | null {
    const { soleSinceMs } = order
    const { id } = job.spec
    // While an order is held, nobody is asked.
    const isOpen = job.state === 'ready' && job.blames.size > 0 && order.held === null
    if (!isOpen || this.#hasOther(order, job, nowMs)) {
      soleSinceMs.delete(id)
      return null
    }
    const sinceMs = soleSinceMs.get(id) ?? nowMs
    soleSinceMs.set(id, sinceMs)
    return nowMs - sinceMs < this.context.timing.soleBlameMs ? null : uncheckedFailure(job)
  }

  /** Whether another prover has the job, or could have it now or when it is done with what it has in hand. */
  #hasOther(order: MarketOrder, job: Job, nowMs: number): boolean {
    const isOther = ({ prover }: Pick<Bid, 'prover'>) => !job.blames.has(prover)
    const assignment = this.board.get(order.id, job.spec.id)
    if (assignment?.holders.some(isOther)) return true
    const { book } = this.ledger.market
    const { program } = order.signed.request
    if (isSealed(order.selection.policy)) {
      // Nobody can bid any more.
      const ranks = assignment?.match.ranks.filter(isOther) ?? []
      return ranks.some((rank) => book.roomOf(rank.prover, program, rank.collateralWei) >= job.spec.work)
    }
    const need = this.#need(order, job, nowMs)
    if (book.best(program, need, job.blames.size + 1).some(isOther)) return true
    const meets = (bid: Bid) => missOf({ ...bid, roomWork: need.work }, need) === null
    return book.bids(program).some((bid) => isOther(bid) && this.context.plan.holds(bid.prover) && meets(bid))
  }

  /** What an offer has to meet by the time that the order's price limit has risen to its maximum. */
  #need({ id, signed, batch }: MarketOrder, { spec }: Job, nowMs: number): Need {
    const { request, provers } = signed
    const terms = termsOf(request, provers, batch.acceptedMs, this.ledger.rules.limits)
    const others = [...this.board.of(id)].filter(([job]) => job !== spec.id)
    const leftWei = others.reduce((left, [, { match }]) => left - reservedWei(match), terms.maxTotalWei)
    return needOf({ ...terms, startPriceWei: terms.maxPriceWei }, spec.work, nowMs, leftWei)
  }
}
