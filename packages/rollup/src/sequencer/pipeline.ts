import { type Bytes32, WeftError } from '@weft/protocol'
import type { Batch, BatchHead, BatchProver, Clock, L1, Logger, Proven } from '../ports.js'
import { retry } from './retry.js'

/** Makes each step durable before the next one begins. */
export interface PipelineLog {
  proven(number: number, proven: Proven): Promise<void>
  final(batch: BatchHead, l1Tx: Bytes32 | null): Promise<void>
}

/** A batch on its way. One that is proven needs its segments no more. */
export type Pending =
  | { readonly stage: 'included'; readonly batch: Batch }
  | { readonly stage: 'proven'; readonly batch: BatchHead; readonly proven: Proven }

const checkProven = (batch: BatchHead, answer: Proven): Proven => {
  const claim = answer.claim
  if (claim.pre !== batch.pre || claim.post !== batch.post || claim.data !== batch.data) {
    throw new WeftError(
      'foreign_proof',
      `the prover answered batch ${batch.number} with another claim: check its set-up`,
      {
        batch: batch.number,
      },
    )
  }
  return answer
}

const headOf = ({ number, pre, post, data, transfers }: BatchHead): BatchHead => ({
  number,
  pre,
  post,
  data,
  transfers,
})

/**
 * Takes closed batches to L1:
 *
 *     included ──prove──▶ proven ──advance──▶ final
 *
 * Batches are proven side by side and advance in order. Every failure is tried again for ever, since nothing here
 * can be given up; the last one is in `lastError`.
 */
export class Pipeline {
  readonly #prover: BatchProver
  readonly #l1: L1
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #log: PipelineLog
  readonly #stop = new AbortController()
  #tail: Promise<void> = Promise.resolve()
  #unproven = 0
  #lastError: string | null = null

  constructor(deps: { prover: BatchProver; l1: L1; clock: Clock; logger: Logger; log: PipelineLog }) {
    this.#prover = deps.prover
    this.#l1 = deps.l1
    this.#clock = deps.clock
    this.#logger = deps.logger
    this.#log = deps.log
  }

  /** Batches whose segments are still held in memory. */
  get unproven(): number {
    return this.#unproven
  }

  /** What failed last and is being tried again; null once a step has succeeded since. */
  get lastError(): string | null {
    return this.#lastError
  }

  /** Batches come in order of their numbers. */
  push(pending: Pending): void {
    const before = this.#tail
    const proven = pending.stage === 'proven' ? Promise.resolve(pending.proven) : this.#prove(pending.batch)
    const head = headOf(pending.batch)
    this.#tail = this.#finish(head, proven, before)
  }

  /** Stops all attempts; what is not final continues after the next start. */
  async close(): Promise<void> {
    this.#stop.abort(new WeftError('closed', 'the rollup is closing: start it again to continue'))
    await this.#tail
  }

  async #prove(batch: Batch): Promise<Proven> {
    this.#unproven++
    const signal = this.#stop.signal
    return this.#retry('prove', batch.number, async () => {
      const answer = checkProven(batch, await this.#prover.prove(batch, signal))
      await this.#log.proven(batch.number, answer)
      this.#unproven--
      return answer
    })
  }

  async #finish(batch: BatchHead, proof: Promise<Proven>, before: Promise<void>): Promise<void> {
    try {
      const [proven] = await Promise.all([proof, before])
      await this.#retry('advance', batch.number, async () => {
        const l1Tx = await this.#advance(batch, proven)
        await this.#log.final(batch, l1Tx)
      })
    } catch (error) {
      // The only way out of a retry is that we are closing; and then the batches behind must not advance either.
      if (!this.#stop.signal.aborted) throw error
    }
  }

  /** L1 may have taken the batch while we were down, or just before a failure: then there is nothing to send. */
  async #advance(batch: BatchHead, proven: Proven): Promise<Bytes32 | null> {
    const head = await this.#l1.head()
    const wanted = head.batches >= batch.number ? batch.post : batch.pre
    const isComparable = head.batches === batch.number || head.batches === batch.number - 1
    if (head.batches < batch.number - 1 || (isComparable && head.root !== wanted)) {
      throw new WeftError(
        'l1_diverged',
        `L1 is at batch ${head.batches} with root ${head.root}, which is not this rollup's: check the contract address and the folder`,
        { batches: head.batches, root: head.root },
      )
    }
    if (head.batches >= batch.number) return null
    this.#stop.signal.throwIfAborted()
    return (await this.#l1.advance(batch, proven, this.#stop.signal)).l1Tx
  }

  async #retry<T>(step: 'prove' | 'advance', batch: number, task: () => Promise<T>): Promise<T> {
    const result = await retry(task, {
      clock: this.#clock,
      signal: this.#stop.signal,
      onFailure: (error, delayMs) => {
        this.#lastError = `${step} batch ${batch}: ${error instanceof Error ? error.message : String(error)}`
        this.#logger.warn({ err: error, batch, step, delayMs }, 'will be tried again')
      },
    })
    this.#lastError = null
    return result
  }
}
