import { abis } from '@weft/contracts'
import { type Address, type Bytes32, type Hex, toAddress } from '@weft/protocol'
import { getAbiItem, parseEventLogs, toFunctionSelector } from 'viem'
import { formatAbiItem } from 'viem/utils'
import type { L1Client } from '../client.js'
import { read } from '../read.js'
import { codeOf } from '../revert.js'

/** What may have changed since a settlement was put together, as the names of the market's errors. */
const REASONS = ['Expired', 'NotPosted', 'NonceUsed', 'BalanceTooLow', 'InvalidSignature'] as const
export type SkipReason = (typeof REASONS)[number]

const BY_CODE: ReadonlyMap<string, SkipReason> = new Map(REASONS.map((name) => [codeOf(name), name]))

/** The reason behind the code of a refusal; undefined where the order was never right. */
export const skipReasonOfCode = (code: string): SkipReason | undefined => BY_CODE.get(code)

const BY_SELECTOR: ReadonlyMap<Hex, SkipReason> = new Map(
  REASONS.map((name) => [toFunctionSelector(formatAbiItem(getAbiItem({ abi: abis.Market, name }))), name]),
)

/** The reason behind the selector in an `OrderSkipped` event. */
export const skipReasonOf = (selector: Hex): SkipReason => {
  const reason = BY_SELECTOR.get(selector)
  if (reason === undefined) throw new Error(`a market skips no order for ${selector}`)
  return reason
}

/** An order that a settlement passed over. */
export interface SkippedOrder {
  /** Id of the request. */
  readonly request: Bytes32
  /** Name of the contract's error. */
  readonly reason: SkipReason
}

/** The orders that a transaction's settlement of a market passed over. Errors: `l1_unavailable`, `l1_reverted`. */
export const skippedOrdersBy = async (
  client: L1Client,
  market: Address,
  transaction: Bytes32,
): Promise<SkippedOrder[]> => {
  const { logs } = await read('a settlement', client.getTransactionReceipt({ hash: transaction }))
  const own = logs.filter(({ address }) => toAddress(address) === market)
  return parseEventLogs({ abi: abis.Market, eventName: 'OrderSkipped', logs: own }).map(({ args }) => ({
    request: args.request,
    reason: skipReasonOf(args.reason),
  }))
}
