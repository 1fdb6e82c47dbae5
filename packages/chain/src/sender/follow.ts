import { toAddress } from '@weft/protocol'
import { TransactionNotFoundError, TransactionReceiptNotFoundError } from 'viem'
import type { L1Client } from '../client.js'
import type { Outcome, TxRecord } from './tx.js'

/** Where a transaction stands on the chain as the endpoint sees it now. */
export type Sighting =
  | { readonly kind: 'final'; readonly outcome: Outcome }
  /** In a block that is not deep enough. */
  | { readonly kind: 'mined'; readonly blockHash: string }
  | { readonly kind: 'waiting' }
  /** The endpoint has forgotten it: broadcast again. */
  | { readonly kind: 'unknown' }
  /** Another transaction has its nonce for good: no attempt can ever be in a block. */
  | { readonly kind: 'displaced' }

const orNull = async <T>(answer: Promise<T>): Promise<T | null> => {
  try {
    return await answer
  } catch (error) {
    if (error instanceof TransactionReceiptNotFoundError || error instanceof TransactionNotFoundError)
      return null
    throw error
  }
}

/** The receipt of whichever attempt is in a block of the chain as it is now. */
const findReceipt = async (client: L1Client, tx: TxRecord) => {
  for (const { hash } of tx.attempts.toReversed()) {
    const receipt = await orNull(client.getTransactionReceipt({ hash }))
    if (receipt === null) continue
    const block = await client.getBlock({ blockNumber: receipt.blockNumber })
    if (block.hash === receipt.blockHash) return receipt
  }
  return null
}

/**
 * Whether the endpoint knows any attempt. An endpoint may count a block's nonces before it has the block's receipts, so
 * a transaction whose nonce is used is not displaced while the endpoint still knows it.
 */
const isKnown = async (client: L1Client, { attempts }: TxRecord): Promise<boolean> => {
  for (const { hash } of attempts.toReversed())
    if ((await orNull(client.getTransaction({ hash }))) !== null) return true
  return false
}

/** Looks for a transaction. `confirmations` counts its own block. */
export const sight = async (
  client: L1Client,
  from: `0x${string}`,
  tx: TxRecord,
  confirmations: number,
): Promise<Sighting> => {
  const head = await client.getBlockNumber()
  const buried = head + 1n - BigInt(confirmations)
  // Counted before receipts are looked for: a nonce that was used by then has a receipt if it was ours.
  const used = buried < 0n ? 0 : await client.getTransactionCount({ address: from, blockNumber: buried })
  const receipt = await findReceipt(client, tx)
  if (receipt !== null) {
    if (receipt.blockNumber > buried) return { kind: 'mined', blockHash: receipt.blockHash }
    const created = receipt.contractAddress
    return {
      kind: 'final',
      outcome: {
        status: receipt.status === 'success' ? 'confirmed' : 'reverted',
        hash: receipt.transactionHash,
        blockHash: receipt.blockHash,
        blockNumber: receipt.blockNumber,
        gasUsed: receipt.gasUsed,
        contractAddress: created ? toAddress(created) : null,
      },
    }
  }
  if (await isKnown(client, tx)) return { kind: 'waiting' }
  return { kind: used > tx.nonce ? 'displaced' : 'unknown' }
}
