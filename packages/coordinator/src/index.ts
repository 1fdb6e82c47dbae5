export { type Coordinator, createCoordinator } from './coordinator.js'
export type { Database, Row, Write } from './db/database.js'
export { openPglite, type PgliteDatabase } from './db/pglite.js'
export {
  type CoordinatorDeps,
  type CoordinatorOptions,
  DEFAULT_LIMITS,
  DEFAULT_TIMING,
  type Limits,
  type MarketOptions,
  type Pad,
  type Timing,
} from './options.js'
export {
  type AttemptPayment,
  type Clock,
  type CommitmentState,
  type DeliverableProof,
  type DirectRecord,
  type DirectSettler,
  type Logger,
  type MarketL1,
  type Matcher,
  type Payment,
  type Random,
  type Settler,
  systemClock,
  type Tenants,
} from './ports.js'
export { type BlobStore, openBlobStore } from './store/blobs.js'
