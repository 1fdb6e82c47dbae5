import type { Address, Bytes32, Hex } from '@weft/protocol'
import { keccak256, numberToHex, toRlp } from 'viem'
import { type RollupConfig, type SignedTransfer, TRANSFER_GAS, ZERO_ADDRESS } from '../state/index.js'

/** Shown in blocks; far above what a batch can hold. */
export const BLOCK_GAS_LIMIT = 30_000_000n

/** keccak-256 of the RLP of an empty list: no uncles (yellow paper, section 4.4). */
export const NO_UNCLES: Bytes32 = '0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347'
export const NO_BLOOM: Hex = `0x${'00'.repeat(256)}`
export const ZERO_WORD: Bytes32 = `0x${'00'.repeat(32)}`
export const ZERO_NONCE: Hex = '0x0000000000000000'

/** One closed batch as Ethereum's clients see it. Block 0 is the genesis. */
export interface Block {
  readonly number: number
  readonly hash: Bytes32
  readonly parentHash: Bytes32
  readonly stateRoot: Bytes32
  /** keccak-256 of the RLP list of the transactions' hashes (not Ethereum's trie). */
  readonly transactionsRoot: Bytes32
  readonly miner: Address
  readonly timestampS: number
  readonly gasUsed: bigint
  readonly transfers: readonly SignedTransfer[]
}

const uint = (value: bigint | number): Hex => (BigInt(value) === 0n ? '0x' : evenHex(numberToHex(value)))
const evenHex = (hex: Hex): Hex => (hex.length % 2 === 0 ? hex : `0x0${hex.slice(2)}`)

/** The fields of an Ethereum header after London (EIP-1559), in its order; the hash is keccak-256 of their RLP. */
const headerHash = (block: Omit<Block, 'hash'>, { baseFeeWeiPerGas }: RollupConfig): Bytes32 =>
  keccak256(
    toRlp([
      block.parentHash,
      NO_UNCLES,
      block.miner,
      block.stateRoot,
      block.transactionsRoot,
      ZERO_WORD,
      NO_BLOOM,
      '0x',
      uint(block.number),
      uint(BLOCK_GAS_LIMIT),
      uint(block.gasUsed),
      uint(block.timestampS),
      '0x',
      ZERO_WORD,
      ZERO_NONCE,
      uint(baseFeeWeiPerGas),
    ]),
  )

/** The block of a batch. Timestamps never fall, whatever the clock does. */
export const makeBlock = (
  parent: Block | undefined,
  closed: {
    readonly atMs: number
    readonly stateRoot: Bytes32
    readonly transfers: readonly SignedTransfer[]
  },
  config: RollupConfig,
): Block => {
  const content = {
    number: parent === undefined ? 0 : parent.number + 1,
    parentHash: parent?.hash ?? ZERO_WORD,
    stateRoot: closed.stateRoot,
    transactionsRoot: keccak256(toRlp(closed.transfers.map(({ hash }) => hash))),
    miner: parent === undefined ? ZERO_ADDRESS : config.sequencer,
    timestampS: Math.max(Math.floor(closed.atMs / 1000), parent?.timestampS ?? 0),
    gasUsed: TRANSFER_GAS * BigInt(closed.transfers.length),
    transfers: closed.transfers,
  }
  return { ...content, hash: headerHash(content, config) }
}
