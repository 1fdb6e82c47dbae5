import { isAddress, isBytes32 } from '@weft/protocol'
import { OFFER, type Offer } from './offer.js'
import { type Refusal, refuse } from './refusal.js'
import { CURVES, DELIVERIES, POLICIES, REQUEST, type Request } from './request.js'
import { type FieldType, type FieldValue, maxOf, type StructType } from './typed-data.js'

/** What the network admits at all. */
export interface MarketLimits {
  /** Smallest maximum total of a request. */
  readonly dustWei: bigint
  /** Smallest capacity of an offer. */
  readonly dustWork: bigint
  /** Stake without which nobody offers: what a further key costs. */
  readonly minStakeWei: bigint
  /** The most offers of one key that rest at the same time, in all, and in one scope. */
  readonly offersPerProver: number
  readonly offersPerScope: number
  /** The most provers that a request may name. */
  readonly proversPerRequest: number
  /** How far ahead a deadline or an expiry may be. */
  readonly horizonS: bigint
}

export const DEFAULT_LIMITS: MarketLimits = {
  dustWei: 1_000_000_000n,
  dustWork: 65_536n,
  minStakeWei: 100_000_000_000_000_000n,
  offersPerProver: 256,
  offersPerScope: 16,
  proversPerRequest: 64,
  horizonS: 31_536_000n,
}

/** Work in an offer is a safe integer: indexes may count it in doubles without rounding. */
export const MAX_WORK = BigInt(Number.MAX_SAFE_INTEGER)

export type AdmissionCode =
  | 'malformed'
  | 'out_of_range'
  | 'zero_value'
  | 'dust'
  | 'expired'
  | 'too_far_ahead'
  | 'deadlines_out_of_order'
  | 'floor_above_maximum'
  | 'phase_without_policy'
  | 'too_many_provers'
  | 'duplicate_prover'
  | 'not_open'
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
    notZero('weiPerMwork', offer.weiPerMwork) ??
    notZero('msPerMwork', offer.msPerMwork) ??
    notZero('capacityWork', offer.capacityWork)
  if (refusal) return refusal
  const { capacityWork, expiryS } = offer
  if (capacityWork > MAX_WORK) {
    return refuse('out_of_range', `offer at most ${MAX_WORK} units of work`, {
      field: 'capacityWork',
      value: capacityWork,
      max: MAX_WORK,
    })
  }
  if (capacityWork < limits.dustWork) {
    return refuse('dust', `offer at least ${limits.dustWork} units of work`, { capacityWork })
  }
  const nowS = BigInt(Math.floor(nowMs / 1000))
  if (expiryS <= nowS) return refuse('expired', 'sign the offer again with a later expiry', { expiryS, nowS })
  if (expiryS > nowS + limits.horizonS) {
    return refuse('too_far_ahead', `an offer expires within ${limits.horizonS} s`, { expiryS, nowS })
  }
  return null
}

const checkTimes = (request: Request, nowMs: number, limits: MarketLimits): AdmissionRefusal | null => {
  const { openS, rampS, offerDeadlineS, revealS, proofDeadlineS } = request
  const nowS = BigInt(Math.floor(nowMs / 1000))
  if (offerDeadlineS <= nowS) {
    return refuse('expired', 'the offer deadline has passed: sign the request again', {
      offerDeadlineS,
      nowS,
    })
  }
  if (proofDeadlineS > nowS + limits.horizonS) {
    return refuse('too_far_ahead', `a proof is due within ${limits.horizonS} s`, { proofDeadlineS, nowS })
  }
  if (openS + BigInt(rampS) > offerDeadlineS || offerDeadlineS + BigInt(revealS) >= proofDeadlineS) {
    return refuse(
      'deadlines_out_of_order',
      'the ramp has to end by the offer deadline, and the reveal phase before the proof deadline',
      { openS, rampS, offerDeadlineS, revealS, proofDeadlineS },
    )
  }
  return null
}

const checkPolicy = (request: Request): AdmissionRefusal | null => {
  const { policy, curve, delivery, winners, revealS } = request
  const name = POLICIES[policy]
  if (name === undefined || CURVES[curve] === undefined || DELIVERIES[delivery] === undefined) {
    return refuse('out_of_range', 'no such policy, curve or delivery', { policy, curve, delivery })
  }
  const isSealed = name === 'sealed-first-price' || name === 'sealed-second-price'
  if (isSealed !== revealS > 0 || (winners !== 1 && name !== 'race') || winners === 0) {
    return refuse(
      'phase_without_policy',
      'sealed auctions alone have a reveal phase, and races alone several winners',
      { policy: name, revealS, winners },
    )
  }
  return null
}

/** Refuses a request that is malformed, contradicts itself, or is void at `nowMs`. */
export const checkRequest = (
  request: Request,
  nowMs: number,
  limits: MarketLimits,
): AdmissionRefusal | null => {
  const refusal =
    checkFields(REQUEST, request) ??
    notZero('maxWeiPerMwork', request.maxWeiPerMwork) ??
    checkPolicy(request) ??
    checkTimes(request, nowMs, limits)
  if (refusal) return refusal
  const { floorWeiPerMwork, maxWeiPerMwork, maxTotalWei, provers } = request
  if (floorWeiPerMwork > maxWeiPerMwork) {
    return refuse('floor_above_maximum', 'the floor price is above the maximum', {
      floorWeiPerMwork,
      maxWeiPerMwork,
    })
  }
  if (maxTotalWei < limits.dustWei) {
    return refuse('dust', `allow at least ${limits.dustWei} wei in all`, { maxTotalWei })
  }
  if (provers.length > limits.proversPerRequest) {
    return refuse('too_many_provers', `name at most ${limits.proversPerRequest} provers`, {
      provers: provers.length,
    })
  }
  if (new Set(provers).size < provers.length) {
    return refuse('duplicate_prover', 'name each prover once', { provers: provers.length })
  }
  return null
}
