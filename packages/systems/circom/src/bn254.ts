/** The scalar field of BN254, over which all circuits of this package are. */
export const SCALAR_FIELD = 21888242871839275222246405745257275088548364400416034343698204186575808495617n
/** The field of BN254's coordinates. */
export const BASE_FIELD = 21888242871839275222246405745257275088696311157297823662689037894645226208583n
/** Bytes of an element of either field, and of points as proving keys hold them (affine, Montgomery form). */
export const FIELD_BYTES = 32
export const G1_BYTES = 64
export const G2_BYTES = 128

/** The scalar field has roots of unity of order 2^28, from 5, its least non-residue. */
const TWO_ADICITY = 28
const NON_RESIDUE = 5n

export const modPow = (base: bigint, exponent: bigint, modulus: bigint): bigint => {
  let [result, power] = [1n, base % modulus]
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * power) % modulus
    power = (power * power) % modulus
  }
  return result
}

/** A root of unity of order 2^power, the one that WebAssembly's transforms use. */
export const rootOfUnity = (power: number): bigint =>
  modPow(NON_RESIDUE, (SCALAR_FIELD - 1n) >> BigInt(power), SCALAR_FIELD)

/** What the coset of a domain of 2^power points is shifted by: the root of the next larger domain. */
export const cosetShift = (power: number): bigint =>
  power === TWO_ADICITY ? NON_RESIDUE ** 2n : rootOfUnity(power + 1)

/** Montgomery form of a scalar. */
export const toMontgomery = (value: bigint): bigint => (value << 256n) % SCALAR_FIELD
