import type { Address, Bytes32 } from '@weft/protocol'
import type { Match, Ranked } from './policy.js'
import { digestOf, type MarketDomain, type StructType } from './typed-data.js'

/** What a prover signs under a match: it proves this job by then at this price, or its collateral pays. */
export interface Commitment {
  readonly prover: Address
  /** Id of the request. */
  readonly request: Bytes32
  /** Id of the offer that was matched, or of the sealed bid. */
  readonly offer: Bytes32
  readonly job: Bytes32
  readonly weiPerMwork: bigint
  /** Unix seconds. */
  readonly deadlineS: bigint
  readonly collateralWei: bigint
  /** Place in the match: 0 proves now, 1 takes over first. */
  readonly position: number
  /** Any number that this prover has not used. */
  readonly nonce: bigint
}

export const COMMITMENT: StructType = {
  name: 'Commitment',
  fields: [
    { name: 'prover', type: 'address' },
    { name: 'request', type: 'bytes32' },
    { name: 'offer', type: 'bytes32' },
    { name: 'job', type: 'bytes32' },
    { name: 'weiPerMwork', type: 'uint96' },
    { name: 'deadlineS', type: 'uint64' },
    { name: 'collateralWei', type: 'uint128' },
    { name: 'position', type: 'uint8' },
    { name: 'nonce', type: 'uint256' },
  ],
}

/** The id of a commitment, and what its prover signs. */
export const commitmentId = (domain: MarketDomain, commitment: Commitment): Bytes32 =>
  digestOf(domain, COMMITMENT, commitment)

/** What a ranked prover has to sign under its match; `deadlineS` is the request's proof deadline. */
export const commitmentOf = (
  match: Match,
  rank: Ranked,
  job: Bytes32,
  deadlineS: bigint,
  nonce: bigint,
): Commitment => ({
  prover: rank.prover,
  request: match.request,
  offer: rank.bid,
  job,
  weiPerMwork: rank.weiPerMwork,
  deadlineS,
  collateralWei: rank.collateralWei,
  position: rank.position,
  nonce,
})
