import { ProofError } from '@weft/proof'
import { BASE_FIELD, SCALAR_FIELD } from './bn254.js'
import { PROTOCOLS, type Protocol } from './headers.js'

/** A proof and its public signals (outputs, then public inputs, in decimal) as snarkjs writes and reads them. */
export interface CircomProof {
  readonly protocol: Protocol
  readonly publicSignals: readonly string[]
  readonly proof: object
}

/** A verification key as snarkjs writes and reads it. */
export interface CircomVerificationKey {
  readonly protocol: Protocol
  readonly curve: string
  readonly nPublic: number
  readonly [part: string]: unknown
}

type Check = (value: unknown) => boolean

/** Exactly one spelling of each field element: proofs cannot be changed without changing what they prove. */
const isBelow =
  (order: bigint): Check =>
  (value) =>
    typeof value === 'string' && /^(0|[1-9]\d{0,76})$/.test(value) && BigInt(value) < order

const isCoordinate = isBelow(BASE_FIELD)
const isScalar = isBelow(SCALAR_FIELD)

const isTuple =
  (...checks: readonly Check[]): Check =>
  (value) =>
    Array.isArray(value) && value.length === checks.length && checks.every((check, i) => check(value[i]))

const isRecord =
  (checks: Readonly<Record<string, Check>>): Check =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.keys(value).length === Object.keys(checks).length &&
    Object.entries(checks).every(([name, check]) => check((value as Record<string, unknown>)[name]))

const is =
  (expected: string): Check =>
  (value) =>
    value === expected

const all = (names: string, check: Check): Readonly<Record<string, Check>> =>
  Object.fromEntries(names.split(' ').map((name) => [name, check]))

const isG1 = isTuple(isCoordinate, isCoordinate, is('1'))
const isPair = isTuple(isCoordinate, isCoordinate)
const isG2 = isTuple(isPair, isPair, isTuple(is('1'), is('0')))
const isInfinity = isTuple(is('0'), is('1'), is('0'))
/** A commitment to the zero polynomial is the point at infinity. */
const isCommitment: Check = (value) => isG1(value) || isInfinity(value)

const curve = { curve: is('bn128') }
const SHAPES: Readonly<Record<Protocol, Check>> = {
  groth16: isRecord({ pi_a: isG1, pi_b: isG2, pi_c: isG1, protocol: is('groth16'), ...curve }),
  plonk: isRecord({
    ...all('A B C Z T1 T2 T3 Wxi Wxiw', isCommitment),
    ...all('eval_a eval_b eval_c eval_s1 eval_s2 eval_zw', isScalar),
    protocol: is('plonk'),
    ...curve,
  }),
  fflonk: isRecord({
    polynomials: isRecord(all('C1 C2 W1 W2', isCommitment)),
    evaluations: isRecord(all('ql qr qm qo qc s1 s2 s3 a b c z zw t1w t2w inv', isScalar)),
    protocol: is('fflonk'),
    ...curve,
  }),
}

/** Whether this is a well-formed proof and set of public signals for that key; says nothing of its truth. */
export const isWellFormed = (
  key: CircomVerificationKey,
  publicSignals: readonly unknown[],
  proof: unknown,
): proof is object =>
  Array.isArray(publicSignals) &&
  publicSignals.length === key.nPublic &&
  publicSignals.every(isScalar) &&
  SHAPES[key.protocol](proof)

/** Errors: `bad_key`. */
export const checkKey = (key: CircomVerificationKey): void => {
  const { protocol, nPublic, IC } = key
  const wrong = !PROTOCOLS.includes(protocol)
    ? 'protocol'
    : key.curve !== 'bn128'
      ? 'curve'
      : !Number.isSafeInteger(nPublic) || nPublic < 0
        ? 'nPublic'
        : protocol === 'groth16' && !(Array.isArray(IC) && IC.length === nPublic + 1)
          ? 'IC'
          : null
  if (wrong === null) return
  throw new ProofError(
    'bad_key',
    `the verification key has a wrong ${wrong}: export it from its zkey again`,
    {
      part: wrong,
    },
  )
}
