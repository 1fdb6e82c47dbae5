export { type Account, Accounts, accountLeaf, ZERO_ADDRESS } from './accounts.js'
export { executeTransfer, noPaths, type PathOf, type TransferTrace, type Witness } from './execute.js'
export {
  type LeafInput,
  type SegmentInputs,
  type SegmentTrace,
  segmentInputs,
  type TransferInput,
} from './inputs.js'
export { compress, DOMAIN } from './poseidon.js'
export { type RefusalCode, TransferRefused } from './refusal.js'
export { checkTransfer, feeWei, gasPriceWei, isExecutable, maxCostWei, TRANSFER_GAS } from './rules.js'
export {
  executeSegment,
  RECORD_BYTES,
  replaySegment,
  type Segment,
  segmentData,
  transferRecord,
} from './segment.js'
export { type Genesis, genesisState, type RollupConfig, type State, stateRoot } from './state.js'
export { decodeTransfer, recoverTransfer, type SignedTransfer, type Transfer, withKey } from './transfer.js'
export { DEPTH, LazyTree, rootOf } from './tree.js'
