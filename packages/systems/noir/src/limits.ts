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

/** Runs `work`, ending `child` with a typed error when it is cancelled, takes too long or too much memory. */
export const withLimits = async <T>(child: Watched, limits: Limits, work: () => Promise<T>): Promise<T> => {
  const cancelled = () => new ProofError('cancelled', 'the job was cancelled')
  if (limits.signal.aborted) throw cancelled()
  const onAbort = () => child.kill(cancelled())
  limits.signal.addEventListener('abort', onAbort, { once: true })
  const timer = setTimeout(() => {
    child.kill(
      new ProofError('time_limit', `took longer than ${limits.timeMs} ms`, { timeMs: limits.timeMs }),
    )
  }, limits.timeMs)
  const watch = setInterval(async () => {
    const bytes = child.pid === undefined ? null : await residentBytes(child.pid)
    if (bytes === null || bytes <= limits.memoryBytes) return
    const details = { usedBytes: bytes, limitBytes: limits.memoryBytes }
    child.kill(new ProofError('memory_limit', 'took more memory than this node gives a job', details))
  }, WATCH_MS)
  try {
    return await work()
  } finally {
    clearTimeout(timer)
    clearInterval(watch)
    limits.signal.removeEventListener('abort', onAbort)
  }
}
