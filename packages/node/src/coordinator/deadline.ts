import type { Clock } from '../ports.js'

/** Runs a call that ends with `late` when it takes longer than `timeMs`. */
export const withDeadline = async <T>(
  clock: Clock,
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
