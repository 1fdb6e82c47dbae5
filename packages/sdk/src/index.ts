export type { Signer } from '@weft/api'
export { statementOf, type Trace, type TraceSegment } from './batch.js'
export { type Estimate, type GasEstimate, MEASURED_GAS, type ProofDelivery } from './estimate.js'
export type { FollowOptions } from './follow.js'
export { cancelIntent, type MarketSigner } from './market.js'
export type { DepositPayment, MarketPayment, Payment } from './payment.js'
export type { Clock, Connect, Random } from './ports.js'
export type { IsSignedForProver, Sealed } from './private-inputs.js'
export type {
  Execution,
  ExpectedClaim,
  PreparedProgram,
  ProgramSource,
  ProgramStatement,
  ProgramSystem,
} from './program-system.js'
export { stateless } from './program-system.js'
export type { Program, Programs } from './programs.js'
export type { ProofProgress, Stage } from './progress.js'
export type { IsProven, Proof } from './proof.js'
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
export {
  type Chain,
  createWeft,
  type ProofRequest,
  type ProveOptions,
  type Submitted,
  type Weft,
  type WeftOptions,
} from './weft.js'
