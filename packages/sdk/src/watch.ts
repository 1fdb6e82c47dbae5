import { type ApiEvent, followEvents } from '@weft/api'
import type { Clock, Connect } from './ports.js'

export interface WatchOptions {
  readonly url: string
  readonly connect: Connect
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Between two tries to connect. */
  readonly pauseMs: number
  readonly onEvent: (event: ApiEvent) => void
}

/**
 * Listens to a coordinator's events until the signal aborts, connecting again and again. Events are hints of when to
 * look, never the only way: a dead WebSocket costs time, not a batch.
 */
export const watchEvents = async (options: WatchOptions): Promise<void> => {
  const { clock, signal } = options
  let since: number | undefined
  while (!signal.aborted) {
    const resume = since === undefined ? {} : { since }
    try {
      for await (const event of followEvents({
        url: options.url,
        connect: options.connect,
        signal,
        ...resume,
      })) {
        since = event.seq
        options.onEvent(event)
      }
    } catch {
      // A socket that cannot even be made is a connection that is lost.
    }
    await clock.sleep(options.pauseMs, signal)
  }
}
