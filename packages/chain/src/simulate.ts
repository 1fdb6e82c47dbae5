import { type Address, type Hex, WeftError } from '@weft/protocol'
import { BaseError } from 'viem'
import type { L1Client } from './client.js'
import { WEFT_ABI } from './contracts.js'
import { isUnreachable } from './link.js'
import { read } from './read.js'
import { revertOf } from './revert.js'
import type { Call } from './sender/index.js'

/** What a transaction may use at most (EIP-7825), less what the sender adds to be safe. */
const MAX_GAS = ((1n << 24n) * 4n) / 5n

export type Simulation =
  | { readonly kind: 'done'; readonly data: Hex }
  | { readonly kind: 'refused'; readonly refusal: WeftError }

/**
 * What a call would return now, or why L1 would refuse it; a creation returns the contract's code. Nothing is sent.
 * Errors: `l1_unavailable`.
 */
export const simulate = async (
  client: L1Client,
  from: Address,
  { to, data, valueWei }: Pick<Call, 'to' | 'data' | 'valueWei'>,
): Promise<Simulation> => {
  const target = to === null ? {} : { to }
  try {
    const answer = await client.call({ account: from, ...target, data, value: valueWei, gas: MAX_GAS })
    return { kind: 'done', data: answer.data ?? '0x' }
  } catch (error) {
    if (isUnreachable(error)) return read('what a call would do', Promise.reject(error))
    return { kind: 'refused', refusal: revertOf(error, WEFT_ABI) ?? failureOf(error) }
  }
}

/** A call that ended without a contract's word, for want of gas in most cases. */
const failureOf = (cause: unknown) =>
  new WeftError(
    'l1_reverted',
    `the call fails (${cause instanceof BaseError ? cause.shortMessage : String(cause)}): it may need more gas than a ` +
      'transaction can have',
    {},
    { cause },
  )
