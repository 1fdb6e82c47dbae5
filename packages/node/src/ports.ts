/** Time, as this package is given it. */
export interface Clock {
  /** Milliseconds since 1970. */
  nowMs(): number
  /** Resolves after `ms`, or at once when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

/** The part of a pino logger that a node uses. */
export interface Logger {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** Where nonces and salts come from: unpredictable bytes. */
export interface Random {
  bytes(length: number): Uint8Array
}
