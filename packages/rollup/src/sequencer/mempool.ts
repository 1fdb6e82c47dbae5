import type { Address, Bytes32 } from '@weft/protocol'
import {
  type Account,
  gasPriceWei,
  maxCostWei,
  type RollupConfig,
  type SignedTransfer,
  TransferRefused,
} from '../state/index.js'

export interface PoolLimits {
  /** Transactions in all. */
  readonly maxTransfers: number
  /** Those among them that wait for an earlier nonce, so that they cannot crowd out what can be executed. */
  readonly maxWaiting: number
  /** How far a nonce may be ahead of its account, and so how many transactions one sender can have. */
  readonly maxPerSender: number
}

/** Reads an account's balance and nonce as of the last block. */
export type AccountOf = (address: Address) => Pick<Account, 'balanceWei' | 'nonce'>

interface Pooled {
  readonly transfer: SignedTransfer
  /** Earlier arrivals win between equal prices. */
  readonly order: number
  /** Being closed into a batch. */
  isSealed: boolean
}

interface Sender {
  readonly byNonce: Map<bigint, Pooled>
  /** How many can be executed: those with consecutive nonces from the account's on. */
  ready: number
}

/** Both prices have to rise by this to replace a transaction (as in geth). */
const REPLACEMENT_PERCENT = 110n

/**
 * Accepted transactions that are in no block yet. All that a sender has here costs at most its balance, and balances
 * fall only by the sender's own transactions, so whatever was accepted stays affordable.
 */
export class Mempool {
  readonly #limits: PoolLimits
  readonly #accountOf: AccountOf
  readonly #config: RollupConfig
  readonly #senders = new Map<Address, Sender>()
  readonly #byHash = new Map<Bytes32, SignedTransfer>()
  #ready = 0
  #arrivals = 0

  constructor(limits: PoolLimits, accountOf: AccountOf, config: RollupConfig) {
    this.#limits = limits
    this.#accountOf = accountOf
    this.#config = config
  }

  get size(): number {
    return this.#byHash.size
  }

  /** How many could be executed now. */
  get ready(): number {
    return this.#ready
  }

  get(hash: Bytes32): SignedTransfer | undefined {
    return this.#byHash.get(hash)
  }

  /** The nonce of a sender's next transaction, behind what can be executed. */
  nextNonce(address: Address): bigint {
    return this.#accountOf(address).nonce + BigInt(this.#senders.get(address)?.ready ?? 0)
  }

