import type { Signer } from '@weft/api'
import {
  type Address,
  allowedProversHash,
  bytesToHex,
  type CurveName,
  costUpWei,
  DELIVERIES,
  type Delivery,
  decodePolicy,
  encodePolicy,
  type Hex,
  type MarketDomain,
  MERGE_WORK,
  maxOf,
  type PolicyName,
  REQUEST,
  type Request,
  typedData,
  WeftError,
} from '@weft/protocol'
import { statementOf, type Trace } from './batch.js'
import type { Random } from './ports.js'

/** The most that a request costs in all, fees included: as told, or what all its work costs at the maximum price. */
export type Budget =
  | { readonly maxTotalWei: bigint }
  /** Work of one segment in gates, as its program declares it. */
  | { readonly segmentWork: bigint }

/** What a requester agrees to. Prices are in wei for a million units of work; durations begin with the signature. */
export type RequestTerms = Budget & {
  /** Never pays more. */
  readonly maxPriceWei: bigint
  /** Where the price limit begins to rise; the maximum unless told. */
  readonly startPriceWei?: bigint
  /** Asked of each prover for each job, and paid when it is late or defaults; none unless told. */
  readonly collateralWei?: bigint
  /** How provers are chosen: `order-book`, a linear curve and one winner unless told. */
  readonly policy?: PolicyName
  readonly curve?: CurveName
  /** Proofs that share the fee of a race, 1 to 16. */
  readonly winners?: number
  /** `aggregated` unless told; `individual` is a settlement of its own. */
  readonly delivery?: Delivery
  /** Who may prove; everybody unless told. */
  readonly provers?: readonly Address[]
  /** Until when a first prover may be found; ten minutes unless told. The others may be until the proof is late. */
  readonly offerWithinMs?: number
  /** From when on the proof is late, and costs less; an hour unless told. Later than offers and reveals end. */
  readonly proveWithinMs?: number
  /** Who chooses among offers and signs commitments too: the coordinator's unless told, nobody if null. */
  readonly matcher?: Address | null
}

/** Until when a first prover may be found unless told, after the signature. */
export const OFFER_WITHIN_MS = 600_000
/** From when on a proof is late unless told, after the signature. */
export const PROVE_WITHIN_MS = 3_600_000
const NOBODY: Address = `0x${'00'.repeat(20)}`

/**
 * What a trace's work costs at most, rounded up (for the provers): its segments, the merges between them, and its
 * part of the merges above it, which is below one.
 */
export const maxTotalUpWei = (maxPriceWei: bigint, segments: number, segmentWork: bigint): bigint => {
  return costUpWei(maxPriceWei, BigInt(segments) * (segmentWork + MERGE_WORK))
}

/** A nonce that no other request has: 128 random bits. */
export const randomNonce = (random: Random): bigint => BigInt(bytesToHex(random.bytes(16)))

/** What terms leave open. */
export interface RequestParties {
  readonly owner: Address
  /** Where the terms name none. */
  readonly matcher: Address
  readonly nonce: bigint
  readonly nowMs: number
}

const badTerms = (message: string, field: string) => new WeftError('bad_terms', message, { field })

const policyOf = ({ policy = 'order-book', curve = 'linear', winners = 1 }: RequestTerms): number => {
  const byte = encodePolicy({ policy, curve, winners })
  if (winners >= 1 && decodePolicy(byte) !== null) return byte
  throw badTerms(`winners ${winners}: give 1 to 16 for a race, and 1 for other policies`, 'winners')
}

/** What the contracts would refuse or cut off. */
const checkRequest = (request: Request): Request => {
  for (const { name, type } of REQUEST.fields) {
    const max = maxOf(type)
    const value = request[name as keyof Request]
    if (max === undefined || typeof value === 'string') continue
    if (!(value >= 0 && BigInt(value) <= max)) throw badTerms(`${name} has to be from 0 to ${max}`, name)
  }
  if (request.startPriceWei > request.maxPriceWei) {
    throw badTerms('the start price is above the maximum: lower it', 'startPriceWei')
  }
  return request
}

/** The request for a trace, ready to be signed. Throws `bad_segments`; `bad_terms`, which names the field. */
export const requestFor = (
  trace: Trace,
  terms: RequestTerms,
  { owner, matcher, nonce, nowMs }: RequestParties,
): Request => {
  const { program, pre, data } = statementOf(trace)
  const { maxPriceWei, startPriceWei = maxPriceWei, provers = [] } = terms
  const afterS = (ms: number) => Math.floor((nowMs + ms) / 1000)
  return checkRequest({
    owner,
    program,
    pre,
    data,
    startPriceWei,
    maxPriceWei,
    maxTotalWei:
      'maxTotalWei' in terms
        ? terms.maxTotalWei
        : maxTotalUpWei(maxPriceWei, trace.segments.length, terms.segmentWork),
    offerDeadline: afterS(terms.offerWithinMs ?? OFFER_WITHIN_MS),
    proofDeadline: afterS(terms.proveWithinMs ?? PROVE_WITHIN_MS),
    collateralWei: terms.collateralWei ?? 0n,
    policy: policyOf(terms),
    delivery: DELIVERIES.indexOf(terms.delivery ?? 'aggregated'),
    allowedProvers: allowedProversHash(provers),
    matcher: terms.matcher === undefined ? matcher : (terms.matcher ?? NOBODY),
    nonce,
  })
}

export const signRequest = (domain: MarketDomain, request: Request, signer: Signer): Promise<Hex> =>
  signer.signTypedData(typedData(domain, REQUEST, request))
