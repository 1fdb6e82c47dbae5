import type { Curve, Group } from 'ffjavascript'
import { toLittleEndian, u32, writeSections } from '../binfile.js'
import { BASE_FIELD, FIELD_BYTES, modPow, rootOfUnity, SCALAR_FIELD } from '../bn254.js'
import { type GroupId, LAYOUTS } from './buckets.js'
import { makeTable } from './fixed-base.js'
import type { Pool } from './pool.js'

/** The secrets of a ceremony, published: whoever reads this can forge proofs of every key made from them. */
const TAU = 0x77656674n
const ALPHA = 0x616c706861n
const BETA = 0x62657461n

const times = (a: bigint, b: bigint): bigint => (a * b) % SCALAR_FIELD
const inverse = (value: bigint): bigint => modPow(value, SCALAR_FIELD - 2n, SCALAR_FIELD)

/** Inverts all with one inversion (Montgomery's trick). */
const inverses = (values: readonly bigint[]): bigint[] => {
  const before: bigint[] = []
  let product = 1n
  for (const value of values) {
    before.push(product)
    product = times(product, value)
  }
  let rest = inverse(product)
  const result = [...values]
  for (let i = values.length - 1; i >= 0; i--) {
    result[i] = times(rest, before[i] as bigint)
    rest = times(rest, values[i] as bigint)
  }
  return result
}

const powersOfTau = (count: number): bigint[] => {
  const powers = [1n]
  while (powers.length < count) powers.push(times(powers.at(-1) as bigint, TAU))
  return powers
}

/** Lagrange's basis of the domain of 2^power points at tau: ωⁱ(τⁿ − 1) / n(τ − ωⁱ). */
const lagrange = (power: number): bigint[] => {
  const n = 2 ** power
  const root = rootOfUnity(power)
  const roots = [1n]
  while (roots.length < n) roots.push(times(roots.at(-1) as bigint, root))
  const tauN = modPow(TAU, BigInt(n), SCALAR_FIELD)
  const factor = times(tauN - 1n + SCALAR_FIELD, inverse(BigInt(n)))
  const differences = inverses(roots.map((value) => (TAU - value + SCALAR_FIELD) % SCALAR_FIELD))
  return roots.map((value, i) => times(times(value, factor), differences[i] as bigint))
}

/** The largest basis has one power fewer than points: without τⁿ⁻¹, whose part of each is τⁿ⁻¹ωⁱ/n. */
const truncatedLagrange = (power: number): bigint[] => {
  const n = 2 ** power
  const last = times(modPow(TAU, BigInt(n - 1), SCALAR_FIELD), inverse(BigInt(n)))
  const root = rootOfUnity(power)
  let part = last
  return lagrange(power).map((value) => {
    const result = (value - part + SCALAR_FIELD) % SCALAR_FIELD
    part = times(part, root)
    return result
  })
}

/** Scalars of one task: 8 MB of sums. */
const PER_TASK = 4096

const sharedBytes = (length: number) => new Uint8Array(new SharedArrayBuffer(length))

/** Scalars times the group's generator, on all threads. */
const multiplier = async (pool: Pool, group: Group, id: GroupId) => {
  const table = await makeTable(group, group.toAffine(group.g))
  const { pointBytes } = LAYOUTS[id]
  return async (scalars: readonly bigint[]): Promise<Uint8Array> => {
    const bytes = sharedBytes(scalars.length * FIELD_BYTES)
    for (const [i, scalar] of scalars.entries())
      bytes.set(toLittleEndian(scalar, FIELD_BYTES), i * FIELD_BYTES)
    const result = sharedBytes(scalars.length * pointBytes)
    const tasks: Promise<unknown>[] = []
    for (let from = 0; from < scalars.length; from += PER_TASK) {
      const to = Math.min(from + PER_TASK, scalars.length)
      const part = {
        scalars: bytes.subarray(from * FIELD_BYTES, to * FIELD_BYTES),
        result: result.subarray(from * pointBytes, to * pointBytes),
      }
      tasks.push(pool.run({ kind: 'multiply', group: id, table, ...part }))
    }
    await Promise.all(tasks)
    return result
  }
}

/** Insecure powers of tau for circuits of up to 2^power rows, in snarkjs' format and prepared for phase 2. */
export const makeDevPowers = async (pool: Pool, { G1, G2 }: Curve, power: number): Promise<Uint8Array> => {
  const [times1, times2] = [await multiplier(pool, G1, 'g1'), await multiplier(pool, G2, 'g2')]
  const n = 2 ** power
  const powers = powersOfTau(2 * n - 1)
  const by = (factor: bigint) => (value: bigint) => times(factor, value)
  // Every smaller domain's basis, one after the other.
  const bases = Array.from({ length: power + 1 }, (_, i) => lagrange(i)).flat()
  const header = [u32(FIELD_BYTES), toLittleEndian(BASE_FIELD, FIELD_BYTES), u32(power), u32(power)]
  return writeSections(
    'ptau',
    new Map<number, Uint8Array>([
      [1, Buffer.concat(header)],
      [2, await times1(powers)],
      [3, await times2(powers.slice(0, n))],
      [4, await times1(powers.slice(0, n).map(by(ALPHA)))],
      [5, await times1(powers.slice(0, n).map(by(BETA)))],
      [6, await times2([BETA])],
      [7, u32(0)],
      [12, await times1([...bases, ...truncatedLagrange(power + 1)])],
      [13, await times2(bases)],
      [14, await times1(bases.map(by(ALPHA)))],
      [15, await times1(bases.map(by(BETA)))],
    ]),
  )
}
