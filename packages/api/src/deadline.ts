/** The part of a clock that waits. */
export interface Sleeper {
  /** Resolves after `ms`, or at once when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

/** Runs a call that ends with `late` when it takes longer than `timeMs`. */
export const withDeadline = async <T>(
  clock: Sleeper,
  signal: AbortSignal,
  timeMs: number,
  late: () => Error,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> => {
  const limit = new AbortController()
  const over = new AbortController()
  clock.sleep(timeMs, over.signal).then(() => {
    if (!over.signal.aborted) limit.abort(late())
  })
  try {
    return await call(AbortSignal.any([signal, limit.signal]))
  } catch (error) {
    throw limit.signal.aborted && !signal.aborted ? limit.signal.reason : error
  } finally {
    over.abort()
  }
}
