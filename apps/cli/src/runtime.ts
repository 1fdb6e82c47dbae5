import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import pino, { type Logger } from 'pino'

/** The one place where time comes from. */
export const systemClock = {
  nowMs: () => Date.now(),
  sleep: async (ms: number, signal: AbortSignal): Promise<void> => {
    await sleep(ms, undefined, { signal }).catch((error: Error) => {
      if (error.name !== 'AbortError') throw error
    })
  },
  schedule: (delayMs: number, task: () => void) => {
    const timer = setTimeout(task, delayMs)
    return { cancel: () => clearTimeout(timer) }
  },
}

/** Logs go to the standard error as JSON lines; the standard output is for results. */
export const createLogger = (name: string, level: string): Logger =>
  pino({ name, level }, pino.destination({ fd: 2, sync: false }))

/**
 * In the environment of a process that was started by another one: it ends when its stdin closes, which it does however
 * the other one ends, even by SIGKILL.
 */
export const ENDS_WITH_STDIN = 'WEFT_ENDS_WITH_STDIN'

/** Aborts at the first SIGINT, SIGTERM or SIGHUP; a second one ends the process at once. */
export const shutdownSignal = (): AbortSignal => {
  const controller = new AbortController()
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(130)
    controller.abort()
  }
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, onSignal)
  if (process.env[ENDS_WITH_STDIN] !== undefined) {
    process.stdin.on('end', onSignal).on('error', onSignal).resume()
    // Nobody writes to it: it must not keep a process that is done.
    ;(process.stdin as Socket).unref()
  }
  return controller.signal
}

/** Resolves when the signal aborts. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
