import { readFile } from 'node:fs/promises'
import { type Limits, ProofError } from '@weft/proof'

/** Short, because a program can fill a gigabyte in a second. */
const WATCH_MS = 50

/** Resident memory of a process, or null where the system does not say (no /proc). */
const residentBytes = async (pid: number | undefined): Promise<number | null> => {
  if (pid === undefined) return null
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => null)
  const kilobytes = status?.match(/^VmRSS:\s+(\d+) kB$/m)?.[1]
  return kilobytes === undefined ? null : Number(kilobytes) * 1024
}

/** A process that can be watched and ended. */
export interface Watched {
  readonly pid: number | undefined
  kill(error: Error): void
}

/**
 * Runs `work`, ending `child` with a typed error when it is cancelled or takes too much time or memory. Memory is
 * what the job adds to what the process held before it, such as proving keys.
 */
export const withLimits = async <T>(child: Watched, limits: Limits, work: () => Promise<T>): Promise<T> => {
  let failure: ProofError | null = null
  const stop = (error: ProofError) => {
    failure = error
    child.kill(error)
  }
  const onAbort = () => stop(new ProofError('cancelled', 'the job was cancelled'))
  limits.signal.addEventListener('abort', onAbort, { once: true })
  const timer = setTimeout(() => {
    const { timeMs } = limits
    stop(new ProofError('time_limit', `took longer than ${timeMs} ms: allow more time`, { timeMs }))
  }, limits.timeMs)
  const before = (await residentBytes(child.pid)) ?? 0
  const watch = setInterval(async () => {
    const usedBytes = ((await residentBytes(child.pid)) ?? 0) - before
    if (usedBytes <= limits.memoryBytes || failure !== null) return
    const details = { usedBytes, limitBytes: limits.memoryBytes }
    stop(new ProofError('memory_limit', 'took more memory than this node gives a job', details))
  }, WATCH_MS)
  try {
    if (failure !== null) throw failure
    return await work()
  } finally {
    clearTimeout(timer)
    clearInterval(watch)
    limits.signal.removeEventListener('abort', onAbort)
  }
}
