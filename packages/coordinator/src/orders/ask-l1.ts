import { ApiError, type ErrorCode } from '@weft/api'
import { WeftError } from '@weft/protocol'

const L1_CODES: ReadonlySet<string> = new Set<ErrorCode>(['l1_unavailable', 'not_a_tenant'])

/** Refusals of the port pass; anything else means that L1 could not be asked. */
export const askL1 = async <T>(ask: () => Promise<T>): Promise<T> => {
  try {
    return await ask()
  } catch (cause) {
    if (cause instanceof WeftError && L1_CODES.has(cause.code)) {
      throw new ApiError(cause.code as ErrorCode, cause.message, cause.details, { cause })
    }
    throw new ApiError('l1_unavailable', 'the chain cannot be asked now: try again', {}, { cause })
  }
}
