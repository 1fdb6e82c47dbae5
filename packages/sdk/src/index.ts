export type { Signer } from '@weft/api'
export { statementOf, type Trace, type TraceSegment } from './batch.js'
export type { Clock, Connect } from './ports.js'
export { createTenant, type FollowOptions, type Tenant, type TenantOptions } from './tenant.js'
