import fc from 'fast-check'
import { buildBn128, type Curve, type Group } from 'ffjavascript'
import { beforeAll, describe, expect, test } from 'vitest'
import { toLittleEndian } from '../src/binfile.js'
import { SCALAR_FIELD } from '../src/bn254.js'
import type { GroupId } from '../src/prover/buckets.js'
import { buildModule, Engine } from '../src/prover/engine.js'
import { chooseWindowBits, computeMsm, windowsOf } from '../src/prover/msm.js'

let engine: Engine
let curve: Curve
beforeAll(async () => {
  engine = new Engine(await buildModule())
  curve = await buildBn128(true)
})

/** A multiple of the generator, which may be infinity, and the scalar to multiply it with. */
type Term = readonly [multiple: bigint, scalar: bigint]

const times = (group: Group, point: Uint8Array, scalar: bigint) =>
  group.timesScalar(point, toLittleEndian(scalar, 32))

const generatorTimes = (group: Group, scalar: bigint) => group.toAffine(times(group, group.g, scalar))

/** The sum as proving computes it, from windows in two parts, with the scalars in reverse. */
const compute = (id: GroupId, terms: readonly Term[], windowBits: number): Uint8Array => {
  const group = id === 'g1' ? curve.G1 : curve.G2
  const points = Buffer.concat(terms.map(([multiple]) => generatorTimes(group, multiple)))
  const scalars = new Uint32Array(8 * terms.length + 1)
  const bytes = new Uint8Array(scalars.buffer)
  const last = terms.length - 1
  for (const [i, [, scalar]] of terms.entries()) bytes.set(toLittleEndian(scalar, 32), 32 * (last - i))
  const indices = Uint32Array.from(terms, (_, i) => last - i)
  const windows = windowsOf(windowBits)
  const part = (from: number, to: number) =>
    computeMsm(engine, { group: id, points, indices, scalars, windowBits, from, to })
  const middle = windows >> 1
  return group.toAffine(group.add(part(0, middle), part(middle, windows)))
}

const expected = (id: GroupId, terms: readonly Term[]): Uint8Array => {
  const sum = terms.reduce((total, [multiple, scalar]) => (total + multiple * scalar) % SCALAR_FIELD, 0n)
  return generatorTimes(id === 'g1' ? curve.G1 : curve.G2, sum)
}

const edges = [0n, 1n, 2n, 255n, 256n, 2n ** 128n, SCALAR_FIELD - 1n, SCALAR_FIELD - 2n]
const scalar = fc.oneof(
  fc.constantFrom(...edges),
  fc.bigInt({ min: 0n, max: SCALAR_FIELD - 1n }),
  // Half a window in each window: where carries are decided far below.
  fc.integer({ min: 2, max: 15 }).map((bits) => {
    let value = 0n
    for (let at = bits - 1; at < 253; at += bits) value |= 1n << BigInt(at)
    return value
  }),
)
/** Few multiples: equal points, opposite ones and infinity meet in buckets. */
const multiple = fc.constantFrom(0n, 1n, 2n, 3n, SCALAR_FIELD - 1n, SCALAR_FIELD - 2n)
const terms = fc.array(fc.tuple(multiple, scalar), { minLength: 1, maxLength: 40 })

describe.each(['g1', 'g2'] as const)('a sum over %s', (id) => {
  test('is what the field says, however it is split into windows', () => {
    fc.assert(
      fc.property(terms, fc.integer({ min: 2, max: 15 }), (list, windowBits) => {
        expect(compute(id, list, windowBits)).toEqual(expected(id, list))
      }),
      { numRuns: 25 },
    )
  })
})

test('more points take wider windows', () => {
  const widths = [1, 100, 10_000, 1_000_000].map(chooseWindowBits)
  expect(widths).toEqual([...widths].sort((a, b) => a - b))
  expect(widths[0]).toBeGreaterThanOrEqual(2)
  expect(widths[3]).toBeLessThanOrEqual(15)
})
