export type { Signer } from '@weft/api'
export { statementOf, type Trace, type TraceSegment } from './batch.js'
export { deliveriesOf, type ProofDelivery } from './delivery.js'
export { type DirectExecutor, directProgramSystem } from './direct-programs.js'
export type { DeliveryEstimate, Estimate } from './estimate.js'
export type { FollowOptions } from './follow.js'
export { MEASURED_CONTRACT_GAS, MEASURED_GAS, recordGasOf } from './gas.js'
export { cancelIntent, type MarketSigner } from './market.js'
export type { DepositPayment, MarketPayment, Payment } from './payment.js'
export { platformClock } from './platform.js'
export type { Clock, Connect, Random } from './ports.js'
export type { IsSignedForProver, Sealed } from './private-inputs.js'
export type {
  Execution,
  ExpectedClaim,
  LoneProgram,
  PreparedProgram,
  ProgramSource,
  ProgramStatement,
  ProgramSystem,
} from './program-system.js'
export { stateless } from './program-system.js'
export type { Program, Programs } from './programs.js'
export type { ProofProgress, Stage } from './progress.js'
export type { ClaimProof, Proof, ProofReader, RecordPath, RecordProof } from './proof.js'
export {
  type Budget,
  maxTotalUpWei,
  OFFER_WITHIN_MS,
  PROVE_WITHIN_MS,
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
  type EstimateRequest,
  type ProofRequest,
  type ProveOptions,
  type Submitted,
  type Weft,
  type WeftOptions,
} from './weft.js'
