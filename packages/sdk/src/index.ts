export type { Signer } from '@weft/api'
export { statementOf, type Trace, type TraceSegment } from './batch.js'
export type { FollowOptions } from './follow.js'
export { cancelIntent, type MarketSigner } from './market.js'
export type { DepositPayment, MarketPayment, Payment } from './payment.js'
export type { Clock, Connect, Random } from './ports.js'
export {
  type Budget,
  maxTotalUpWei,
  type RequestParties,
  type RequestTerms,
  randomNonce,
  requestFor,
  signRequest,
} from './request.js'
export { createTenant, type Tenant, type TenantOptions } from './tenant.js'
