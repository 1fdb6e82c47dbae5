import type { Address } from '@weft/protocol'

/** The contracts that direct proofs are delivered to. */
export interface DeliveryAddresses {
  /** Keeps what is proven. */
  readonly registry: Address
  /** Verifies Groth16, for every key. */
  readonly groth16Verifier: Address
  /** Has a verifier of its own for each key. */
  readonly contractVerifiers: Address
}
