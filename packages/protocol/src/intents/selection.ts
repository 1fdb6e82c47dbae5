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

/** How the price limit moves from start to maximum; numbers as in a signed request. */
export const CURVES = ['linear', 'quadratic'] as const
export type CurveName = (typeof CURVES)[number]

/** How a request wants its provers chosen. */
export interface Selection {
  readonly policy: PolicyName
  readonly curve: CurveName
  /** Proofs that share the fee in a race, 1 to 16; 1 for other policies. */
  readonly winners: number
}

/** A sealed auction's bids are committed to, then revealed. */
export const isSealed = (policy: PolicyName): boolean =>
  policy === 'sealed-first-price' || policy === 'sealed-second-price'

/** A selection as the `policy` byte of a request: the policy in bits 0-2, the curve in bit 3, winners - 1 above. */
export const encodePolicy = ({ policy, curve, winners }: Selection): number =>
  POLICIES.indexOf(policy) | (CURVES.indexOf(curve) << 3) | ((winners - 1) << 4)

/** What a `policy` byte says; null if it says nothing, or several winners of what is no race. */
export const decodePolicy = (byte: number): Selection | null => {
  const policy = POLICIES[byte & 7]
  const curve = CURVES[(byte >> 3) & 1]
  const winners = (byte >> 4) + 1
  if (policy === undefined || curve === undefined || byte > 255) return null
  return winners > 1 && policy !== 'race' ? null : { policy, curve, winners }
}
