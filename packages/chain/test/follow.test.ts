import { TransactionNotFoundError, TransactionReceiptNotFoundError } from 'viem'
import { expect, test } from 'vitest'
import type { L1Client } from '../src/client.js'
import { sight } from '../src/sender/follow.js'
import type { TxRecord } from '../src/sender/tx.js'

const [older, newer] = [`0x${'0a'.repeat(32)}`, `0x${'0b'.repeat(32)}`] as const
const from = `0x${'11'.repeat(20)}` as const
const tx = { nonce: 4, attempts: [{ hash: older }, { hash: newer }] } as unknown as TxRecord

/** An endpoint that counts so many nonces, has no receipt, and knows these transactions. */
const endpoint = (nonces: number, known: readonly string[]) =>
  ({
    getBlockNumber: async () => 9n,
    getTransactionCount: async () => nonces,
    getTransactionReceipt: async ({ hash }: { hash: `0x${string}` }) => {
      throw new TransactionReceiptNotFoundError({ hash })
    },
    getTransaction: async ({ hash }: { hash: `0x${string}` }) => {
      if (known.includes(hash)) return {}
      throw new TransactionNotFoundError({ hash })
    },
  }) as unknown as L1Client

test.each([
  // The endpoint is still executing the block: its nonces are ahead of its receipts.
  { nonces: 5, known: [newer], kind: 'waiting' },
  { nonces: 5, known: [older], kind: 'waiting' },
  { nonces: 5, known: [], kind: 'displaced' },
  { nonces: 4, known: [newer], kind: 'waiting' },
  { nonces: 4, known: [], kind: 'unknown' },
])('without a receipt, $nonces nonces used and $known known: $kind', async ({ nonces, known, kind }) => {
  expect(await sight(endpoint(nonces, known), from, tx, 1)).toEqual({ kind })
})
