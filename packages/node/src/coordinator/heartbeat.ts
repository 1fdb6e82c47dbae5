import { ApiError, type ErrorCode, type Lease } from '@weft/api'
import type { Clock } from '../ports.js'
import type { Link } from './link.js'

const TIME_MS = 5_000
/** A lost lease is asked about this much less often: only whether somebody else has proven the job. */
const LOST_SLOWER = 5

/** Answers that say nobody needs the proof. */
const OVER: ReadonlySet<string> = new Set<ErrorCode>(['job_already_proven', 'unknown_lease'])

export interface Heartbeat {
  /** Aborts when nobody needs the proof any more. A lease that has merely expired does not: a late proof counts. */
  readonly needless: AbortSignal
  readonly isLost: boolean
  stop(): Promise<void>
}

/** Keeps a lease alive until it is stopped, on a timer of its own. */
export const startHeartbeat = (link: Link, clock: Clock, lease: Lease, expectedMs: number): Heartbeat => {
  const over = new AbortController()
  const needless = new AbortController()
  const startMs = clock.nowMs()
  let isLost = false

  const beat = async () => {
    const progress = Math.min(0.99, (clock.nowMs() - startMs) / expectedMs)
    try {
      await link.once(over.signal, TIME_MS, (api, signal) =>
        api.heartbeat({ params: { id: lease.id }, body: { progress }, signal }),
      )
      isLost = false
    } catch (error) {
      const code = error instanceof ApiError ? error.code : undefined
      // Any other failure is the way to the coordinator: the next beat tries again.
      if (code === 'lease_lost') isLost = true
      else if (code !== undefined && OVER.has(code)) needless.abort(error)
    }
  }
  const loop = async () => {
    for (;;) {
      await clock.sleep(lease.heartbeatMs * (isLost ? LOST_SLOWER : 1), over.signal)
      if (over.signal.aborted || needless.signal.aborted) return
      await beat()
    }
  }
  const beating = loop()
  return {
    needless: needless.signal,
    get isLost() {
      return isLost
    },
    stop() {
      over.abort()
      return beating
    },
  }
}
