import type { Commitment, Evidence, Offer, Request } from '@weft/protocol'
import { z } from 'zod'
import { claim } from './claim.js'
import { address, bytes32, uint } from './primitives.js'

/** Unix seconds, at most a uint40. */
export const timeS = z
  .int()
  .nonnegative()
  .max(2 ** 40 - 1)
export const byte = z.int().nonnegative().max(255)

/** A requester's intent, field for field the contracts'. See `Request` of the protocol. */
export const request = z.object({
  owner: address,
  program: bytes32,
  pre: bytes32,
  data: bytes32,
  startPriceWei: uint,
  maxPriceWei: uint,
  maxTotalWei: uint,
  offerDeadline: timeS,
  proofDeadline: timeS,
  collateralWei: uint,
  policy: byte,
  delivery: byte,
  allowedProvers: bytes32,
  matcher: address,
  nonce: uint,
}) satisfies z.ZodType<Request>

/** A prover's intent, field for field the contracts'. See `Offer` of the protocol. */
export const offer = z.object({
  prover: address,
  target: bytes32,
  priceWei: uint,
  turnaroundMs: uint,
  capacity: z
    .int()
    .nonnegative()
    .max(2 ** 32 - 1),
  collateralWei: uint,
  expiry: timeS,
  nonce: uint,
}) satisfies z.ZodType<Offer>

/** What a prover signs under a match, field for field the contracts'. See `Commitment` of the protocol. */
export const commitment = z.object({
  request: bytes32,
  job: bytes32,
  prover: address,
  priceWei: uint,
  deadline: timeS,
  collateralWei: uint,
  rank: byte,
}) satisfies z.ZodType<Commitment>

/** Who proved a job of a recorded claim, field for field the contracts'. See `Evidence` of the protocol. */
export const evidence = z.object({
  claim,
  index: uint,
  siblings: z.array(bytes32),
  path: z.object({
    entry: z.object({ prover: address, work: uint, job: bytes32 }),
    position: uint,
    siblings: z.array(z.tuple([bytes32, bytes32])),
  }),
}) satisfies z.ZodType<Evidence>
