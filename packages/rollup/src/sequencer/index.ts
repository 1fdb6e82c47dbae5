export { BLOCK_GAS_LIMIT, type Block, NO_BLOOM, NO_UNCLES, ZERO_NONCE, ZERO_WORD } from './block.js'
export type { Chain, Included, Stage } from './chain.js'
export type { PoolLimits } from './mempool.js'
export { type BatchLimits, Sequencer, type SequencerDeps, type SequencerOptions } from './sequencer.js'
