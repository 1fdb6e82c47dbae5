import { BASE_FIELD, SCALAR_FIELD } from './bn254.js'

/** Whether a value has the shape that snarkjs' JSON gives it. */
export type Check = (value: unknown) => boolean

/** Exactly one spelling of each field element: proofs cannot be changed without changing what they prove. */
const isBelow =
  (order: bigint): Check =>
  (value) =>
    typeof value === 'string' && /^(0|[1-9]\d{0,76})$/.test(value) && BigInt(value) < order

const isCoordinate = isBelow(BASE_FIELD)
export const isScalar = isBelow(SCALAR_FIELD)

const isTuple =
  (...checks: readonly Check[]): Check =>
  (value) =>
    Array.isArray(value) && value.length === checks.length && checks.every((check, i) => check(value[i]))

export const isRecord =
  (checks: Readonly<Record<string, Check>>): Check =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.keys(value).length === Object.keys(checks).length &&
    Object.entries(checks).every(([name, check]) => check((value as Record<string, unknown>)[name]))

export const is =
  (expected: string): Check =>
  (value) =>
    value === expected

export const all = (names: string, check: Check): Readonly<Record<string, Check>> =>
  Object.fromEntries(names.split(' ').map((name) => [name, check]))

export const isG1 = isTuple(isCoordinate, isCoordinate, is('1'))
const isPair = isTuple(isCoordinate, isCoordinate)
export const isG2 = isTuple(isPair, isPair, isTuple(is('1'), is('0')))
const isInfinity = isTuple(is('0'), is('1'), is('0'))
/** A commitment to the zero polynomial is the point at infinity. */
export const isCommitment: Check = (value) => isG1(value) || isInfinity(value)
