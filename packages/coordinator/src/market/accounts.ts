import type { Address } from '@weft/protocol'
import type { Context } from '../context.js'
import type { MarketL1 } from '../ports.js'
import type { Ledger } from './ledger.js'

/** Why a prover is given nothing new, and until when. */
interface Absence {
  readonly reason: 'silent' | 'suspended' | 'resting' | 'busy'
  readonly untilMs: number
}

const ALWAYS = Number.MAX_SAFE_INTEGER

/** Provers asked of L1 at the same time. */
const AT_ONCE = 8

/** What L1 and their nodes say of provers, as the market is told it. */
export class Accounts {
  readonly #absences = new Map<Address, Map<Absence['reason'], number>>()
  readonly #known = new Set<Address>()

  constructor(
    readonly context: Context,
    readonly l1: MarketL1,
    readonly ledger: Ledger,
    readonly onChange: () => void,
  ) {}

  /** Asks L1 for a prover and tells the market. Errors: `l1_unavailable`. */
  async refresh(prover: Address): Promise<{ readonly suspendedUntil: number }> {
    const [account, stakeWei, suspendedUntil] = await Promise.all([
      this.l1.accountOf(prover),
      this.l1.stakeOf(prover),
      this.l1.suspendedUntil(prover),
    ])
    this.#known.add(prover)
    // What is leaving stands behind nothing new.
    const collateralWei = account.balanceWei - account.leavingWei
    const before = this.ledger.market.book.accountOf(prover)
    if (before.collateralWei !== collateralWei || before.stakeWei !== stakeWei) {
      this.ledger.apply({ kind: 'account', prover, account: { collateralWei, stakeWei } })
      this.onChange()
    }
    const nowMs = this.context.deps.clock.nowMs()
    if (suspendedUntil * 1000 > nowMs) this.leave(prover, 'suspended', suspendedUntil * 1000)
    else this.#return(prover, 'suspended')
    return { suspendedUntil }
  }

  /** Asks again for everybody with an offer or work in progress. Errors: `l1_unavailable`. */
  async refreshAll(): Promise<void> {
    const { book } = this.ledger.market
    const queue = [...this.#known].filter(
      (prover) => book.offersOf(prover).length > 0 || book.accountOf(prover).lockedWei > 0n,
    )
    const work = async () => {
      for (let prover = queue.shift(); prover !== undefined; prover = queue.shift())
        await this.refresh(prover)
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work))
  }

  /** Provers with something at stake from before a restart. */
  know(prover: Address): void {
    this.#known.add(prover)
  }

  /** Nothing new for a prover until a time; for one that is silent, until it is heard of. */
  leave(prover: Address, reason: Absence['reason'], untilMs: number = ALWAYS): void {
    const absences = this.#absences.get(prover) ?? new Map<Absence['reason'], number>()
    this.#absences.set(prover, absences.set(reason, untilMs))
    this.#tell(prover)
  }

  /** A node of the prover's asks for work. */
  seen(prover: Address): void {
    this.#return(prover, 'silent')
  }

  /** All its nodes work on what everybody may have: it could begin with nothing else now. */
  setBusy(prover: Address, isBusy: boolean): void {
    if (isBusy) this.leave(prover, 'busy')
    else this.#return(prover, 'busy')
  }

  sweep(nowMs: number): void {
    for (const [prover, absences] of this.#absences) {
      for (const [reason, untilMs] of absences) if (untilMs <= nowMs) absences.delete(reason)
      this.#tell(prover)
    }
  }

  #return(prover: Address, reason: Absence['reason']): void {
    this.#absences.get(prover)?.delete(reason)
    this.#tell(prover)
  }

  #tell(prover: Address): void {
    const absences = this.#absences.get(prover)
    const isAvailable = !absences || absences.size === 0
    if (isAvailable) this.#absences.delete(prover)
    if (this.ledger.market.book.accountOf(prover).isAvailable === isAvailable) return
    const reason = isAvailable ? 'back' : [...(absences?.keys() ?? [])].join()
    this.ledger.apply({ kind: 'availability', prover, isAvailable, reason })
    this.onChange()
  }
}
