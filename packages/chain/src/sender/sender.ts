import { type Address, toAddress, WeftError } from '@weft/protocol'
import type { Abi, LocalAccount } from 'viem'
import type { L1Client } from '../client.js'
import type { Clock } from '../clock.js'
import { closed, createLink, type Link } from '../link.js'
import { bump } from './fees.js'
import { sight } from './follow.js'
import { createPreparer, type Preparer } from './prepare.js'
import { describeReport, reasonOf, type SenderReport } from './report.js'
import { type Attempt, type Call, type Outcome, slim, type TxRecord, type TxStore } from './tx.js'

export interface SenderOptions {
  readonly client: L1Client
  readonly chainId: number
  readonly account: LocalAccount
  readonly store: TxStore
  readonly clock: Clock
  /** Whose custom errors can come back. */
  readonly abi: Abi
  /** Blocks until a transaction counts, its own included; 1 unless told. */
  readonly confirmations?: number
  /** Between two looks at the chain; 1,000 unless told. */
  readonly pollMs?: number
  /** How long a transaction may wait before its fees are raised; 30,000 unless told. */
  readonly bumpAfterMs?: number
  /** No replacement offers more; 500 gwei unless told. */
  readonly maxFeePerGasWei?: bigint
  readonly onReport?: (report: SenderReport) => void
}

export interface SenderStatus {
  readonly address: Address
  /** Null while the endpoint answers. */
  readonly endpointDown: { readonly sinceMs: number; readonly reason: string } | null
  readonly pending: readonly {
    readonly id: string
    readonly nonce: number
    readonly attempts: number
    /** What L1 last had against it; null if nothing. */
    readonly trouble: string | null
  }[]
}

/** Why what a sender was asked for waits, where L1 is the reason; null while it goes its usual way. */
export const waitsOf = ({ endpointDown, pending }: SenderStatus): string | null =>
  endpointDown === null
    ? (pending.find(({ trouble }) => trouble !== null)?.trouble ?? null)
    : describeReport({ kind: 'endpoint_down', reason: endpointDown.reason })

export interface Sender {
  readonly address: Address
  /**
   * Sends once, whatever happens in between, and resolves when it is confirmed. A call with the id of an earlier one
   * is that one: it resolves with the same outcome (a reverted one is sent anew). Waits while the endpoint is down.
   * Errors, with nothing sent: the contract's own refusals, `insufficient_funds`, `storage_full`, `id_reused`,
   * `wrong_chain`; after it was sent: the contract's own refusals; `closed`, when it is followed after a restart.
   */
  send(call: Call): Promise<Outcome>
  status(): SenderStatus
  /** Stops following at once; what was sent stays in the store. Does not close the store. */
  close(): Promise<void>
}

/** Starts a sender and follows what its store says was sent before. One for a key and chain at a time. */
export const createSender = async (options: SenderOptions): Promise<Sender> => {
  const queue = new Queue(options, await options.store.load())
  queue.resume()
  return queue
}

const newestOf = (tx: TxRecord): Attempt => {
  const newest = tx.attempts.at(-1)
  if (newest === undefined) throw new Error('a record has an attempt')
  return newest
}

interface Follower {
  tx: TxRecord
  /** When its fees were last set. */
  sinceMs: number
  /** The hash of the block it was last seen in. */
  block: string | null
}

class Queue implements Sender {
  readonly address: Address
  readonly #options: SenderOptions
  readonly #stop = new AbortController()
  readonly #link: Link
  readonly #preparer: Preparer
  readonly #records: Map<string, TxRecord>
  readonly #running = new Map<string, Promise<Outcome>>()
  /** By the ids of pending transactions. */
  readonly #troubles = new Map<string, string>()
  /** The end of the line of those who wait for a nonce. */
  #last: Promise<unknown> = Promise.resolve()
  #closing: Promise<void> | null = null

  constructor(options: SenderOptions, records: readonly TxRecord[]) {
    const { client, chainId, clock, account, abi } = options
    this.#options = options
    this.address = toAddress(account.address)
    const onReport = (report: SenderReport) => this.#report(report)
    const genesis = records[0]?.genesis ?? null
    this.#link = createLink({ client, chainId, genesis, clock, signal: this.#stop.signal, onReport })
    this.#preparer = createPreparer({ link: this.#link, account, address: this.address, chainId, abi })
    this.#records = new Map(records.map((tx) => [tx.id, tx]))
  }

  resume() {
    for (const tx of this.#records.values()) {
      // Whoever asks for it again hears of a failure; nobody has to.
      if (tx.outcome === null) this.#start(tx, tx).catch(() => undefined)
    }
  }

