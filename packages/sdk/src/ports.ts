import type { EventSocket } from '@weft/api'
import type { LocalAccount } from 'viem'

/** Time, as this package is given it. */
export interface Clock {
  /** Milliseconds since 1970. */
  nowMs(): number
  /** Resolves after `ms`, or at once when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

/** Who signs for a tenant: viem's accounts, or anything of that shape. */
export type Signer = Pick<LocalAccount, 'address' | 'signTypedData'>

/** Opens a WebSocket: `(url) => new WebSocket(url)`, the browser's or the `ws` package's. */
export type Connect = (url: string) => EventSocket
