import {
  type ApiClient,
  ApiError,
  createApiClient,
  type Deployment,
  type ErrorCode,
  sessionTypedData,
} from '@weft/api'
import { toAddress, WeftError } from '@weft/protocol'
import type { Clock, Signer } from './ports.js'

/** Refusals that pass by themselves: the same request is right a little later. */
const TRANSIENT: ReadonlySet<string> = new Set<ErrorCode | 'coordinator_unreachable' | 'bad_answer'>([
  'coordinator_unreachable',
  // What a proxy says while the coordinator behind it restarts.
  'bad_answer',
  'challenge_expired',
  'rate_limited',
  'storage_unavailable',
  'storage_full',
  'l1_unavailable',
  'internal',
])
const FIRST_DELAY_MS = 250
const MAX_DELAY_MS = 10_000

export interface ConnectionOptions {
  readonly url: string
  readonly signer: Signer
  readonly deployment: Deployment
  readonly clock: Clock
  readonly fetch?: typeof fetch
  /** Told of every answer that has to be waited for. */
  readonly onWait?: (reason: WeftError) => void
}

/** A coordinator that may be away for a while. */
export interface Connection {
  /**
   * Asks until there is an answer, with growing pauses, opening a session where one is needed. Errors: refusals that
   * waiting does not change; `wrong_deployment`; the signal's reason once it has aborted.
   */
  ask<T>(signal: AbortSignal, call: (api: ApiClient) => Promise<T>): Promise<T>
}

export const createConnection = (options: ConnectionOptions): Connection => {
  const { signer, deployment, clock } = options
  let token: string | undefined
  let session: Promise<void> | null = null
  const api = createApiClient({
    url: options.url,
    token: () => token,
    ...(options.fetch ? { fetch: options.fetch } : {}),
  })

  const openSession = async () => {
    const { nonce, chainId, settlement } = await api.challenge()
    // A signature over another deployment's challenge would be good there.
    if (chainId !== deployment.chainId || settlement !== deployment.settlement) {
      throw new WeftError(
        'wrong_deployment',
        `the coordinator serves settlement ${settlement} on chain ${chainId}: configure the one of yours`,
        { chainId, settlement },
      )
    }
    const address = toAddress(signer.address)
    const signature = await signer.signTypedData(sessionTypedData(deployment, address, nonce))
    token = (await api.openSession({ body: { address, nonce, signature } })).token
  }
  const withSession = async <T>(call: (api: ApiClient) => Promise<T>): Promise<T> => {
    try {
      return await call(api)
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'unauthenticated') throw error
      // Calls that were refused together share one new session.
      session ??= openSession().finally(() => {
        session = null
      })
      await session
      return call(api)
    }
  }

  return {
    async ask(signal, call) {
      let delayMs = FIRST_DELAY_MS
      for (;;) {
        signal.throwIfAborted()
        try {
          return await withSession(call)
        } catch (error) {
          if (!(error instanceof WeftError) || !TRANSIENT.has(error.code)) throw error
          options.onWait?.(error)
          const asked = Number(error.details.retryAfterMs ?? 0)
          await clock.sleep(Math.max(delayMs, asked), signal)
        }
        delayMs = Math.min(2 * delayMs, MAX_DELAY_MS)
      }
    },
  }
}
