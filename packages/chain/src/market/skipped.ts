import { abis } from '@weft/contracts'
import { type Address, type Bytes32, type Hex, toAddress } from '@weft/protocol'
import { parseEventLogs, toFunctionSelector } from 'viem'
import type { L1Client } from '../client.js'
import { read } from '../read.js'

/** What may have changed since a settlement was put together, as the names of the market's errors. */
const REASONS: ReadonlySet<string> = new Set([
  'Expired',
  'NotPosted',
  'NonceUsed',
  'BalanceTooLow',
  'InvalidSignature',
])

const BY_SELECTOR: ReadonlyMap<Hex, string> = new Map(
  abis.Market.flatMap((item) => {
    if (item.type !== 'error' || !REASONS.has(item.name)) return []
    const types = item.inputs.map(({ type }) => type)
    return [[toFunctionSelector(`${item.name}(${types.join()})`), item.name] as const]
  }),
)

/** The name of the error that a skipped order would have been; its selector where that is none of the market's. */
export const skipReasonOf = (selector: Hex): string => BY_SELECTOR.get(selector) ?? selector

/** An order that a settlement passed over. */
export interface SkippedOrder {
  /** Id of the request. */
  readonly request: Bytes32
  /** Name of the contract's error: Expired, NotPosted, NonceUsed, BalanceTooLow or InvalidSignature. */
  readonly reason: string
}

/** The orders that a transaction's settlement of a market passed over. Errors: `l1_unavailable`, `l1_reverted`. */
export const skippedOrdersOf = async (
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
