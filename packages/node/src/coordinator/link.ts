import {
  type ApiClient,
  ApiError,
  type Capabilities,
  createApiClient,
  type Deployment,
  type ErrorCode,
  sessionTypedData,
} from '@weft/api'
import { toAddress, WeftError } from '@weft/protocol'
import type { Clock, Signer } from '../ports.js'
import { withDeadline } from './deadline.js'

/** Refusals that pass by themselves: the same request is right a little later. */
const TRANSIENT: ReadonlySet<string> = new Set<ErrorCode | 'coordinator_unreachable' | 'bad_answer'>([
  'coordinator_unreachable',
  // What a proxy says while the coordinator behind it restarts.
  'bad_answer',
  'challenge_expired',
  'rate_limited',
  'paused',
  'too_many_leases',
  'storage_unavailable',
  'storage_full',
  'verifier_unavailable',
  'l1_unavailable',
  'internal',
])
const FIRST_DELAY_MS = 250
const MAX_DELAY_MS = 10_000
const SESSION_MS = 10_000
const never = new AbortController().signal

/** One request to the coordinator. */
export type Call<T> = (api: ApiClient, signal: AbortSignal) => Promise<T>

export interface LinkOptions {
  readonly url: string
  readonly signer: Signer
  readonly deployment: Deployment
  /** Registered with every session. */
  readonly capabilities: Capabilities
  readonly clock: Clock
  readonly fetch?: typeof fetch
  /** Told of every answer that has to be waited for. */
  readonly onWait: (reason: WeftError) => void
  /** Told of every answer. */
  readonly onAnswer: () => void
}

/**
 * A coordinator that may be away for a while. Opens and renews its session by itself. Errors: refusals; for calls that
 * take a session also `wrong_deployment` and `srs_mismatch`; the signal's reason once it has aborted.
 */
export interface Link {
  /** One try. */
  once<T>(signal: AbortSignal, timeMs: number, call: Call<T>): Promise<T>
  /** Tries until there is an answer that waiting does not change, with growing pauses. */
  ask<T>(signal: AbortSignal, timeMs: number, call: Call<T>): Promise<T>
  /** As `ask`, but a try that is under way when the signal aborts may finish. */
  deliver<T>(signal: AbortSignal, timeMs: number, call: Call<T>): Promise<T>
}

export const createLink = (options: LinkOptions): Link => {
  const { signer, deployment, clock } = options
  let token: string | undefined
  let opening: Promise<void> | null = null
  const api = createApiClient({
    url: options.url,
    token: () => token,
    ...(options.fetch ? { fetch: options.fetch } : {}),
  })

  const late = (timeMs: number) =>
    new WeftError('coordinator_unreachable', `no answer from ${options.url} within ${timeMs} ms`, { timeMs })

  const openSession = async (signal: AbortSignal) => {
    const { nonce, chainId, settlement } = await api.challenge({ signal })
    // A signature over another deployment's challenge would be good there.
    if (chainId !== deployment.chainId || settlement !== deployment.settlement) {
      throw wrongDeployment(chainId, settlement)
    }
    const address = toAddress(signer.address)
    const signature = await signer.signTypedData(sessionTypedData(deployment, address, nonce))
    token = (await api.openSession({ body: { address, nonce, signature }, signal })).token
    await api.registerNode({ body: options.capabilities, signal })
  }

  /** Calls that were refused together share one new session; none of them can take it from the others. */
  const renewed = () => {
    opening ??= withDeadline(clock, never, SESSION_MS, () => late(SESSION_MS), openSession).finally(() => {
      opening = null
    })
    return opening
  }

  const once: Link['once'] = (signal, timeMs, call) =>
    withDeadline(
      clock,
      signal,
      timeMs,
      () => late(timeMs),
      async (limited) => {
        try {
          return await call(api, limited)
        } catch (error) {
          const code = error instanceof ApiError ? error.code : undefined
          if (code !== 'unauthenticated' && code !== 'not_registered') throw error
          await renewed()
          return call(api, limited)
        }
      },
    )

  const retry = async <T>(signal: AbortSignal, attempt: () => Promise<T>): Promise<T> => {
    let delayMs = FIRST_DELAY_MS
    for (;;) {
      signal.throwIfAborted()
      try {
        const answer = await attempt()
        options.onAnswer()
        return answer
      } catch (error) {
        if (!(error instanceof WeftError) || !TRANSIENT.has(error.code)) throw error
        options.onWait(error)
        const asked = Number(error.details.retryAfterMs ?? 0)
        await clock.sleep(Math.max(delayMs, asked), signal)
      }
      delayMs = Math.min(2 * delayMs, MAX_DELAY_MS)
    }
  }

  return {
    once,
    ask: (signal, timeMs, call) => retry(signal, () => once(signal, timeMs, call)),
    deliver: (signal, timeMs, call) => retry(signal, () => once(never, timeMs, call)),
  }
}

/** The refusal of a coordinator for other contracts than this node's. */
export const wrongDeployment = (chainId: number, settlement: string) =>
  new WeftError(
    'wrong_deployment',
    `the coordinator serves settlement ${settlement} on chain ${chainId}: configure the one that this node is for`,
    { chainId, settlement },
  )
