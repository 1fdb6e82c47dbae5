import type { Address } from '@weft/protocol'
import type { DeliveryAddresses } from '../delivery/addresses.js'

/** The contracts of one market. */
export interface MarketAddresses extends DeliveryAddresses {
  /** Checks root proofs of one proof system; the router asks it. */
  readonly verifier: Address
  readonly router: Address
  /** Zero for everybody: claims are paid for by requests. */
  readonly pricing: Address
  readonly settlement: Address
  /** What accounts and stake are in. */
  readonly token: Address
  readonly staking: Address
  readonly defaults: Address
  readonly market: Address
}
