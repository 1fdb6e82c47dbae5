import type { EventSocket } from '@weft/api'

/** Time, as this package is given it. */
export interface Clock {
  /** Milliseconds since 1970. */
  nowMs(): number
  /** Resolves after `ms`, or at once when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

/** Randomness that nobody can guess: `{ bytes: (count) => crypto.getRandomValues(new Uint8Array(count)) }`. */
export interface Random {
  bytes(count: number): Uint8Array
}

/** Opens a WebSocket: `(url) => new WebSocket(url)`, the browser's or the `ws` package's. */
export type Connect = (url: string) => EventSocket
