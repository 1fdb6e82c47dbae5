import type { Address, Bytes32 } from '../hex.js'
import { digestOf, type MarketDomain, type StructType } from './typed-data.js'

/**
 * What a prover signs under a match, and the request's matcher too: it proves this job by then at this price, or its
 * collateral pays. Field for field the contracts' `Commitment`. Its owner is the prover; request, job and rank stand
 * for a nonce.
 */
export interface Commitment {
  /** Id of the request. */
  readonly request: Bytes32
  readonly job: Bytes32
  readonly prover: Address
  /** For a million units of work. */
  readonly priceWei: bigint
  /** Unix seconds. */
  readonly deadline: number
  readonly collateralWei: bigint
  /** Place in the match: 0 proves now, 1 takes over first. */
  readonly rank: number
}

export const COMMITMENT: StructType = {
  name: 'Commitment',
  fields: [
    { name: 'request', type: 'bytes32' },
    { name: 'job', type: 'bytes32' },
    { name: 'prover', type: 'address' },
    { name: 'priceWei', type: 'uint96' },
    { name: 'deadline', type: 'uint40' },
    { name: 'collateralWei', type: 'uint96' },
    { name: 'rank', type: 'uint8' },
  ],
}

/** The id of a commitment, and what is signed. */
export const commitmentId = (domain: MarketDomain, commitment: Commitment): Bytes32 =>
  digestOf(domain, COMMITMENT, commitment)
