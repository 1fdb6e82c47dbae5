import { WeftError } from '@weft/protocol'
import { BaseError } from 'viem'
import { isUnreachable } from './link.js'

/**
 * One question to the chain. Errors: `l1_unavailable` while the endpoint is down; `l1_reverted` when the contract
 * says no, which for a view means another contract, or none, at that address.
 */
export const read = async <T>(what: string, question: Promise<T>): Promise<T> => {
  try {
    return await question
  } catch (cause) {
    const reason = cause instanceof BaseError ? cause.shortMessage : String(cause)
    throw isUnreachable(cause)
      ? new WeftError('l1_unavailable', `cannot read ${what} now (${reason}): try again`, { what }, { cause })
      : new WeftError(
          'l1_reverted',
          `cannot read ${what} (${reason}): check the address`,
          { what },
          { cause },
        )
  }
}
