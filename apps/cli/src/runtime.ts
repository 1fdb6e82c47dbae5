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

/** Aborts at the first SIGINT or SIGTERM; a second one ends the process at once. */
export const shutdownSignal = (): AbortSignal => {
  const controller = new AbortController()
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(130)
    controller.abort()
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return controller.signal
}

/** Resolves when the signal aborts. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
