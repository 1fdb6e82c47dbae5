import { type Address, type Bytes32, isStrongSalt, sealBid } from '@weft/protocol'
import type { Bid } from './bid.js'
import { type Refusal, refuse } from './refusal.js'

/** A revealed bid is the one that was committed to. */
export const opens = (request: Bytes32, bid: Bid): boolean =>
  bid.salt !== undefined && isStrongSalt(bid.salt) && sealBid(request, bid, bid.salt) === bid.id

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