  async send(call: Call): Promise<Outcome> {
    if (this.#stop.signal.aborted) throw closed()
    const known = this.#records.get(call.id)
    if (known?.outcome?.status === 'confirmed') return this.#link.ask(async () => known.outcome as Outcome)
    if (known?.outcome === null && (known.data !== call.data || known.to !== call.to)) {
      throw new WeftError(
        'id_reused',
        `another call is pending as ${call.id}: give this one an id of its own`,
        {
          id: call.id,
        },
      )
    }
    return this.#running.get(call.id) ?? this.#start(call, known?.outcome === null ? known : undefined)
  }

  status(): SenderStatus {
    const pending = this.#pending().map(({ id, nonce, attempts }) => ({
      id,
      nonce,
      attempts: attempts.length,
      trouble: this.#troubles.get(id) ?? null,
    }))
    return { address: this.address, endpointDown: this.#link.down, pending }
  }

  close() {
    this.#closing ??= this.#end()
    return this.#closing
  }

  async #end() {
    this.#stop.abort()
    await Promise.allSettled([...this.#running.values(), this.#last])
    for (const tx of this.#pending()) this.#report({ kind: 'left', id: tx.id, hash: newestOf(tx).hash })
  }

  /** The same trouble of a transaction is told once: it is looked at several times a second. */
  #report(report: SenderReport) {
    if ('id' in report) {
      const trouble = describeReport(report)
      if (trouble === null) this.#troubles.delete(report.id)
      else if (this.#troubles.get(report.id) === trouble) return
      else this.#troubles.set(report.id, trouble)
    }
    this.#options.onReport?.(report)
  }

  #pending() {
    return [...this.#records.values()].filter((tx) => tx.outcome === null)
  }

  #start(call: Call, known: TxRecord | undefined): Promise<Outcome> {
    const outcome = this.#run(call, known).finally(() => this.#running.delete(call.id))
    this.#running.set(call.id, outcome)
    return outcome
  }

  async #run(call: Call, known: TxRecord | undefined): Promise<Outcome> {
    const outcome = await this.#follow(known ?? (await this.#submit(call)))
    if (outcome.status === 'reverted') throw await this.#preparer.explain(call, outcome)
    return outcome
  }

  /** Signs under the next free nonce, stores, then broadcasts. */
  async #submit(call: Call): Promise<TxRecord> {
    const { id, to, data, valueWei } = call
    const signed = this.#last.then(async () => {
      const gas = await this.#preparer.estimateGas(call)
      const fees = await this.#preparer.currentFees()
      await this.#preparer.checkFunds(call, gas, fees)
      const nonce = await this.#nextNonce()
      const attempts = [await this.#preparer.sign(call, nonce, gas, fees)]
      const { genesis } = this.#link
      if (genesis === null) throw new Error('an endpoint that answered has a first block')
      return this.#save({ id, to, data, valueWei, genesis, nonce, gas, attempts, outcome: null })
    })
    this.#last = signed.catch(() => undefined)
    const tx = await signed
    await this.#broadcast(tx)
    return tx
  }

  async #nextNonce() {
    const request = { address: this.address, blockTag: 'pending' } as const
    const onChain = await this.#link.ask((client) => client.getTransactionCount(request))
    return Math.max(onChain, ...this.#pending().map((tx) => tx.nonce + 1))
  }

  async #save(tx: TxRecord) {
    const kept = slim(tx)
    await this.#options.store.put(kept)
    this.#records.set(tx.id, kept)
    return kept
  }

  async #broadcast(tx: TxRecord) {
    const { raw, hash } = newestOf(tx)
    try {
      await this.#link.ask((client) => client.sendRawTransaction({ serializedTransaction: raw }))
      this.#report({ kind: tx.attempts.length > 1 ? 'raised' : 'sent', id: tx.id, hash })
    } catch (error) {
      if (error instanceof WeftError) throw error
      // Whether it counts is seen on the chain, never from an answer: the transaction may be out all the same.
      const reason = reasonOf(error)
      if (!/already known|nonce too low/i.test(reason)) this.#report({ kind: 'rejected', id: tx.id, reason })
    }
  }

  /** Replaces a transaction that waits by the same one at higher fees. */
  async #raise(tx: TxRecord): Promise<TxRecord> {
    const cap = this.#options.maxFeePerGasWei ?? 500_000_000_000n
    const fees = bump(newestOf(tx), await this.#preparer.currentFees(), cap)
    if (fees === null) {
      this.#report({ kind: 'fee_cap_reached', id: tx.id })
      return tx
    }
    const attempt = await this.#preparer.sign(tx, tx.nonce, tx.gas, fees)
    const raised = await this.#save({ ...tx, attempts: [...tx.attempts, attempt] })
    await this.#broadcast(raised)
    return raised
  }

  /** Looks, and does what the sighting asks for: the outcome, or the record to follow from here. */
  async #step(follower: Follower): Promise<Outcome | null> {
    const { clock, confirmations = 1, bumpAfterMs = 30_000 } = this.#options
    const { tx } = follower
    const seen = await this.#link.ask((client) => sight(client, this.address, tx, confirmations))
    if (seen.kind === 'final') {
      await this.#save({ ...tx, outcome: seen.outcome })
      this.#report({ kind: seen.outcome.status, id: tx.id, hash: seen.outcome.hash })
      return seen.outcome
    }
    const block = seen.kind === 'mined' ? seen.blockHash : null
    if (block !== null) this.#troubles.delete(tx.id)
    if (follower.block !== null && block !== follower.block) this.#report({ kind: 'reorganised', id: tx.id })
    follower.block = block
    if (seen.kind === 'displaced') {
      this.#report({ kind: 'displaced', id: tx.id })
      follower.tx = await this.#submit(tx)
      follower.sinceMs = clock.nowMs()
    } else if (seen.kind !== 'mined' && clock.nowMs() - follower.sinceMs >= bumpAfterMs) {
      follower.tx = await this.#raise(tx)
      follower.sinceMs = clock.nowMs()
    } else if (seen.kind === 'unknown') {
      await this.#broadcast(tx)
    }
    return null
  }

  async #follow(tx: TxRecord): Promise<Outcome> {
    const follower: Follower = { tx, sinceMs: this.#options.clock.nowMs(), block: null }
    for (;;) {
      try {
        const outcome = await this.#step(follower)
        if (outcome !== null) return outcome
      } catch (error) {
        if (error instanceof WeftError) throw error
        // An endpoint in trouble: what it cannot tell now it may tell at the next look.
        this.#report({ kind: 'rejected', id: tx.id, reason: reasonOf(error) })
      }
      await this.#options.clock.sleep(this.#options.pollMs ?? 1_000, this.#stop.signal)
    }
  }
}
