import type { Claim } from '../claim.js'
import type { Address, Bytes32, Hex } from '../hex.js'
import type { PayoutPath } from '../payout.js'
import type { Commitment } from './commitment.js'
import type { Request } from './request.js'

/** An entry of a claim and the commitment that prices it: request, job and prover complete that. The contracts' struct. */
export interface PricedEntry {
  readonly path: PayoutPath
  readonly priceWei: bigint
  readonly deadline: number
  readonly collateralWei: bigint
  readonly rank: number
  readonly signature: Hex
  /** By the request's matcher; `0x` where it has none, or settles itself. */
  readonly counterSignature: Hex
}

/** A request with what is needed to pay for it on L1. Field for field the contracts' `Order`. */
export interface Order {
  readonly request: Request
  /** `0x` for a request that was posted on L1. */
  readonly signature: Hex
  /** Where the claim is among the claims of the root proof. */
  readonly place: bigint
  readonly post: Bytes32
  readonly work: bigint
  readonly payouts: Bytes32
  /** What `request.allowedProvers` is the hash of; empty if that is zero. */
  readonly allowed: readonly Address[]
  /** Ascending by position. */
  readonly entries: readonly PricedEntry[]
}

/** A commitment as L1 takes it. */
export interface SignedCommitment {
  readonly commitment: Commitment
  readonly signature: Hex
  readonly counterSignature: Hex
}

/** An entry of a recorded claim: proof of who proved a job, and when. Field for field the contracts' `Evidence`. */
export interface Evidence {
  readonly claim: Claim
  readonly index: bigint
  readonly siblings: readonly Bytes32[]
  readonly path: PayoutPath
}
