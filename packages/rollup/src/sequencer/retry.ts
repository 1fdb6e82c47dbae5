import type { Clock } from '../ports.js'

const FIRST_DELAY_MS = 1_000
const LONGEST_DELAY_MS = 60_000

/** Resolves after a delay, or at once when the signal aborts. */
const pause = (clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const timer = clock.schedule(delayMs, () => {
      signal.removeEventListener('abort', stop)
      resolve()
    })
    const stop = () => {
      timer.cancel()
      resolve()
    }
    signal.addEventListener('abort', stop, { once: true })
  })

/** Settles as the task does, or rejects as soon as the signal aborts: a port may be deaf to its signal. */
const untilAborted = <T>(task: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    task.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })

/**
 * Tries until it works, each time after twice the delay, from a second to a minute. Rejects with the signal's reason
 * once aborted.
 */
export const retry = async <T>(
  task: () => Promise<T>,
  {
    clock,
    signal,
    onFailure,
  }: { clock: Clock; signal: AbortSignal; onFailure: (error: unknown, delayMs: number) => void },
): Promise<T> => {
  for (let delayMs = FIRST_DELAY_MS; ; delayMs = Math.min(2 * delayMs, LONGEST_DELAY_MS)) {
    signal.throwIfAborted()
    try {
      return await untilAborted(task(), signal)
    } catch (error) {
      signal.throwIfAborted()
      onFailure(error, delayMs)
    }
    await pause(clock, delayMs, signal)
  }
}
