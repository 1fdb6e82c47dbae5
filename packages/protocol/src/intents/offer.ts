import { hashWords, tag } from '../hash.js'
import type { Address, Bytes32 } from '../hex.js'
import { digestOf, type MarketDomain, type StructType } from './typed-data.js'

const CLASS = tag('program-class')

/**
 * The id of a class of programs, from any name for it. Its domain tag differs from that of program ids, so one
 * word in an offer says which of the two is meant.
 */
export const classId = (name: Bytes32): Bytes32 => hashWords(CLASS, name)

/**
 * What a prover signs: what it charges, how fast it is, how much it takes at a time, until when. Field for field the
 * contracts' `Offer`.
 */
export interface Offer {
  readonly prover: Address
  /** A program's id, or a class's. */
  readonly target: Bytes32
  /** For a million units of work. */
  readonly priceWei: bigint
  /** Milliseconds for a million units of work. */
  readonly turnaroundMs: bigint
  /** Jobs in progress under this offer at any time, at most. */
  readonly capacity: number
  /** Collateral that stands behind each job. */
  readonly collateralWei: bigint
  /** Unix seconds from which on the offer is void. */
  readonly expiry: number
  /** Any number that this prover has not used. */
  readonly nonce: bigint
}

export const OFFER: StructType = {
  name: 'Offer',
  fields: [
    { name: 'prover', type: 'address' },
    { name: 'target', type: 'bytes32' },
    { name: 'priceWei', type: 'uint96' },
    { name: 'turnaroundMs', type: 'uint64' },
    { name: 'capacity', type: 'uint32' },
    { name: 'collateralWei', type: 'uint96' },
    { name: 'expiry', type: 'uint40' },
    { name: 'nonce', type: 'uint256' },
  ],
}

/** The id of an offer, and what its prover signs. */
export const offerId = (domain: MarketDomain, offer: Offer): Bytes32 => digestOf(domain, OFFER, offer)
