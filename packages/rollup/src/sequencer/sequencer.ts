import { type Address, type Bytes32, type Hex, WeftError } from '@weft/protocol'
import type { Journal, JournalRecord } from '../journal/index.js'
import type { BatchProver, Clock, L1, Logger } from '../ports.js'
import {
  type Account,
  checkTransfer,
  decodeTransfer,
  type Genesis,
  genesisState,
  recoverTransfer,
  type SignedTransfer,
  type State,
  stateRoot,
  TransferRefused,
} from '../state/index.js'
import { executeBatch } from './batch.js'
import { makeBlock } from './block.js'
import { Chain } from './chain.js'
import { Mempool, type PoolLimits } from './mempool.js'
import { Pipeline } from './pipeline.js'
import { replay } from './replay.js'

export interface BatchLimits {
  /** A batch closes when so many transfers can be executed. */
  readonly maxTransfers: number
  /** A batch closes so long after its first transfer could be executed. */
  readonly maxAgeMs: number
  /** Batches that may wait for a proof; beyond, transactions wait in the pool. */
  readonly maxUnproven: number
}

export interface SequencerOptions {
  readonly genesis: Genesis
  readonly segmentSize: number
  readonly batch: BatchLimits
  readonly pool: PoolLimits
}

export interface SequencerDeps {
  readonly prover: BatchProver
  readonly l1: L1
  readonly clock: Clock
  readonly logger: Logger
  readonly journal: Pick<Journal, 'append'>
}

const RETRY_MS = 1_000

/**
 * Accepts transactions, closes batches over them and takes those to L1. A transaction:
 *
 *     accept ──journal──▶ pending ──batch closed──▶ included ──▶ proven ──▶ final
 *
 * Nothing is acknowledged, and no state changes, before the journal has it. Everything but the journal and the
 * pipeline is synchronous, so a reader always sees whole blocks.
 */
export class Sequencer {
  readonly #options: SequencerOptions
  readonly #deps: SequencerDeps
  readonly #state: State
  readonly #pipeline: Pipeline
  /** A sender's transactions are accepted one after the other, so that each is checked against the one before. */
  readonly #turns = new Map<Address, Promise<unknown>>()
  #timer: { cancel(): void } | undefined
  #closing: Promise<void> | undefined
  #isStopped = false
  #failure: string | null = null
  readonly chain: Chain
  readonly pool: Mempool

