import {
  type Address,
  allowedProversHash,
  DELIVERIES,
  decodePolicy,
  type FieldType,
  type FieldValue,
  isAddress,
  isBytes32,
  isSealed,
  maxOf,
  OFFER,
  type Offer,
  REQUEST,
  type Request,
  type StructType,
} from '@weft/protocol'
import { type Refusal, refuse } from './refusal.js'

/** What the network admits at all, and how long its auctions take. */
export interface MarketLimits {
  /** Smallest maximum total of a request. */
  readonly dustWei: bigint
  /** Stake without which nobody offers: what a further key costs. */
  readonly minStakeWei: bigint
  /** The most offers of one key that rest at the same time, in all, and for one program or class. */
  readonly offersPerProver: number
  readonly offersPerTarget: number
  /** The most provers that a request may name. */
  readonly proversPerRequest: number
  /** How far ahead a deadline or an expiry may be. */
  readonly horizonS: number
  /** How long a price limit rises from start to maximum; at most until the offer deadline. */
  readonly riseS: number
  /** How long sealed bids may be revealed after the offer deadline. */
  readonly revealS: number
}

export const DEFAULT_LIMITS: MarketLimits = {
  dustWei: 1_000_000_000n,
  minStakeWei: 100_000_000_000_000_000n,
  offersPerProver: 256,
  offersPerTarget: 16,
  proversPerRequest: 64,
  horizonS: 31_536_000,
  riseS: 120,
  revealS: 30,
}

/** Work and turnarounds are safe integers: indexes may count them in doubles without rounding. */
export const MAX_WORK = BigInt(Number.MAX_SAFE_INTEGER)

export type AdmissionCode =
  | 'malformed'
  | 'out_of_range'
  | 'zero_value'
  | 'dust'
  | 'expired'
  | 'too_far_ahead'
  | 'deadlines_out_of_order'
  | 'start_above_maximum'
  | 'unknown_policy'
  | 'foreign_matcher'
  | 'foreign_provers'
  | 'too_many_provers'
  | 'duplicate_prover'
  | 'nonce_used'
  | 'already_resting'
  | 'too_many_offers'
  | 'too_little_stake'
  | 'beyond_collateral'
export type AdmissionRefusal = Refusal<AdmissionCode>

const isWhole = (value: FieldValue): value is bigint | number =>
  typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value))

const checkField = (name: string, type: FieldType, value: FieldValue): AdmissionRefusal | null => {
  const max = maxOf(type)
  if (max !== undefined) {
    if (!isWhole(value)) return refuse('malformed', `${name} has to be a whole number`, { field: name })
    if (value >= 0 && BigInt(value) <= max) return null
    return refuse('out_of_range', `${name} has to be from 0 to ${max}`, { field: name, value, max })
  }
  const isWellFormed =
    type === 'address[]'
      ? Array.isArray(value) && value.every((item) => typeof item === 'string' && isAddress(item))
      : typeof value === 'string' && (type === 'address' ? isAddress(value) : isBytes32(value))
  return isWellFormed
    ? null
    : refuse('malformed', `${name} has to be ${type} in lower-case hexadecimal`, { field: name })
}

/** Refuses a message with a field that its type cannot hold: what a hash or a contract would cut or throw at. */
export const checkFields = (struct: StructType, message: object): AdmissionRefusal | null => {
  for (const { name, type } of struct.fields) {
    const refusal = checkField(name, type, (message as Record<string, FieldValue>)[name] as FieldValue)
    if (refusal) return refusal
  }
  return null
}

const notZero = (name: string, value: bigint | number): AdmissionRefusal | null =>
  BigInt(value) > 0n
    ? null
    : refuse('zero_value', `${name} is 0: sign a new message with more`, { field: name })

