import type { Address, Hex } from '@weft/protocol'
import { uintToBytes32 } from '@weft/protocol'
import { decodeTransfer, recoverTransfer, type SignedTransfer } from '@weft/rollup'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'

export const CHAIN_ID = 7_001
export const BASE_FEE = 1_000_000n

/** Wallets with the keys 1, 2, 3 … shifted away from the trivial ones. */
export const wallets: readonly PrivateKeyAccount[] = Array.from({ length: 8 }, (_, i) =>
  privateKeyToAccount(uintToBytes32(0xabcdef00n + BigInt(i))),
)
export const wallet = (i: number): PrivateKeyAccount => wallets[i] as PrivateKeyAccount
export const addressOf = (i: number): Address => wallet(i).address.toLowerCase() as Address

export interface Send {
  readonly nonce?: number
  readonly to?: Address
  readonly value?: bigint
  readonly gas?: bigint
  readonly maxFeePerGas?: bigint
  readonly maxPriorityFeePerGas?: bigint
  readonly chainId?: number
}

/** A raw transfer signed by wallet `from`. */
export const signRaw = (from: number, send: Send = {}): Promise<Hex> =>
  wallet(from).signTransaction({
    type: 'eip1559',
    chainId: CHAIN_ID,
    nonce: 0,
    to: addressOf(1),
    value: 1n,
    gas: 21_000n,
    maxFeePerGas: 2n * BASE_FEE,
    maxPriorityFeePerGas: 0n,
    ...send,
  })

export const sign = async (from: number, send: Send = {}): Promise<SignedTransfer> =>
  recoverTransfer(decodeTransfer(await signRaw(from, send)))
