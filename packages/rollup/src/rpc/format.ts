import type { Bytes32, Hex } from '@weft/protocol'
import { numberToHex } from 'viem'
import {
  BLOCK_GAS_LIMIT,
  type Block,
  type Chain,
  type Included,
  NO_BLOOM,
  NO_UNCLES,
  ZERO_NONCE,
  ZERO_WORD,
} from '../sequencer/index.js'
import { gasPriceWei, type RollupConfig, type SignedTransfer, TRANSFER_GAS } from '../state/index.js'

const quantityOf = (bytes: Bytes32): Hex => numberToHex(BigInt(bytes))

/** A transaction object of the execution API; null places for one that waits in the pool. */
export const formatTransfer = (transfer: SignedTransfer, at: Included | undefined, config: RollupConfig) => ({
  type: '0x2',
  hash: transfer.hash,
  blockHash: at?.block.hash ?? null,
  blockNumber: at ? numberToHex(at.block.number) : null,
  transactionIndex: at ? numberToHex(at.index) : null,
  from: transfer.from,
  to: transfer.to,
  value: numberToHex(transfer.valueWei),
  nonce: numberToHex(transfer.nonce),
  gas: numberToHex(transfer.gasLimit),
  gasPrice: numberToHex(at ? gasPriceWei(transfer, config) : transfer.maxFeeWeiPerGas),
  maxFeePerGas: numberToHex(transfer.maxFeeWeiPerGas),
  maxPriorityFeePerGas: numberToHex(transfer.maxPriorityFeeWeiPerGas),
  input: '0x',
  accessList: [],
  chainId: numberToHex(transfer.chainId),
  v: numberToHex(transfer.yParity),
  yParity: numberToHex(transfer.yParity),
  r: quantityOf(transfer.r),
  s: quantityOf(transfer.s),
})

/** How far a block has come on L1: what the receipt and `weft_transactionStatus` add to Ethereum's fields. */
export const formatStage = (chain: Chain, block: number) => ({
  stage: chain.stage(block),
  batch: block,
  l1TransactionHash: chain.l1Tx(block),
})

/** A receipt. Every included transfer has succeeded: one that could not is never included. */
export const formatReceipt = ({ transfer, block, index }: Included, chain: Chain, config: RollupConfig) => ({
  type: '0x2',
  status: '0x1',
  transactionHash: transfer.hash,
  transactionIndex: numberToHex(index),
  blockHash: block.hash,
  blockNumber: numberToHex(block.number),
  from: transfer.from,
  to: transfer.to,
  contractAddress: null,
  gasUsed: numberToHex(TRANSFER_GAS),
  cumulativeGasUsed: numberToHex(TRANSFER_GAS * BigInt(index + 1)),
  effectiveGasPrice: numberToHex(gasPriceWei(transfer, config)),
  logs: [],
  logsBloom: NO_BLOOM,
  weft: formatStage(chain, block.number),
})

/** A block object of the execution API, with hashes or whole transactions. */
export const formatBlock = (block: Block, isFull: boolean, config: RollupConfig) => ({
  number: numberToHex(block.number),
  hash: block.hash,
  parentHash: block.parentHash,
  sha3Uncles: NO_UNCLES,
  miner: block.miner,
  stateRoot: block.stateRoot,
  transactionsRoot: block.transactionsRoot,
  receiptsRoot: ZERO_WORD,
  logsBloom: NO_BLOOM,
  difficulty: '0x0',
  totalDifficulty: '0x0',
  extraData: '0x',
  mixHash: ZERO_WORD,
  nonce: ZERO_NONCE,
  // An estimate is enough: nobody checks the size of a block that is not RLP on a wire.
  size: numberToHex(1_000 + 128 * block.transfers.length),
  gasLimit: numberToHex(BLOCK_GAS_LIMIT),
  gasUsed: numberToHex(block.gasUsed),
  baseFeePerGas: numberToHex(config.baseFeeWeiPerGas),
  timestamp: numberToHex(block.timestampS),
  uncles: [],
  transactions: block.transfers.map((transfer, index) =>
    isFull ? formatTransfer(transfer, { transfer, block, index }, config) : transfer.hash,
  ),
})
