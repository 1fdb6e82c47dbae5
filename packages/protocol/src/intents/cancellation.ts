import type { Address, Bytes32 } from '../hex.js'
import { digestOf, type MarketDomain, type StructType } from './typed-data.js'

/** What the owner of a request or an offer signs to take it back. What is matched already stays so. */
export interface Cancellation {
  readonly owner: Address
  /** Id of the request or offer. */
  readonly intent: Bytes32
}

export const CANCELLATION: StructType = {
  name: 'Cancellation',
  fields: [
    { name: 'owner', type: 'address' },
    { name: 'intent', type: 'bytes32' },
  ],
}

export const cancellationId = (domain: MarketDomain, cancellation: Cancellation): Bytes32 =>
  digestOf(domain, CANCELLATION, cancellation)
