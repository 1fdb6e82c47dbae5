import type { ApiClient, Digest } from '@weft/api'
import type { Address, Bytes32 } from '@weft/protocol'
import type { Trace } from './batch.js'
import type { Random } from './ports.js'
import type { RequestTerms } from './request.js'

/** A contract's deposit pays, at the price of its settlement; the signer is its sequencer. */
export interface DepositPayment {
  readonly kind: 'deposit'
  /** The contract. */
  readonly tenant: Address
  /** For how long a signed batch may be accepted; ten minutes unless told. */
  readonly acceptWithinMs?: number
}

/** A market account pays what provers offered; the signer signs a request for each trace. */
export interface MarketPayment {
  readonly kind: 'market'
  readonly market: Address
  readonly terms: RequestTerms
  /** For nonces. */
  readonly random: Random
  /** Whose account pays: a contract that takes the signer's word (ERC-1271); the signer itself unless told. */
  readonly owner?: Address
}

/** Who pays for proofs, and how. */
export type Payment = DepositPayment | MarketPayment

/** Signs for the trace that it was made for and hands it in, with its uploaded inputs; resolves with the batch's id. */
export type HandIn = (api: ApiClient, inputs: readonly Digest[], signal: AbortSignal) => Promise<Bytes32>

/** One way to ask and pay for proofs. */
export interface Requester {
  /** Checks, before anything is uploaded or signed, that the coordinator takes it. */
  prepare(trace: Trace, signal: AbortSignal): Promise<HandIn>
  /** See `Tenant.cancel`. */
  cancel(request: Bytes32, signal: AbortSignal): Promise<void>
}
