import { hashWords } from '../hash.js'
import { type Address, type Bytes32, uintToBytes32, ZERO_BYTES32 } from '../hex.js'
import { digestOf, type MarketDomain, type StructType } from './typed-data.js'

/**
 * What a requester signs: what it wants proven, and the most it will pay and wait. Field for field the contracts'
 * `Request`. Prices are for a million units of work; times are Unix seconds.
 */
export interface Request {
  readonly owner: Address
  readonly program: Bytes32
  /** State before; zero for none. */
  readonly pre: Bytes32
  /** Data commitment: the claim has to say the same. */
  readonly data: Bytes32
  /** Price limit at first. */
  readonly startPriceWei: bigint
  /** Price limit in the end: never more than this. */
  readonly maxPriceWei: bigint
  /** The most that the request costs in all, fees included. */
  readonly maxTotalWei: bigint
  /** Until when a match may be made; end of a sealed auction's commit phase. */
  readonly offerDeadline: number
  /** From when on the proof is late. */
  readonly proofDeadline: number
  /** Collateral asked of each prover per job. */
  readonly collateralWei: bigint
  /** See `encodePolicy`. */
  readonly policy: number
  /** Index into DELIVERIES. */
  readonly delivery: number
  /** See `allowedProversHash`. */
  readonly allowedProvers: Bytes32
  /** Who signs commitments too; zero for nobody. */
  readonly matcher: Address
  /** Any number that this owner has not used. */
  readonly nonce: bigint
}

/** How late a proof can be and still be paid for, in seconds; the market contract holds the same. */
export const REQUEST_EXPIRY_S = 24 * 3600

export const REQUEST: StructType = {
  name: 'Request',
  fields: [
    { name: 'owner', type: 'address' },
    { name: 'program', type: 'bytes32' },
    { name: 'pre', type: 'bytes32' },
    { name: 'data', type: 'bytes32' },
    { name: 'startPriceWei', type: 'uint96' },
    { name: 'maxPriceWei', type: 'uint96' },
    { name: 'maxTotalWei', type: 'uint96' },
    { name: 'offerDeadline', type: 'uint40' },
    { name: 'proofDeadline', type: 'uint40' },
    { name: 'collateralWei', type: 'uint96' },
    { name: 'policy', type: 'uint8' },
    { name: 'delivery', type: 'uint8' },
    { name: 'allowedProvers', type: 'bytes32' },
    { name: 'matcher', type: 'address' },
    { name: 'nonce', type: 'uint256' },
  ],
}

/** The id of a request, and what its owner signs. */
export const requestId = (domain: MarketDomain, request: Request): Bytes32 =>
  digestOf(domain, REQUEST, request)

/** keccak-256 of the ABI-encoded `address[]` of those who may prove; zero for an empty list: everybody. */
export const allowedProversHash = (provers: readonly Address[]): Bytes32 =>
  provers.length === 0
    ? ZERO_BYTES32
    : hashWords(uintToBytes32(32n), uintToBytes32(BigInt(provers.length)), ...provers)

/**
 * Numbers as in a signed request: alone on L1, in an aggregate, or together with other proofs of its proof system in
 * one check.
 */
export const DELIVERIES = ['individual', 'aggregated', 'batched'] as const
export type Delivery = (typeof DELIVERIES)[number]
