import { type Bytes32, WeftError } from '@weft/protocol'
import { BaseError, HttpRequestError, LimitExceededRpcError, TimeoutError } from 'viem'
import type { L1Client } from './client.js'
import type { Clock } from './clock.js'

/** Whether an error says that the endpoint cannot be asked now, rather than that it answered no. */
export const isUnreachable = (error: unknown): boolean =>
  error instanceof BaseError &&
  error.walk(
    (e) => e instanceof HttpRequestError || e instanceof TimeoutError || e instanceof LimitExceededRpcError,
  ) !== null

export type LinkReport =
  | { readonly kind: 'endpoint_down'; readonly reason: string }
  | { readonly kind: 'endpoint_up'; readonly downMs: number }

export interface LinkOptions {
  readonly client: L1Client
  readonly chainId: number
  /** Hash of the chain's first block, where it is known: development chains share ids. */
  readonly genesis: Bytes32 | null
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly onReport: (report: LinkReport) => void
  readonly firstDelayMs?: number
  readonly maxDelayMs?: number
}

export interface Link {
  /** Since when the endpoint has been down, on the clock given, and why; null while it is up. */
  readonly down: { readonly sinceMs: number; readonly reason: string } | null
  /** Hash of the chain's first block; null before the first answer. */
  readonly genesis: Bytes32 | null
  /**
   * Asks until the endpoint answers, with growing pauses. Throws the endpoint's own errors, `wrong_chain`, and
   * `closed` once the signal has aborted.
   */
  ask<T>(question: (client: L1Client) => Promise<T>): Promise<T>
}

/** A connection that survives an endpoint that is down. */
export const createLink = (options: LinkOptions): Link => {
  const { client, clock, signal, onReport } = options
  let down: Link['down'] = null
  let genesis: Bytes32 | null = null
  let checked: Promise<void> | null = null

  const checkChain = async () => {
    const [chainId, first] = await Promise.all([client.getChainId(), client.getBlock({ blockNumber: 0n })])
    if (chainId !== options.chainId) {
      throw new WeftError(
        'wrong_chain',
        `the endpoint serves chain ${chainId}, not ${options.chainId}: configure the right endpoint`,
        { chainId, expected: options.chainId },
      )
    }
    if (options.genesis !== null && first.hash !== options.genesis) {
      throw new WeftError(
        'wrong_chain',
        `the endpoint serves another chain ${chainId} than the one these transactions were sent on: configure the ` +
          'right endpoint, or, if that chain is gone, remove the file of its transactions',
        { chainId, genesis: first.hash, expected: options.genesis },
      )
    }
    genesis = first.hash
  }
  const attempt = async <T>(question: (client: L1Client) => Promise<T>): Promise<T> => {
    checked ??= checkChain()
    try {
      await checked
    } catch (error) {
      checked = null
      throw error
    }
    return question(client)
  }
  /** Nobody who ends waits for an endpoint that hangs. */
  const unlessAborted = <T>(answer: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      const onAbort = () => reject(closed())
      signal.addEventListener('abort', onAbort, { once: true })
      answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
    })
  const up = () => {
    if (down === null) return
    onReport({ kind: 'endpoint_up', downMs: clock.nowMs() - down.sinceMs })
    down = null
  }

  return {
    get down() {
      return down
    },
    get genesis() {
      return genesis
    },
    async ask(question) {
      let delayMs = options.firstDelayMs ?? 250
      for (;;) {
        if (signal.aborted) throw closed()
        try {
          const answer = await unlessAborted(attempt(question))
          up()
          return answer
        } catch (error) {
          if (!isUnreachable(error)) {
            up()
            throw error
          }
          const reason = error instanceof BaseError ? error.shortMessage : String(error)
          if (down === null) onReport({ kind: 'endpoint_down', reason })
          down = { sinceMs: down?.sinceMs ?? clock.nowMs(), reason }
        }
        await clock.sleep(delayMs, signal)
        delayMs = Math.min(delayMs * 2, options.maxDelayMs ?? 15_000)
      }
    },
  }
}

/** The refusal of everything after `close`, and the end of what waited until then. */
export const closed = () =>
  new WeftError(
    'closed',
    'the sender is closed and waits for L1 no longer: what it had sent is followed again after the next start',
  )
