import type { HiddenBid } from '@weft/protocol'
import { z } from 'zod'
import { batchState, failure, MAX_SEGMENTS, segment } from './batch.js'
import { byte, commitment, offer, request } from './intents.js'
import { address, bytes32, count, hex, timeMs, uint } from './primitives.js'

/** A signature over an intent: 65 bytes of a key's, or what a contract checks by ERC-1271. */
const signature = hex.refine((value) => value.length <= 2 + 2 * 4096, 'at most 4096 bytes')

/** A request with what its signature leaves open: who may prove, and the trace that it is about. */
export const signedRequest = z.object({
  request,
  /** Whose hash is `request.allowedProvers`; empty for everybody. */
  provers: z.array(address).max(64),
  /** State after; its owner's word, checked by the proof. */
  post: bytes32,
  segments: z.array(segment).min(1).max(MAX_SEGMENTS),
  signature,
})
export type SignedRequest = z.output<typeof signedRequest>

export const signedOffer = z.object({ offer, signature })
export type SignedOffer = z.output<typeof signedOffer>

/** Takes back a request or an offer; what is matched already stays so. */
export const signedCancellation = z.object({ owner: address, intent: bytes32, signature })
export type SignedCancellation = z.output<typeof signedCancellation>

/** Commits to a hidden bid. See `sealBid` and `sealedBidId` of the protocol. */
export const sealedBid = z.object({ prover: address, commitment: bytes32, signature })

/** Opens a hidden bid. */
export const revealedBid = z.object({
  bid: z.object({
    prover: address,
    priceWei: uint,
    turnaroundMs: count,
    collateralWei: uint,
  }) satisfies z.ZodType<HiddenBid>,
  salt: bytes32,
})

export const intentId = z.object({ id: bytes32 })

/** A commitment with both signatures: what L1 takes. Empty where the prover has not signed (yet). */
export const signedCommitment = z.object({ commitment, signature: hex, counterSignature: hex })

/** An offer as it rests in the book. */
export const offerView = z.object({ id: bytes32, offer, /** Work that it may take now. */ roomWork: count })
export type OfferView = z.output<typeof offerView>

/** One job of a request in the market. */
export const orderedJob = z.object({
  job: bytes32,
  kind: z.enum(['segment', 'merge']),
  work: uint,
  state: z.enum(['waiting', 'unmatched', 'matched', 'proven']),
  /** Best first, at the prices that they bid. */
  ranks: z.array(z.object({ prover: address, priceWei: uint, rank: byte })),
  /** Everybody who has committed to it, in order. */
  commitments: z.array(signedCommitment),
  prover: address.nullable(),
})

export const orderState = z.enum(['matching', 'proving', 'settled', 'cancelled', 'failed'])

/** How a request does: what was matched, at which prices, and why the rest waits. */
export const orderView = z.object({
  id: bytes32,
  request,
  post: bytes32,
  /** Whose hash is `request.allowedProvers`; empty for everybody. */
  provers: z.array(address),
  /** The state of its proof; `GET /v1/batches/:id` has more. */
  batch: batchState,
  state: orderState,
  acceptedAtMs: timeMs,
  policy: z.string(),
  /** What it would pay for a million units of work now. */
  limitPriceWei: uint,
  /** What is set aside for its matches, or was paid. */
  reservedWei: uint,
  /** Why jobs are unmatched, and what happens next; null if none is. */
  waits: z.string().nullable(),
  /** Where its inputs are at fault. */
  failure: failure.optional(),
  jobs: z.array(orderedJob),
  l1Tx: bytes32.nullable(),
})
export type OrderView = z.output<typeof orderView>

/** The same in short. */
export const orderSummary = orderView.omit({ jobs: true })
export type OrderSummary = z.output<typeof orderSummary>

/** What the market knows of a prover. */
export const proverView = z.object({
  prover: address,
  /** Collateral that is not leaving, and what of it stands behind work in progress. */
  collateralWei: uint,
  lockedWei: uint,
  stakeWei: uint,
  /** Unix seconds until which defaults keep it out; 0 for never. */
  suspendedUntil: count,
  standings: z.array(
    z.object({
      class: bytes32,
      scoreWork: uint,
      /** The most work that it may have in progress. */
      rightsWork: count,
      onTime: count,
      late: count,
      defaults: count,
      invalid: count,
    }),
  ),
})
export type ProverView = z.output<typeof proverView>

/**
 * Part of the market's log. Inputs, outputs and rules are in canonical text (`parseCanonical` of the market package):
 * hashes are over exactly these texts.
 */
export const logPage = z.object({
  rules: z.string(),
  entries: z.array(
    z.object({ index: count, previous: bytes32, input: z.string(), output: z.string(), hash: bytes32 }),
  ),
  seals: z.array(z.object({ index: count, head: bytes32, signature: hex })),
  /** Pass it as `from` for the next page; null at the end. */
  next: count.nullable(),
})
export type LogPage = z.output<typeof logPage>
