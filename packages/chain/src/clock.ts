/** Time, as this package is given it. */
export interface Clock {
  /** Milliseconds; only differences matter. */
  nowMs(): number
  /** Resolves after `ms`, or at once when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}
