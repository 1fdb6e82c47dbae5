/**
 * The base of every refusal and failure: a stable `code` for programs, a message that says what to do next
 * for people, and the offending values. Survives JSON: see `toJSON` and `WeftError.from`.
 */
export class WeftError extends Error {
  override readonly name: string = 'WeftError'
  constructor(
    readonly code: string,
    message: string,
    readonly details: Readonly<Record<string, string | number | boolean | null>> = {},
    options?: { cause?: unknown },
  ) {
    super(message, options)
  }

  toJSON() {
    return { code: this.code, message: this.message, details: this.details }
  }

  /** The error that `toJSON` wrote, on the other side of a process or network boundary. */
  static from(json: {
    code: string
    message: string
    details?: Readonly<Record<string, string | number | boolean | null>>
  }): WeftError {
    return new WeftError(json.code, json.message, json.details ?? {})
  }
}
