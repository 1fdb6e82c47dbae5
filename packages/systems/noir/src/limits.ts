import { readFile } from 'node:fs/promises'
import { type Limits, ProofError } from '@weft/proof'

const WATCH_MS = 200

/** Resident memory of a process, or null where the system does not say (no /proc). */
const residentBytes = async (pid: number): Promise<number | null> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => null)
  const kilobytes = status?.match(/^VmRSS:\s+(\d+) kB$/m)?.[1]
  return kilobytes === undefined ? null : Number(kilobytes) * 1024
}

/** A process that can be watched and ended. */
export interface Watched {
  readonly pid: number | undefined
  kill(error: Error): void
}

export const cancelled = () => new ProofError('cancelled', 'the job was cancelled')

/** Runs `work`, ending `child` with a typed error when it is cancelled, takes too long or too much memory. */
export const withLimits = async <T>(child: Watched, limits: Limits, work: () => Promise<T>): Promise<T> => {
  const { signal, timeMs, memoryBytes } = limits
  if (signal.aborted) throw cancelled()
  let failure: ProofError | undefined
  let isOver = false
  const stop = (error: ProofError) => {
    if (isOver) return
    isOver = true
    failure = error
    child.kill(error)
  }
  const onAbort = () => stop(cancelled())
  signal.addEventListener('abort', onAbort, { once: true })
  const timer = setTimeout(() => {
    stop(new ProofError('time_limit', `took longer than ${timeMs} ms`, { timeMs }))
  }, timeMs)
  const watch = setInterval(async () => {
    const bytes = child.pid === undefined ? null : await residentBytes(child.pid)
    if (bytes === null || bytes <= memoryBytes) return
    const details = { usedBytes: bytes, limitBytes: memoryBytes }
    stop(new ProofError('memory_limit', 'took more memory than this node gives a job', details))
  }, WATCH_MS)
  try {
    return await work()
  } catch (error) {
    throw failure ?? error
  } finally {
    // A look at the memory may still be under way, and the child is the next job's from here.
    isOver = true
    clearTimeout(timer)
    clearInterval(watch)
    signal.removeEventListener('abort', onAbort)
  }
}

/**
 * Runs `work` whose steps have limits of their own: the time that they take together, waiting included, is limited here,
 * and ends the step under way alone.
 */
export const withLimitsTogether = <T>(limits: Limits, work: (each: Limits) => Promise<T>): Promise<T> => {
  const stop = new AbortController()
  const steps = { pid: undefined, kill: () => stop.abort() }
  return withLimits(steps, limits, () => work({ ...limits, signal: stop.signal }))
}
