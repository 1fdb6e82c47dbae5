import { ApiError } from '@weft/api'
import type { Context } from '../context.js'
import type { Desk } from './desk.js'

/** The market. Throws `no_market` where batches are paid from deposits. */
export const deskOf = ({ market }: Context): Desk => {
  if (market) return market
  throw new ApiError(
    'no_market',
    'this coordinator is paid from deposits: hand in batches (POST /v1/batches)',
  )
}
