import { hashWords, tag } from '../hash.js'
import { type Address, type Bytes32, isBytes32, uintToBytes32 } from '../hex.js'
import { digestOf, type MarketDomain, type StructType } from './typed-data.js'

const SEALED_BID = tag('sealed-bid')

/** The part of a bid that its prover chooses, and hides. */
export interface HiddenBid {
  readonly prover: Address
  /** For a million units of work. */
  readonly priceWei: bigint
  /** Milliseconds for a million units of work. */
  readonly turnaroundMs: number
  readonly collateralWei: bigint
}

/** Its fields with the ranges that they have in an offer. */
export const HIDDEN_BID: StructType = {
  name: 'HiddenBid',
  fields: [
    { name: 'prover', type: 'address' },
    { name: 'priceWei', type: 'uint96' },
    { name: 'turnaroundMs', type: 'uint32' },
    { name: 'collateralWei', type: 'uint128' },
  ],
}

/** A salt below 2^128 is a short one written long: its bid can be searched for. */
export const isStrongSalt = (salt: Bytes32): boolean => isBytes32(salt) && BigInt(salt) >> 128n !== 0n

/** The commitment to a bid: its id. Binds request and prover, so that a copied commitment opens for nobody else. */
export const sealBid = (request: Bytes32, bid: HiddenBid, salt: Bytes32): Bytes32 =>
  hashWords(
    SEALED_BID,
    request,
    bid.prover,
    uintToBytes32(bid.priceWei),
    uintToBytes32(BigInt(bid.turnaroundMs)),
    uintToBytes32(bid.collateralWei),
    salt,
  )

/** What a prover signs when it commits. */
export const SEALED_COMMITMENT: StructType = {
  name: 'SealedCommitment',
  fields: [
    { name: 'prover', type: 'address' },
    { name: 'request', type: 'bytes32' },
    { name: 'commitment', type: 'bytes32' },
  ],
}

export const sealedBidId = (
  domain: MarketDomain,
  message: { readonly prover: Address; readonly request: Bytes32; readonly commitment: Bytes32 },
): Bytes32 => digestOf(domain, SEALED_COMMITMENT, message)