/** Refuses an offer that is malformed, worthless, or void at `nowMs`. */
export const checkOffer = (offer: Offer, nowMs: number, limits: MarketLimits): AdmissionRefusal | null => {
  const refusal =
    checkFields(OFFER, offer) ??
    notZero('priceWei', offer.priceWei) ??
    notZero('turnaroundMs', offer.turnaroundMs) ??
    notZero('capacity', offer.capacity)
  if (refusal) return refusal
  const { turnaroundMs, expiry } = offer
  if (turnaroundMs > MAX_WORK) {
    const details = { field: 'turnaroundMs', value: turnaroundMs, max: MAX_WORK }
    return refuse('out_of_range', `take at most ${MAX_WORK} ms`, details)
  }
  const nowS = Math.floor(nowMs / 1000)
  if (expiry <= nowS) return refuse('expired', 'sign the offer again with a later expiry', { expiry, nowS })
  if (expiry > nowS + limits.horizonS) {
    return refuse('too_far_ahead', `an offer expires within ${limits.horizonS} s`, { expiry, nowS })
  }
  return null
}

const checkTimes = (
  request: Request,
  revealS: number,
  nowMs: number,
  limits: MarketLimits,
): AdmissionRefusal | null => {
  const { offerDeadline, proofDeadline } = request
  const nowS = Math.floor(nowMs / 1000)
  if (offerDeadline <= nowS) {
    return refuse('expired', 'the offer deadline has passed: sign the request again', { offerDeadline, nowS })
  }
  if (proofDeadline > nowS + limits.horizonS) {
    return refuse('too_far_ahead', `a proof is due within ${limits.horizonS} s`, { proofDeadline, nowS })
  }
  if (offerDeadline + revealS >= proofDeadline) {
    return refuse(
      'deadlines_out_of_order',
      'offers, and the reveal phase of a sealed auction, end before the proof is due',
      {
        offerDeadline,
        revealS,
        proofDeadline,
      },
    )
  }
  return null
}

const checkPrices = (request: Request, limits: MarketLimits): AdmissionRefusal | null => {
  const { startPriceWei, maxPriceWei, maxTotalWei } = request
  if (startPriceWei > maxPriceWei) {
    const details = { startPriceWei, maxPriceWei }
    return refuse('start_above_maximum', 'the start price is above the maximum', details)
  }
  if (maxTotalWei < limits.dustWei) {
    return refuse('dust', `allow at least ${limits.dustWei} wei in all`, { maxTotalWei })
  }
  return notZero('maxPriceWei', maxPriceWei)
}

const checkProvers = (
  { allowedProvers }: Request,
  provers: readonly Address[],
  limits: MarketLimits,
): AdmissionRefusal | null => {
  if (!Array.isArray(provers) || !provers.every((one) => typeof one === 'string' && isAddress(one))) {
    return refuse('malformed', 'provers has to be a list of addresses in lower case', { field: 'provers' })
  }
  if (provers.length > limits.proversPerRequest) {
    const details = { provers: provers.length }
    return refuse('too_many_provers', `name at most ${limits.proversPerRequest} provers`, details)
  }
  if (new Set(provers).size < provers.length) {
    return refuse('duplicate_prover', 'name each prover once', { provers: provers.length })
  }
  return allowedProversHash(provers) === allowedProvers
    ? null
    : refuse('foreign_provers', 'send the list of provers whose hash was signed', { allowedProvers })
}

/** Refuses a request that is malformed, contradicts itself, or is void at `nowMs`. */
export const checkRequest = (
  request: Request,
  provers: readonly Address[],
  nowMs: number,
  limits: MarketLimits,
): AdmissionRefusal | null => {
  const malformed = checkFields(REQUEST, request)
  if (malformed) return malformed
  const selection = decodePolicy(request.policy)
  if (selection === null || DELIVERIES[request.delivery] === undefined) {
    const { policy, delivery } = request
    return refuse('unknown_policy', 'no such policy or delivery: see encodePolicy', { policy, delivery })
  }
  const revealS = isSealed(selection.policy) ? limits.revealS : 0
  return (
    checkTimes(request, revealS, nowMs, limits) ??
    checkPrices(request, limits) ??
    checkProvers(request, provers, limits)
  )
}
