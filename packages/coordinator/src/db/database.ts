/** One statement with one JSON parameter. */
export interface Write {
  readonly sql: string
  readonly json: string
}

export type Row = Readonly<Record<string, unknown>>

/** Durable state. Both methods reject when the database cannot serve; asked again later, it may. */
export interface Database {
  /** All of them in one transaction, durable when it resolves. */
  write(writes: readonly Write[]): Promise<void>
  /** Sees every write that was acknowledged. */
  read(sql: string, parameters: readonly unknown[]): Promise<readonly Row[]>
  /** Idempotent. */
  close(): Promise<void>
}
