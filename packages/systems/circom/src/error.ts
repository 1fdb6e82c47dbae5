import { WeftError } from '@weft/protocol'

export type CircomErrorCode =
  | 'zkey_mismatch'
  | 'sandbox_violation'
  | 'zkey_missing'
  | 'wasm_missing'
  | 'file_missing'
  | 'file_ambiguous'
  | 'file_too_large'

/** What only a circom program can do wrong; everything else is a ProofError. */
export class CircomError extends WeftError {
  override readonly name = 'CircomError'
  declare readonly code: CircomErrorCode
  constructor(
    code: CircomErrorCode,
    message: string,
    details: Readonly<Record<string, string | number | boolean | null>> = {},
    options?: { cause?: unknown },
  ) {
    super(code, message, details, options)
  }
}