  /** Continues from a journal's records. Throws a WeftError `journal_diverged`. */
  constructor(options: SequencerOptions, deps: SequencerDeps, records: readonly JournalRecord[]) {
    this.#options = options
    this.#deps = deps
    this.#state = genesisState(options.genesis)
    const genesis = { atMs: 0, stateRoot: stateRoot(this.#state), transfers: [] }
    this.chain = new Chain(makeBlock(undefined, genesis, options.genesis))
    this.pool = new Mempool(options.pool, (address) => this.account(address), options.genesis)
    const pending = replay(
      records,
      { state: this.#state, chain: this.chain, pool: this.pool },
      options.segmentSize,
    )
    this.#pipeline = new Pipeline({
      ...deps,
      log: {
        proven: async (number, proven) => {
          await deps.journal.append({ kind: 'proven', number, proven })
          this.chain.markProven(number)
          deps.logger.info({ batch: number, settlementTx: proven.settlementTx }, 'batch proven')
        },
        final: async ({ number, post }, l1Tx) => {
          await deps.journal.append({ kind: 'final', number, post, l1Tx })
          this.chain.markFinal(number, l1Tx)
          deps.logger.info({ batch: number, l1Tx, root: post }, 'batch final')
        },
      },
    })
    for (const batch of pending) this.#pipeline.push(batch)
  }

  get config(): Genesis {
    return this.#options.genesis
  }

  /** Why it has stopped, or what it keeps trying; null when all is well. */
  get lastError(): string | null {
    return this.#failure ?? this.#pipeline.lastError
  }

  /** Begins to close batches. */
  start(): void {
    this.#consider()
  }

  /** Balance and nonce as of the last block; zeros for an address that is not in the state. */
  account(address: Address): Pick<Account, 'balanceWei' | 'nonce'> {
    return this.#state.accounts.get(address) ?? { balanceWei: 0n, nonce: 0n }
  }

  /**
   * Takes a raw transaction; resolves with its hash once it is durable. Throws a TransferRefused, or a WeftError
   * `storage_unavailable` or `closed`; then it is not taken.
   */
  async accept(raw: Hex): Promise<Bytes32> {
    const decoded = decodeTransfer(raw)
    // The cheap checks first: finding the signer takes a millisecond.
    this.#checkKnown(decoded.hash)
    checkTransfer(decoded, this.#options.genesis)
    const transfer = await recoverTransfer(decoded)
    await this.#inTurn(transfer.from, () => this.#admit(transfer))
    this.#consider()
    return transfer.hash
  }

  /** Stops closing batches and ends the pipeline's attempts. The journal can be closed afterwards. */
  async close(): Promise<void> {
    this.#isStopped = true
    this.#timer?.cancel()
    await this.#closing
    await Promise.allSettled(this.#turns.values())
    await this.#pipeline.close()
  }

  #checkKnown(hash: Bytes32): void {
    const included = this.chain.included(hash)
    if (included !== undefined) {
      throw new TransferRefused(
        'nonce_too_low',
        `nonce too low: it is in block ${included.block.number} already`,
      )
    }
    if (this.pool.get(hash) !== undefined) {
      throw new TransferRefused('already_known', 'already known: ask for its receipt')
    }
  }

  async #admit(transfer: SignedTransfer): Promise<void> {
    if (this.#isStopped) throw new WeftError('closed', 'the rollup is closing: send again after its restart')
    this.pool.check(transfer)
    await this.#deps.journal.append({ kind: 'transfer', raw: transfer.raw, publicKey: transfer.publicKey })
    this.pool.put(transfer)
  }

  async #inTurn(sender: Address, task: () => Promise<void>): Promise<void> {
    const turn = (this.#turns.get(sender) ?? Promise.resolve()).then(task)
    const settled = turn.catch(() => undefined)
    this.#turns.set(sender, settled)
    try {
      await turn
    } finally {
      if (this.#turns.get(sender) === settled) this.#turns.delete(sender)
    }
  }

  /** Closes a batch if it is due, or sets the timer for when it is. */
  #consider(): void {
    const { maxTransfers, maxAgeMs, maxUnproven } = this.#options.batch
    if (this.#isStopped || this.#closing !== undefined || this.pool.ready === 0) return
    if (this.#pipeline.unproven >= maxUnproven) this.#wait(RETRY_MS)
    else if (this.pool.ready >= maxTransfers) this.#close()
    else this.#wait(maxAgeMs)
  }

  #wait(delayMs: number): void {
    this.#timer ??= this.#deps.clock.schedule(delayMs, () => {
      this.#timer = undefined
      if (this.#pipeline.unproven >= this.#options.batch.maxUnproven) this.#consider()
      else this.#close()
    })
  }

  #close(): void {
    if (this.#isStopped || this.#closing !== undefined || this.pool.ready === 0) return
    this.#timer?.cancel()
    this.#timer = undefined
    this.#closing = this.#closeBatch()
      .then((isClosed) => {
        this.#closing = undefined
        if (isClosed) this.#consider()
        else if (!this.#isStopped) this.#wait(RETRY_MS)
      })
      .catch((error) => this.#fail(error))
  }

  /** An invariant broke while a batch was executed, so the state in memory cannot be trusted: nothing goes on. */
  #fail(error: unknown): void {
    this.#isStopped = true
    this.#failure = `stopped: ${error instanceof Error ? error.message : String(error)}`
    this.#deps.logger.error({ err: error }, 'the rollup has stopped: restart it to replay its journal')
  }

  async #closeBatch(): Promise<boolean> {
    const transfers = this.pool.seal(this.#options.batch.maxTransfers)
    const number = this.chain.head.number + 1
    const atMs = this.#deps.clock.nowMs()
    try {
      await this.#deps.journal.append({
        kind: 'batch',
        number,
        atMs,
        hashes: transfers.map(({ hash }) => hash),
      })
    } catch (error) {
      this.pool.unseal(transfers)
      this.#deps.logger.error(
        { err: error, batch: number },
        'the batch stays open: its closing cannot be written',
      )
      return false
    }
    const batch = executeBatch(this.#state, number, transfers, this.#options.segmentSize)
    this.chain.add(
      makeBlock(this.chain.head, { atMs, stateRoot: batch.post, transfers }, this.#options.genesis),
    )
    for (const from of new Set(transfers.map((transfer) => transfer.from))) this.pool.prune(from)
    this.#deps.logger.info(
      { batch: number, transfers: transfers.length, segments: batch.segments.length },
      'batch closed',
    )
    this.#pipeline.push({ stage: 'included', batch })
    return true
  }
}
