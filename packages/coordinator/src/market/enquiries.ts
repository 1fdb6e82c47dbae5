import type { Address, Bytes32 } from '@weft/protocol'
import type { Context } from '../context.js'
import type { MarketL1 } from '../ports.js'
import type { Accounts } from './accounts.js'
import type { Intake } from './intake.js'
import type { MarketOrder } from './order.js'

const UNCOVERED = 'its owner’s account no longer covers its requests: nothing more is matched until it does'

export interface EnquiriesPorts {
  readonly l1: MarketL1
  readonly accounts: Accounts
  readonly intake: Intake
  /** Something was learned by which more may be matched. */
  readonly onChange: () => void
}

/** What L1 is asked now and then: accounts of provers and owners, and the seeds of lotteries. */
export class Enquiries {
  #nextMs = 0
  #isAsking = false

  constructor(
    readonly context: Context,
    readonly ports: EnquiriesPorts,
    readonly orders: ReadonlyMap<Bytes32, MarketOrder>,
  ) {}

  /** Asks if it is time; does nothing while it still does. Errors: `l1_unavailable`. */
  async sweep(nowMs: number): Promise<void> {
    if (nowMs < this.#nextMs || this.#isAsking) return
    this.#nextMs = nowMs + this.context.timing.accountsMs
    this.#isAsking = true
    try {
      await this.#ask(nowMs)
    } finally {
      this.#isAsking = false
    }
  }

  async #ask(nowMs: number): Promise<void> {
    const { accounts, l1 } = this.ports
    await accounts.refreshAll()
    const owners = new Set([...this.orders.values()].map(({ signed }) => signed.request.owner))
    for (const owner of owners) await this.#askBalance(owner)
    for (const order of [...this.orders.values()]) {
      const { offerDeadline } = order.signed.request
      if (order.selection.policy === 'lottery' && order.seed === null && offerDeadline * 1000 <= nowMs)
        order.seed = await l1.seedAfter(offerDeadline)
    }
  }

  /** An owner that takes its money out mid-match gets nothing more matched. */
  async #askBalance(owner: Address): Promise<void> {
    const { l1, intake, onChange } = this.ports
    const { balanceWei, leavingWei } = await l1.accountOf(owner)
    const isCovered = balanceWei - leavingWei >= intake.owedWei(owner)
    for (const order of this.orders.values()) {
      if (order.signed.request.owner !== owner || isCovered === (order.held === null)) continue
      order.held = isCovered ? null : UNCOVERED
      onChange()
    }
  }
}
