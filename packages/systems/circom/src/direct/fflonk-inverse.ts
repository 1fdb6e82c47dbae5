import { type Bytes32, hashWords } from '@weft/protocol'
import { modPow, SCALAR_FIELD } from '../bn254.js'
import type { CircomStatement } from './format.js'
import { LAYOUTS } from './layout.js'
import { toWord } from './words.js'

// FFLONK's verifier on L1 divides by the inverse of everything it would have to invert, which the proof brings (`inv`).
// snarkjs does not look at it. Names are those of the verifier's source.

const times = (...factors: readonly bigint[]): bigint =>
  factors.reduce((product, factor) => (product * factor) % SCALAR_FIELD, 1n)
const minus = (a: bigint, b: bigint): bigint => (a - b + SCALAR_FIELD) % SCALAR_FIELD
const power = (base: bigint, exponent: number): bigint => modPow(base, BigInt(exponent), SCALAR_FIELD)

/** h times the n-th roots of unity. */
const rootsOf = (h: bigint, n: number, root: bigint): readonly bigint[] =>
  Array.from({ length: n }, (_, i) => times(h, power(root, i)))

/** The denominators of Lagrange's basis on these roots, at y. */
const lagrange = (roots: readonly bigint[], factor: bigint, y: bigint): bigint => {
  const n = roots.length
  return times(...roots.flatMap((root, i) => [factor, roots[((n - 1) * i) % n] as bigint, minus(y, root)]))
}

const challenge = (...words: readonly Bytes32[]): bigint => BigInt(hashWords(...words)) % SCALAR_FIELD

const wordOf = (value: bigint): Bytes32 => toWord(String(value))

interface Proof {
  readonly polynomials: Readonly<Record<string, readonly string[]>>
  readonly evaluations: Readonly<Record<string, string>>
}

/** The verifier's challenges xi (by its root of order 24) and y, from all that was said before. */
const challengesOf = ({ key, publicSignals, proof }: CircomStatement): { seed: bigint; y: bigint } => {
  const { polynomials, evaluations } = proof as Proof
  const point = (value: unknown) => (value as string[]).slice(0, 2).map(toWord)
  const said = LAYOUTS.fflonk.numbers
    .filter((name) => name !== 'inv')
    .map((name) => toWord(evaluations[name] as string))
  const beta = challenge(...point(key.C0), ...publicSignals.map(toWord), ...point(polynomials.C1))
  const gamma = challenge(wordOf(beta))
  const seed = challenge(wordOf(gamma), ...point(polynomials.C2))
  const alpha = challenge(wordOf(seed), ...said)
  return { seed, y: challenge(wordOf(alpha), ...point(polynomials.W1)) }
}

/** Whether a well-formed proof brings the right inverse. */
export const isInverse = (statement: CircomStatement): boolean => {
  const { key, proof } = statement
  const { seed, y } = challengesOf(statement)
  const number = (name: string) => BigInt(key[name] as string)
  const size = 2 ** (key.power as number)

  const h0 = power(seed, 3)
  const h1 = power(seed, 6)
  const h2 = power(seed, 8)
  const xi = power(seed, 24)
  const next = times(xi, number('w'))
  const s0 = rootsOf(h0, 8, number('w8'))
  const s1 = rootsOf(h1, 4, number('w4'))
  const s2 = rootsOf(h2, 3, number('w3'))
  const s3 = rootsOf(times(h2, number('wr')), 3, number('w3'))
  const publicRoots = rootsOf(1n, key.nPublic, number('w'))

  const inverted = times(
    minus(power(xi, size), 1n),
    ...[...s1, ...s2, ...s3].map((root) => minus(y, root)),
    lagrange(s0, times(8n, power(h0, 6)), y),
    lagrange(s1, times(4n, power(h1, 2)), y),
    lagrange(s2, times(3n, s2[0] as bigint, minus(xi, next)), y),
    lagrange(s3, times(3n, s3[0] as bigint, minus(next, xi)), y),
    ...publicRoots.map((root) => times(BigInt(size), minus(xi, root))),
  )
  return times(inverted, BigInt((proof as Proof).evaluations.inv as string)) === 1n
}
