import { WeftError } from '@weft/protocol'

/** Why a transaction is refused; stable. */
export type RefusalCode =
  | 'malformed_transaction'
  | 'unsupported_transaction'
  | 'invalid_signature'
  | 'field_too_large'
  | 'foreign_chain'
  | 'tip_above_max_fee'
  | 'fee_below_base'
  | 'gas_too_low'
  | 'nonce_too_low'
  | 'nonce_too_high'
  | 'insufficient_funds'
  | 'already_known'
  | 'underpriced_replacement'
  | 'pool_full'
  | 'sender_full'

/** A transaction that the rollup does not take. Nothing has changed. */
export class TransferRefused extends WeftError {
  override readonly name = 'TransferRefused'
  constructor(
    override readonly code: RefusalCode,
    message: string,
    details: Readonly<Record<string, string | number | boolean | null>> = {},
  ) {
    super(code, message, details)
  }
}
