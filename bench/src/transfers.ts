import type { SegmentSize } from '@weft/circuits'
import { type Bytes32, toAddress, uintToBytes32 } from '@weft/protocol'
import { decodeTransfer, executeSegment, genesisState, recoverTransfer, type Segment } from '@weft/rollup'
import { privateKeyToAccount } from 'viem/accounts'

const CHAIN_ID = 7001
const BASE_FEE_WEI = 1_000_000n
const ETHER = 10n ** 18n

/** The neighbouring segments of one batch of real transfers; another seed gives other transfers. */
export const transferSegments = async (
  seed: number,
  segments: number,
  size: SegmentSize,
): Promise<Segment[]> => {
  const wallet = privateKeyToAccount(uintToBytes32(0xbe7c4000n + BigInt(seed)) as Bytes32)
  const sender = toAddress(wallet.address)
  const state = genesisState({
    chainId: BigInt(CHAIN_ID),
    sequencer: `0x${'5e'.repeat(20)}`,
    baseFeeWeiPerGas: BASE_FEE_WEI,
    accounts: [{ address: sender, balanceWei: ETHER }],
  })
  const sign = async (nonce: number) =>
    recoverTransfer(
      decodeTransfer(
        await wallet.signTransaction({
          type: 'eip1559',
          chainId: CHAIN_ID,
          nonce,
          to: `0x${(nonce + 1).toString(16).padStart(40, '0')}`,
          value: 1000n,
          gas: 21_000n,
          maxFeePerGas: 2n * BASE_FEE_WEI,
          maxPriorityFeePerGas: 1n,
        }),
      ),
    )
  const built: Segment[] = []
  for (let segment = 0; segment < segments; segment++) {
    const transfers = await Promise.all(Array.from({ length: size }, (_, i) => sign(segment * size + i)))
    built.push(executeSegment(state, transfers, size))
  }
  return built
}
