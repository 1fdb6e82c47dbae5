import { type Address, toAddress, WeftError } from '@weft/protocol'
import { type ApiClient, createApiClient } from './client.js'
import { type Sleeper, withDeadline } from './deadline.js'
import { ApiError, isTransient } from './errors.js'
import { type Deployment, type Signer, sessionTypedData } from './session.js'

const FIRST_DELAY_MS = 250
const MAX_DELAY_MS = 10_000
const SESSION_MS = 10_000
const never = new AbortController().signal

export interface ConnectionOptions {
  readonly url: string
  readonly signer: Signer
  /** Whose sessions they are: an account that the signer is the hot key of; the signer itself unless told. */
  readonly account?: Address
  readonly deployment: Deployment
  readonly clock: Sleeper
  readonly fetch?: typeof fetch
  /** Done with every new session, before the calls that wait for it. */
  readonly onSession?: (api: ApiClient, signal: AbortSignal) => Promise<void>
  /** Told of every answer that has to be waited for. */
  readonly onWait?: (reason: WeftError) => void
}

/** A coordinator that may be away for a while. Opens and renews its session by itself. */
export interface Connection {
  /**
   * One try, and another with a new session where that is what was missing. Errors: refusals; `wrong_deployment`;
   * what `onSession` rejects with.
   */
  once<T>(call: (api: ApiClient) => Promise<T>): Promise<T>
  /**
   * Attempts until there is an answer, with growing pauses. Errors: those that waiting does not change; the signal's
   * reason once it has aborted.
   */
  retry<T>(signal: AbortSignal, attempt: () => Promise<T>): Promise<T>
  /** Both: tries until there is an answer. */
  ask<T>(signal: AbortSignal, call: (api: ApiClient) => Promise<T>): Promise<T>
}

/**
 * Refuses a coordinator for other contracts: a signature over another deployment's challenge would be good there.
 * Throws `wrong_deployment`.
 */
export const checkDeployment = ({ chainId, settlement }: Deployment, ours: Deployment): void => {
  if (chainId === ours.chainId && settlement === ours.settlement) return
  throw new WeftError(
    'wrong_deployment',
    `the coordinator serves settlement ${settlement} on chain ${chainId}: configure one that serves yours`,
    { chainId, settlement },
  )
}

const needsSession = (error: unknown): boolean =>
  error instanceof ApiError && (error.code === 'unauthenticated' || error.code === 'not_registered')

/** Refusal of a call that took longer than `timeMs`. */
export const unanswered = (url: string, timeMs: number) =>
  new WeftError('coordinator_unreachable', `no answer from ${url} within ${timeMs} ms`, { timeMs })

export const createConnection = (options: ConnectionOptions): Connection => {
  const { url, signer, deployment, clock, onSession, onWait } = options
  let token: string | undefined
  let opening: Promise<void> | null = null
  const api = createApiClient({ url, token: () => token, ...(options.fetch ? { fetch: options.fetch } : {}) })

  const inTime = <T>(call: (signal: AbortSignal) => Promise<T>) =>
    withDeadline(clock, never, SESSION_MS, () => unanswered(url, SESSION_MS), call)

  const openSession = async () => {
    const { nonce, ...served } = await inTime((signal) => api.challenge({ signal }))
    checkDeployment(served, deployment)
    const address = options.account ?? toAddress(signer.address)
    // Outside the deadline: whoever signs may have to be asked.
    const signature = await signer.signTypedData(sessionTypedData(deployment, address, nonce))
    await inTime(async (signal) => {
      token = (await api.openSession({ body: { address, nonce, signature }, signal })).token
      await onSession?.(api, signal)
    })
  }

  /** Calls that were refused together share one new session; none of them can take it from the others. */
  const renewed = () => {
    opening ??= openSession().finally(() => {
      opening = null
    })
    return opening
  }

  const once: Connection['once'] = async (call) => {
    try {
      return await call(api)
    } catch (error) {
      if (!needsSession(error)) throw error
      await renewed()
      return call(api)
    }
  }

  const retry: Connection['retry'] = async (signal, attempt) => {
    let delayMs = FIRST_DELAY_MS
    for (;;) {
      signal.throwIfAborted()
      try {
        return await attempt()
      } catch (error) {
        if (!isTransient(error)) throw error
        onWait?.(error)
        const asked = Number(error.details.retryAfterMs ?? 0)
        await clock.sleep(Math.max(delayMs, asked), signal)
      }
      delayMs = Math.min(2 * delayMs, MAX_DELAY_MS)
    }
  }

  return { once, retry, ask: (signal, call) => retry(signal, () => once(call)) }
}
