import {
  type ApiClient,
  type Capabilities,
  type ConnectionOptions,
  createConnection,
  unanswered,
  withDeadline,
} from '@weft/api'

const never = new AbortController().signal

/** One request to the coordinator. */
export type Call<T> = (api: ApiClient, signal: AbortSignal) => Promise<T>

export interface LinkOptions extends Omit<ConnectionOptions, 'onSession'> {
  /** Registered with every session, as they are then. */
  readonly capabilities: () => Promise<Capabilities>
  /** Told of every answer. */
  readonly onAnswer: () => void
}

/**
 * A coordinator that may be away for a while, each try in its time. Errors: refusals; for calls that take a session
 * also `wrong_deployment` and `srs_mismatch`; the signal's reason once it has aborted.
 */
export interface Link {
  /** One try. */
  once<T>(signal: AbortSignal, timeMs: number, call: Call<T>): Promise<T>
  /** Tries until there is an answer that waiting does not change, with growing pauses. */
  ask<T>(signal: AbortSignal, timeMs: number, call: Call<T>): Promise<T>
  /** As `ask`, but a try that is under way when the signal aborts may finish. */
  deliver<T>(signal: AbortSignal, timeMs: number, call: Call<T>): Promise<T>
}

export const createLink = ({ capabilities, onAnswer, ...options }: LinkOptions): Link => {
  const { url, clock } = options
  const connection = createConnection({
    ...options,
    onSession: async (api, signal) => {
      await api.registerNode({ body: await capabilities(), signal })
    },
  })
  const once: Link['once'] = (signal, timeMs, call) =>
    withDeadline(
      clock,
      signal,
      timeMs,
      () => unanswered(url, timeMs),
      (limited) => connection.once((api) => call(api, limited)),
    )
  const retry = async <T>(signal: AbortSignal, attempt: () => Promise<T>): Promise<T> => {
    const answer = await connection.retry(signal, attempt)
    onAnswer()
    return answer
  }
  return {
    once,
    ask: (signal, timeMs, call) => retry(signal, () => once(signal, timeMs, call)),
    deliver: (signal, timeMs, call) => retry(signal, () => once(never, timeMs, call)),
  }
}
