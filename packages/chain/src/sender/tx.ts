import { type Address, type Bytes32, type Hex, isAddress, isBytes32, isHex } from '@weft/protocol'
import { z } from 'zod'

/**
 * The life of a transaction, and what is on disk by then:
 *
 *   call ──sign──▶ pending ──in a block, deep enough──▶ confirmed | reverted
 *                  │    ▲
 *                  └────┘ fees raised (same nonce), or signed anew under another nonce once a foreign
 *                         transaction has taken this one for good
 *
 * A pending record is durable before its first byte leaves. Attempts share one nonce, so at most one of them is
 * ever in a block: nothing can be sent twice.
 */
export interface Call {
  /** Names the intention: a second call with this id is the first one again. */
  readonly id: string
  /** Null creates a contract. */
  readonly to: Address | null
  readonly data: Hex
  readonly valueWei: bigint
}

const hex = z.string().refine(isHex)
const bytes32 = z.string().refine(isBytes32)
const wei = z
  .string()
  .regex(/^\d{1,78}$/)
  .transform(BigInt)

const attempt = z.object({
  hash: bytes32,
  raw: hex,
  maxFeePerGas: wei,
  maxPriorityFeePerGas: wei,
})

const outcome = z.object({
  status: z.enum(['confirmed', 'reverted']),
  hash: bytes32,
  blockHash: bytes32,
  blockNumber: wei,
  gasUsed: wei,
  contractAddress: z.string().refine(isAddress).nullable(),
})

const record = z.object({
  id: z.string().min(1).max(512),
  to: z.string().refine(isAddress).nullable(),
  data: hex,
  valueWei: wei,
  genesis: bytes32,
  nonce: z.int().nonnegative(),
  gas: wei,
  attempts: z.array(attempt).min(1),
  outcome: outcome.nullable(),
})

/** One signed version of a transaction. */
export type Attempt = z.infer<typeof attempt>

/** Where a transaction ended, by block hash. */
export interface Outcome {
  readonly status: 'confirmed' | 'reverted'
  readonly hash: Bytes32
  readonly blockHash: Bytes32
  readonly blockNumber: bigint
  readonly gasUsed: bigint
  readonly contractAddress: Address | null
}

/** A transaction from its signature on. */
export interface TxRecord extends Call {
  /** Hash of the first block of the chain it was signed for. */
  readonly genesis: Bytes32
  readonly nonce: number
  readonly gas: bigint
  /** Oldest first; all of one nonce. */
  readonly attempts: readonly Attempt[]
  readonly outcome: Outcome | null
}

/** A record as it is kept: of a finished transaction only the outcome matters, and the signed bytes go. */
export const slim = (tx: TxRecord): TxRecord =>
  tx.outcome === null ? tx : { ...tx, data: '0x', attempts: tx.attempts.map((a) => ({ ...a, raw: '0x' })) }

/** Where transactions are remembered. `put` resolves once the record would survive a crash. */
export interface TxStore {
  /** The latest record of every id, in order of first `put`. */
  load(): Promise<TxRecord[]>
  put(record: TxRecord): Promise<void>
  close(): Promise<void>
}

export const encodeRecord = (tx: TxRecord): string =>
  JSON.stringify(tx, (_, value) => (typeof value === 'bigint' ? value.toString() : value))

/** The record that `encodeRecord` wrote; null for anything else. */
export const decodeRecord = (text: string): TxRecord | null => {
  try {
    return record.parse(JSON.parse(text))
  } catch {
    return null
  }
}
