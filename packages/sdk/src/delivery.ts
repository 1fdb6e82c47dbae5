import {
  type Bytes32,
  CONTRACT,
  type Delivery,
  directDeliveries,
  GROTH16,
  MERGE_WORK,
  WeftError,
} from '@weft/protocol'

/** How a proof reaches L1, see DELIVERY.md of the contracts; `auto` is the cheapest way that is in time. */
export type ProofDelivery = Delivery | 'auto'

/** Whether proofs of a system are merged: what is not is its own work, and its own statement. */
export const isMerged = (system: Bytes32): boolean => system !== GROTH16 && system !== CONTRACT

/** How proofs of a system can be delivered. A lone proof that is merged cannot be settled by itself. */
export const deliveriesOf = (system: Bytes32): readonly Delivery[] =>
  isMerged(system) ? ['aggregated'] : directDeliveries(system)

/** Work that one proof is paid for, in gates: where it is merged, with its part of the merges above it, rounded up. */
export const paidWorkUp = (system: Bytes32, work: bigint): bigint =>
  isMerged(system) ? work + MERGE_WORK : work

/** Refuses a delivery that a program's proofs do not have. Throws `unsupported`. */
export const checkDelivery = (delivery: Delivery, possible: readonly Delivery[]): Delivery => {
  if (possible.includes(delivery)) return delivery
  throw new WeftError(
    'unsupported',
    `proofs of this program are delivered ${possible.join(' or ')}: ask for that`,
    { delivery },
  )
}
