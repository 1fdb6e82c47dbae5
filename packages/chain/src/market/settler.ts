import { type Bytes32, type Order, type Parallel, type Sequence, WeftError } from '@weft/protocol'
import { claimsRootOfProof } from '../calls.js'
import type { L1Client } from '../client.js'
import { createSettler } from '../ports.js'
import type { Sender } from '../sender/index.js'
import type { MarketAddresses } from './addresses.js'
import { type Payment, settleMarketCall } from './calls/index.js'
import { marketReader } from './reader.js'
import { type SkippedOrder, skippedOrdersOf } from './skipped.js'

/** Settles aggregates and pays for the requests in them: the coordinator's port. */
export interface MarketSettler {
  /**
   * Records a root proof, unless somebody has, and pays for the orders in it; resolves with the transaction that did.
   * Waits while L1 is down; asked again, it is the same transaction. Orders of an aggregate that have become impossible are
   * skipped, see `skippedOf`; for a root of one claim the same is an error. Without orders it records alone.
   * Errors: those of `Sender.send`; `one_order_needed`.
   */
  settle(root: Parallel | Sequence, proof: Uint8Array, payment: Payment): Promise<Bytes32>
  /**
   * The transaction that recorded a claims root, once no order can be paid any more: each is paid or void. Null until then.
   * Errors: `l1_unavailable`, `l1_reverted`.
   */
  isSettled(claimsRoot: Bytes32, orders: readonly Order[]): Promise<Bytes32 | null>
  /** The orders that a settlement passed over, and why. Errors: `l1_unavailable`, `l1_reverted`. */
  skippedOf(transaction: Bytes32): Promise<SkippedOrder[]>
}

export interface MarketPortOptions {
  readonly client: L1Client
  readonly addresses: Pick<MarketAddresses, 'settlement' | 'market' | 'staking' | 'defaults'>
  /** The block of the deployment, from which events are read. */
  readonly fromBlock: bigint
}

export const createMarketSettler = (
  sender: Sender,
  { client, addresses, fromBlock }: MarketPortOptions,
): MarketSettler => {
  const { market, settlement } = addresses
  const reader = marketReader(client, addresses)
  const recorder = createSettler(sender, { client, settlement, fromBlock })

  /** A posted request uses its nonce when it is posted: what is left of it says whether it was paid. */
  const isDone = async ({ request, signature }: Order) =>
    signature === '0x'
      ? (await reader.postedOf(await reader.requestId(request))) === null
      : reader.isNonceUsed(request.owner, request.nonce)

  const isSettled: MarketSettler['isSettled'] = async (claimsRoot, orders) => {
    const recordedBy = await recorder.isSettled(claimsRoot)
    if (recordedBy === null) return null
    const done = await Promise.all(orders.map(isDone))
    return done.every(Boolean) ? recordedBy : null
  }

  return {
    isSettled,
    async settle(root, proof, payment) {
      if (payment.orders.length === 0) return recorder.settle(root, proof)
      try {
        return (await sender.send(settleMarketCall(market, root, proof, payment))).hash
      } catch (error) {
        if (!(error instanceof WeftError) || !PAID_BY_OTHERS.has(error.code)) throw error
        const tx = await isSettled(claimsRootOfProof(root), payment.orders)
        if (tx === null) throw error
        return tx
      }
    },
    skippedOf: (transaction) => skippedOrdersOf(client, market, transaction),
  }
}

/** How a root of one claim is refused once somebody else has paid its order. */
const PAID_BY_OTHERS: ReadonlySet<string> = new Set(['nonce_used', 'not_posted'])
