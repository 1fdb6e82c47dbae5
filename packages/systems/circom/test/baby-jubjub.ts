/** EdDSA on Baby Jubjub as circomlib verifies it, for tests. */
const P = 21888242871839275222246405745257275088548364400416034343698204186575808495617n
const A = 168700n
const D = 168696n
const ORDER = 2736030358979909402780800718157159386076813972158567259200215660948447373041n

export type Point = readonly [bigint, bigint]

const BASE: Point = [
  5299619240641551281634865583518297030282874472190772894086521144482721001553n,
  16950150798460657717958625567821834550301663161624707787222815936182638968203n,
]

const mod = (value: bigint): bigint => ((value % P) + P) % P

const inverse = (value: bigint): bigint => {
  let [result, power] = [1n, mod(value)]
  for (let exponent = P - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = mod(result * power)
    power = mod(power * power)
  }
  return result
}

const add = ([x1, y1]: Point, [x2, y2]: Point): Point => {
  const product = mod(D * x1 * x2 * y1 * y2)
  return [
    mod((x1 * y2 + y1 * x2) * inverse(1n + product)),
    mod((y1 * y2 - A * x1 * x2) * inverse(1n - product)),
  ]
}

const multiply = (point: Point, scalar: bigint): Point => {
  let [result, power]: [Point, Point] = [[0n, 1n], point]
  for (let rest = scalar; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = add(result, power)
    power = add(power, power)
  }
  return result
}

/** A signature of `message`; `hash` is Poseidon of five values. */
export const sign = async (
  secret: bigint,
  nonce: bigint,
  message: bigint,
  hash: (values: readonly bigint[]) => Promise<bigint>,
) => {
  const [key, r8] = [multiply(BASE, secret), multiply(BASE, nonce)]
  const challenge = await hash([...r8, ...key, message])
  return { key, r8, s: (nonce + 8n * challenge * secret) % ORDER }
}
