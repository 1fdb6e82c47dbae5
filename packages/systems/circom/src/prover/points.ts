import type { Curve } from 'ffjavascript'
import { toLittleEndian } from '../binfile.js'
import { FIELD_BYTES, SCALAR_FIELD } from '../bn254.js'

// snarkjs takes points for what their files say they are.

const ORDER = toLittleEndian(SCALAR_FIELD, FIELD_BYTES)

const toIntegers = (value: unknown): unknown =>
  Array.isArray(value) ? value.map(toIntegers) : BigInt(value as string)

/** BN254's second group has a cofactor: a point on its curve need not be in it. Points are snarkjs' JSON. */
export const isInG2 = ({ G2 }: Curve, point: unknown): boolean => {
  const affine = G2.fromObject(toIntegers(point))
  return G2.isValid(affine) && G2.isZero(G2.timesScalar(affine, ORDER))
}

const isInG1 = ({ G1 }: Curve, point: unknown): boolean => G1.isValid(G1.fromObject(toIntegers(point)))

const POINTS = {
  g1: ['vk_alpha_1', 'Qm', 'Ql', 'Qr', 'Qo', 'Qc', 'S1', 'S2', 'S3', 'C0'],
  g2: ['vk_beta_2', 'vk_gamma_2', 'vk_delta_2', 'X_2'],
}

/** Throws unless every point of a verification key, of any protocol, is in its group. */
export const checkPoints = (curve: Curve, key: Readonly<Record<string, unknown>>): void => {
  const named = (names: readonly string[]) => names.filter((name) => name in key)
  const inputs = (key.IC ?? []) as readonly unknown[]
  const bad =
    named(POINTS.g1).find((name) => !isInG1(curve, key[name])) ??
    named(POINTS.g2).find((name) => !isInG2(curve, key[name])) ??
    (inputs.every((point) => isInG1(curve, point)) ? undefined : 'IC')
  if (bad !== undefined)
    throw new Error(`${bad} of the zkey is no point of its group: set the circuit up again`)
}
