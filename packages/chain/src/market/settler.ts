import { type Bytes32, type Order, type Parallel, type Sequence, WeftError } from '@weft/protocol'
import { claimsRootOfProof } from '../calls.js'
import type { L1Client } from '../client.js'
import { createSettler } from '../ports.js'
import type { Sender } from '../sender/index.js'
import type { MarketAddresses } from './addresses.js'
import { type Payment, settleMarketCall } from './calls/index.js'
import { marketReader } from './reader.js'
import { type SkippedOrder, type SkipReason, skippedOrdersBy, skipReasonOfCode } from './skipped.js'

/** Settles aggregates and pays for the requests in them: the coordinator's port. */
export interface MarketSettler {
  /**
   * Records a root proof, unless somebody has, and pays for the orders in it; resolves with the transaction that did.
   * Waits while L1 is down; asked again, it is the same transaction. Orders that have become impossible are skipped, see
   * `skippedBy`: the proof is recorded all the same. Without a payment it records alone.
   * Errors: those of `Sender.send`; `one_order_needed`.
   */
  settle(root: Parallel | Sequence, proof: Uint8Array, payment?: Payment): Promise<Bytes32>
  /**
   * The transaction that recorded a claims root, once no order can be paid any more: each is paid or void. Null until
   * then. Errors: `l1_unavailable`, `l1_reverted`.
   */
  isSettled(claimsRoot: Bytes32, payment?: Payment): Promise<Bytes32 | null>
  /**
   * The orders that a settlement passed over, and why. For a root of one claim only the process that settled it knows.
   * Errors: `l1_unavailable`, `l1_reverted`.
   */
  skippedBy(transaction: Bytes32): Promise<SkippedOrder[]>
  /** Why what the sender was asked for waits, where L1 is the reason; null while it goes its usual way. */
  waits(): string | null
}

export interface MarketPortOptions {
  readonly client: L1Client
  readonly addresses: Pick<MarketAddresses, 'settlement' | 'market' | 'staking' | 'defaults'>
  /** The block of the deployment, from which events are read. */
  readonly fromBlock: bigint
}

const NOTHING: Payment = { claims: [], orders: [] }

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

  const isSettled: MarketSettler['isSettled'] = async (claimsRoot, payment = NOTHING) => {
    const recordedBy = await recorder.isSettled(claimsRoot)
    if (recordedBy === null) return null
    const done = await Promise.all(payment.orders.map(isDone))
    return done.every(Boolean) ? recordedBy : null
  }

  /** What the contract refuses for a root of one claim, where it skips an order of many. */
  const refused = new Map<Bytes32, SkippedOrder>()

  /** The proof is recorded for its provers' sake: no accusation holds against them, and they can be paid later. */
  const recordAlone = async (
    root: Sequence,
    proof: Uint8Array,
    { request }: Order,
    reason: SkipReason,
  ): Promise<Bytes32> => {
    const transaction = await recorder.settle(root, proof)
    refused.set(transaction, { request: await reader.requestId(request), reason })
    return transaction
  }

  return {
    isSettled,
    waits: recorder.waits,
    async settle(root, proof, payment = NOTHING) {
      if (payment.orders.length === 0) return recorder.settle(root, proof)
      try {
        return (await sender.send(settleMarketCall(market, root, proof, payment))).hash
      } catch (error) {
        const reason = error instanceof WeftError ? skipReasonOfCode(error.code) : undefined
        const [order] = payment.orders
        if (root.kind === 'parallel' || reason === undefined || order === undefined) throw error
        // Somebody else may have been first with all of it.
        return (await isSettled(claimsRootOfProof(root), payment)) ?? recordAlone(root, proof, order, reason)
      }
    },
    async skippedBy(transaction) {
      const order = refused.get(transaction)
      return order ? [order] : skippedOrdersBy(client, market, transaction)
    },
  }
}
