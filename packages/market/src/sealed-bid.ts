import { type Address, type Bytes32, hashWords, isBytes32, tag, uintToBytes32 } from '@weft/protocol'
import type { Bid } from './bid.js'
import { type Refusal, refuse } from './refusal.js'
import { digestOf, type MarketDomain, type StructType } from './typed-data.js'

const SEALED_BID = tag('sealed-bid')

/** The part of a bid that its prover chooses, and hides. */
export type HiddenBid = Pick<Bid, 'prover' | 'priceWei' | 'turnaroundMs' | 'collateralWei'>

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

/** A revealed bid is the one that was committed to. */
export const opens = (request: Bytes32, bid: Bid): boolean =>
  bid.salt !== undefined && isStrongSalt(bid.salt) && sealBid(request, bid, bid.salt) === bid.id

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

export type SealedCode = 'commit_phase_over' | 'not_revealing' | 'reveal_phase_over' | 'one_bid_each'
export type RevealCode = SealedCode | 'no_such_commitment' | 'weak_salt' | 'does_not_open'

/** A sealed auction under way. Plain data: each step returns the next. */
export interface SealedAuction {
  /** Until when commitments are taken, and from then on until when their openings are. */
  readonly revealFromMs: number
  readonly revealUntilMs: number
  readonly request: Bytes32
  /** Commitment by prover. */
  readonly commitments: ReadonlyMap<Address, Bytes32>
  readonly opened: ReadonlyMap<Address, Bid>
}

export const openSealedAuction = (
  request: Bytes32,
  revealFromMs: number,
  revealUntilMs: number,
): SealedAuction => ({ request, revealFromMs, revealUntilMs, commitments: new Map(), opened: new Map() })

/** Takes a commitment: one per prover, for good; a second one would let it choose which to open. */
export const commitBid = (
  auction: SealedAuction,
  prover: Address,
  commitment: Bytes32,
  nowMs: number,
): SealedAuction | Refusal<SealedCode> => {
  if (nowMs >= auction.revealFromMs) {
    return refuse('commit_phase_over', 'too late to commit: reveal what was committed', { nowMs })
  }
  if (auction.commitments.has(prover)) {
    return refuse('one_bid_each', 'this prover has committed to a bid already', { prover })
  }
  return { ...auction, commitments: new Map(auction.commitments).set(prover, commitment) }
}

/** Takes the opening of a commitment. */
export const revealBid = (
  auction: SealedAuction,
  bid: Bid,
  nowMs: number,
): SealedAuction | Refusal<RevealCode> => {
  if (nowMs < auction.revealFromMs) {
    return refuse('not_revealing', 'reveal after the offer deadline, or others can underbid', { nowMs })
  }
  if (nowMs >= auction.revealUntilMs) return refuse('reveal_phase_over', 'too late to reveal', { nowMs })
  if (auction.commitments.get(bid.prover) !== bid.id) {
    return refuse('no_such_commitment', 'this prover has not committed to this bid', { prover: bid.prover })
  }
  if (bid.salt === undefined || !isStrongSalt(bid.salt)) {
    return refuse('weak_salt', 'use 256 random bits of salt', { prover: bid.prover })
  }
  if (!opens(auction.request, bid)) {
    return refuse('does_not_open', 'bid and salt do not hash to the commitment', { prover: bid.prover })
  }
  return { ...auction, opened: new Map(auction.opened).set(bid.prover, bid) }
}

/** Opened bids, and who committed but did not open: each of those is a default in reputation. */
export const closeSealedAuction = (auction: SealedAuction, nowMs: number) => {
  if (nowMs < auction.revealUntilMs) return refuse('not_revealing', 'provers may still reveal', { nowMs })
  const silent = [...auction.commitments.keys()].filter((prover) => !auction.opened.has(prover)).sort()
  const bids = [...auction.opened.values()].sort((a, b) => (a.prover < b.prover ? -1 : 1))
  return { kind: 'closed' as const, bids, silent }
}
