export type { Batch, BatchHead, BatchProver, Clock, L1, Logger, Proven } from './ports.js'
export {
  createRollup,
  ROLLUP_DEFAULTS,
  type Rollup,
  type RollupDeps,
  type RollupOptions,
  type RollupStatus,
} from './rollup.js'
export type { RpcOptions } from './rpc/server.js'
export type { BatchLimits, PoolLimits, Stage } from './sequencer/index.js'
export * from './state/index.js'
