import type { Address, Bytes32 } from '@weft/protocol'
import { digestOf, type MarketDomain, type StructType } from './typed-data.js'

/** Selection policies in the order of their numbers in a signed request. */
export const POLICIES = [
  'order-book',
  'sealed-first-price',
  'sealed-second-price',
  'dutch',
  'lottery',
  'race',
] as const
export type PolicyName = (typeof POLICIES)[number]

/** How the price limit moves from floor to maximum; numbers as in a signed request. */
export const CURVES = ['linear', 'quadratic'] as const
export type CurveName = (typeof CURVES)[number]

/** Numbers as in a signed request: alone on L1, or with others in one aggregate. */
export const DELIVERIES = ['individual', 'aggregated'] as const
export type Delivery = (typeof DELIVERIES)[number]

/** What a requester signs: what it wants proven, and the most it will pay and wait. */
export interface Request {
  readonly requester: Address
  readonly program: Bytes32
  /** Commitment to the input. */
  readonly input: Bytes32
  /** State before; zero for none. */
  readonly pre: Bytes32
  /** Price limit when the request opens, in wei per million units of work. */
  readonly floorWeiPerMwork: bigint
  /** Price limit at the end of the ramp: never more than this. */
  readonly maxWeiPerMwork: bigint
  /** The most that the request costs in all, fees included. */
  readonly maxTotalWei: bigint
  /** Unix seconds from which on offers are taken. */
  readonly openS: bigint
  /** Seconds over which the price limit rises from floor to maximum; 0: at the maximum at once. */
  readonly rampS: number
  /** Index into CURVES. */
  readonly curve: number
  /** Unix seconds until which a match may be made; end of a sealed auction's commit phase. */
  readonly offerDeadlineS: bigint
  /** Seconds after the offer deadline in which sealed bids are revealed; 0 for other policies. */
  readonly revealS: number
  /** Unix seconds until which the proof has to be on L1. */
  readonly proofDeadlineS: bigint
  /** Collateral asked of each prover per job. */
  readonly collateralWei: bigint
  /** Index into POLICIES. */
  readonly policy: number
  /** Proofs that share the fee in a race; 1 for other policies. */
  readonly winners: number
  /** Only these provers; empty: every prover. */
  readonly provers: readonly Address[]
  /** Index into DELIVERIES. */
  readonly delivery: number
  /** Any number that this requester has not used. */
  readonly nonce: bigint
}

export const REQUEST: StructType = {
  name: 'Request',
  fields: [
    { name: 'requester', type: 'address' },
    { name: 'program', type: 'bytes32' },
    { name: 'input', type: 'bytes32' },
    { name: 'pre', type: 'bytes32' },
    { name: 'floorWeiPerMwork', type: 'uint96' },
    { name: 'maxWeiPerMwork', type: 'uint96' },
    { name: 'maxTotalWei', type: 'uint128' },
    { name: 'openS', type: 'uint64' },
    { name: 'rampS', type: 'uint32' },
    { name: 'curve', type: 'uint8' },
    { name: 'offerDeadlineS', type: 'uint64' },
    { name: 'revealS', type: 'uint32' },
    { name: 'proofDeadlineS', type: 'uint64' },
    { name: 'collateralWei', type: 'uint128' },
    { name: 'policy', type: 'uint8' },
    { name: 'winners', type: 'uint8' },
    { name: 'provers', type: 'address[]' },
    { name: 'delivery', type: 'uint8' },
    { name: 'nonce', type: 'uint256' },
  ],
}

/** The id of a request, and what its requester signs. */
export const requestId = (domain: MarketDomain, request: Request): Bytes32 =>
  digestOf(domain, REQUEST, request)