  /** Throws a TransferRefused where `put` would break a rule. The transfer has passed `checkTransfer`. */
  check(transfer: SignedTransfer): void {
    const { nonce } = this.#accountOf(transfer.from)
    if (this.#byHash.has(transfer.hash)) {
      throw new TransferRefused('already_known', 'already known: ask for its receipt')
    }
    if (transfer.nonce < nonce) {
      throw new TransferRefused(
        'nonce_too_low',
        `nonce too low: next nonce ${nonce}, tx nonce ${transfer.nonce}`,
      )
    }
    if (transfer.nonce >= nonce + BigInt(this.#limits.maxPerSender)) {
      throw new TransferRefused(
        'nonce_too_high',
        `nonce too high: next nonce ${nonce}, tx nonce ${transfer.nonce}; at most ${this.#limits.maxPerSender} transactions wait per sender`,
      )
    }
    const old = this.#senders.get(transfer.from)?.byNonce.get(transfer.nonce)
    if (old === undefined) this.#checkRoom(transfer)
    else this.#checkReplacement(old, transfer)
    this.#checkFunds(transfer, old)
  }

  /** Takes a transfer, in place of one with the same nonce. One that came too late to count is left out. */
  put(transfer: SignedTransfer): void {
    const sender = this.#senders.get(transfer.from) ?? { byNonce: new Map<bigint, Pooled>(), ready: 0 }
    const old = sender.byNonce.get(transfer.nonce)
    if (old?.isSealed || transfer.nonce < this.#accountOf(transfer.from).nonce) return
    if (old !== undefined) this.#byHash.delete(old.transfer.hash)
    this.#senders.set(transfer.from, sender)
    sender.byNonce.set(transfer.nonce, { transfer, order: this.#arrivals++, isSealed: false })
    this.#byHash.set(transfer.hash, transfer)
    this.#count(transfer.from, sender)
  }

  /** The next transfers to execute: the best price first, each sender's in order of nonce. They are sealed. */
  seal(count: number): SignedTransfer[] {
    const heads = new Map<Sender, Pooled>()
    for (const [address, sender] of this.#senders)
      this.#advance(heads, sender, this.#accountOf(address).nonce)
    const chosen: SignedTransfer[] = []
    while (chosen.length < count && heads.size > 0) {
      const [sender, head] = [...heads].reduce((best, next) =>
        this.#isBefore(next[1], best[1]) ? next : best,
      )
      head.isSealed = true
      chosen.push(head.transfer)
      this.#advance(heads, sender, head.transfer.nonce + 1n)
    }
    return chosen
  }

  /** Gives sealed transfers back: their batch could not be closed. */
  unseal(transfers: readonly SignedTransfer[]): void {
    for (const { from, nonce } of transfers) {
      const pooled = this.#senders.get(from)?.byNonce.get(nonce)
      if (pooled !== undefined) pooled.isSealed = false
    }
  }

  /** Drops what a new block has made stale for a sender. */
  prune(address: Address): void {
    const sender = this.#senders.get(address)
    if (sender === undefined) return
    const { nonce } = this.#accountOf(address)
    for (const pooled of [...sender.byNonce.values()]) {
      if (pooled.transfer.nonce >= nonce) continue
      sender.byNonce.delete(pooled.transfer.nonce)
      this.#byHash.delete(pooled.transfer.hash)
    }
    this.#count(address, sender)
    if (sender.byNonce.size === 0) this.#senders.delete(address)
  }

  #checkRoom(transfer: SignedTransfer): void {
    const isWaiting = transfer.nonce > this.nextNonce(transfer.from)
    const isFull = this.size >= this.#limits.maxTransfers
    if (isFull || (isWaiting && this.size - this.#ready >= this.#limits.maxWaiting)) {
      throw new TransferRefused('pool_full', 'txpool is full: send it again after the next block')
    }
  }

  #checkReplacement({ transfer: old, isSealed }: Pooled, transfer: SignedTransfer): void {
    const rises = (before: bigint, after: bigint) =>
      after > before && after * 100n >= before * REPLACEMENT_PERCENT
    const isBetter =
      rises(old.maxFeeWeiPerGas, transfer.maxFeeWeiPerGas) &&
      rises(old.maxPriorityFeeWeiPerGas, transfer.maxPriorityFeeWeiPerGas)
    if (isSealed || !isBetter) {
      throw new TransferRefused(
        'underpriced_replacement',
        isSealed
          ? 'replacement transaction underpriced: the first one is entering a block; use the next nonce'
          : 'replacement transaction underpriced: raise maxFeePerGas and maxPriorityFeePerGas by 10 %',
      )
    }
  }

  #checkFunds(transfer: SignedTransfer, old: Pooled | undefined): void {
    const { balanceWei } = this.#accountOf(transfer.from)
    const others = [...(this.#senders.get(transfer.from)?.byNonce.values() ?? [])].filter(
      (pooled) => pooled !== old,
    )
    const reservedWei = others.reduce((sum, pooled) => sum + maxCostWei(pooled.transfer), 0n)
    const wantWei = reservedWei + maxCostWei(transfer)
    if (balanceWei < wantWei) {
      throw new TransferRefused(
        'insufficient_funds',
        `insufficient funds for gas * price + value: have ${balanceWei} want ${wantWei} (${reservedWei} of it for waiting transactions)`,
        { haveWei: balanceWei.toString(), wantWei: wantWei.toString() },
      )
    }
  }

  #isBefore(a: Pooled, b: Pooled): boolean {
    const [priceA, priceB] = [gasPriceWei(a.transfer, this.#config), gasPriceWei(b.transfer, this.#config)]
    return priceA === priceB ? a.order < b.order : priceA > priceB
  }

  #advance(heads: Map<Sender, Pooled>, sender: Sender, nonce: bigint): void {
    const next = sender.byNonce.get(nonce)
    if (next === undefined) heads.delete(sender)
    else heads.set(sender, next)
  }

  #count(address: Address, sender: Sender): void {
    const { nonce } = this.#accountOf(address)
    let ready = 0
    while (sender.byNonce.has(nonce + BigInt(ready))) ready++
    this.#ready += ready - sender.ready
    sender.ready = ready
  }
}
