import type { Block, Chain, Sequencer } from '../sequencer/index.js'
import { gasPriceWei, type RollupConfig } from '../state/index.js'
import type { Allowance } from './allowance.js'
import { RPC, RpcError } from './error.js'
import type { BlockTag } from './params.js'

/** A tag's block; undefined where there is none. `pending` is the last block: there are no blocks in the making. */
export const findBlock = (chain: Chain, tag: BlockTag): Block | undefined => {
  if (tag === 'latest' || tag === 'pending') return chain.head
  if (tag === 'earliest') return chain.block(0)
  if (tag === 'safe') return chain.block(chain.safeNumber)
  if (tag === 'finalized') return chain.block(chain.finalNumber)
  if ('hash' in tag) return chain.block(tag.hash)
  return tag.number <= BigInt(chain.head.number) ? chain.block(Number(tag.number)) : undefined
}

/** Only the newest state is kept. Throws an RpcError for any other block. */
export const requireHead = ({ chain }: Sequencer, tag: BlockTag): void => {
  const block = findBlock(chain, tag)
  if (block === undefined) throw new RpcError(RPC.server, 'unknown_block', 'header not found: ask for latest')
  if (block !== chain.head) {
    throw new RpcError(
      RPC.server,
      'no_history',
      `historical state of block ${block.number} is not kept: ask for latest`,
    )
  }
}

/** What `tipsOf` answers, and looks at for it. */
const valuesOf = (block: Block, percentiles: readonly number[]): number =>
  percentiles.length === 0 ? 1 : 1 + percentiles.length + block.transfers.length

const tipsOf = (block: Block, percentiles: readonly number[], config: RollupConfig): bigint[] => {
  if (percentiles.length === 0) return []
  const tips = block.transfers
    .map((transfer) => gasPriceWei(transfer, config) - config.baseFeeWeiPerGas)
    .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  // All transfers use the same gas, so the percentile by gas is the one by count.
  return percentiles.map((percent) => tips[Math.max(Math.ceil((percent / 100) * tips.length) - 1, 0)] ?? 0n)
}

/** Blocks and what they paid, oldest first, at most `count` up to `newest`. Throws an RpcError beyond the allowance. */
export const feeHistory = (
  { chain, config }: Sequencer,
  { count, newest, percentiles }: { count: number; newest: Block; percentiles: readonly number[] },
  allowance: Allowance,
) => {
  const oldest = Math.max(newest.number - count + 1, 0)
  const blocks = Array.from(
    { length: count === 0 ? 0 : newest.number - oldest + 1 },
    (_, i) => chain.block(oldest + i) as Block,
  )
  allowance.take(blocks.reduce((values, block) => values + valuesOf(block, percentiles), 0))
  return {
    oldest,
    blocks: blocks.map((block) => ({ gasUsed: block.gasUsed, tips: tipsOf(block, percentiles, config) })),
  }
}
