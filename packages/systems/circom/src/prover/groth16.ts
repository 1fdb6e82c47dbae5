import type { Curve } from 'ffjavascript'
import { fromLittleEndian, readSections, sectionOf, toLittleEndian } from '../binfile.js'
import { cosetShift, FIELD_BYTES, SCALAR_FIELD, toMontgomery } from '../bn254.js'
import { type Msm, windowsOf } from './msm.js'
import type { Pool } from './pool.js'
import type { Bases, ProvingKey } from './proving-key.js'

/** A proof and its public signals as snarkjs writes them. */
export interface ProofJson {
  readonly proof: object
  readonly publicSignals: readonly string[]
}

/** Two scalars that hide the witness; each proof needs its own, uniform below the field's prime. */
export interface Blinding {
  readonly r: bigint
  readonly s: bigint
}

/** Tasks of one sum for each thread: enough that no thread waits long for the last one. */
const TASKS_PER_THREAD = 2
/** A thread's memory ends at 4 GiB: that much of it may go to the partial sums of one task. */
const MAX_TASK_BYTES = 2 ** 30

const sharedWords = (words: number): Uint32Array => new Uint32Array(new SharedArrayBuffer(4 * words))

/** Room for field elements, with the word of padding that sums read past the last one. */
const sharedScalars = (count: number): Uint32Array => sharedWords((count * FIELD_BYTES) / 4 + 1)

const bytesOf = (scalars: Uint32Array): Uint8Array =>
  new Uint8Array(scalars.buffer, 0, scalars.byteLength - 4)

/** Splits a sum into tasks by windows: each has all points, so that no bucket is summed up twice. */
const tasksOf = (bases: Bases, scalars: Uint32Array, threads: number): Msm[] => {
  const { windowBits, points } = bases
  const windows = windowsOf(windowBits)
  const fitting = Math.floor(MAX_TASK_BYTES / (points.length + 1))
  const size = Math.max(1, Math.min(fitting, Math.ceil(windows / (threads * TASKS_PER_THREAD))))
  return Array.from({ length: Math.ceil(windows / size) }, (_, i) => {
    return { ...bases, scalars, windowBits, from: i * size, to: Math.min((i + 1) * size, windows) }
  })
}

/** Proves one witness after Groth16 (eprint 2016/260), with H in the basis that snarkjs' keys hold it in. */
export const proveGroth16 = async (
  pool: Pool,
  curve: Curve,
  key: ProvingKey,
  wtns: Uint8Array,
  { r, s }: Blinding,
): Promise<ProofJson> => {
  const { wires, domainSize, publicSignals } = key.header
  const values = sectionOf(readSections(wtns, 'wtns'), 'wtns', 2)
  const witness = sharedScalars(wires)
  bytesOf(witness).set(values)

  const sum = async (bases: Bases, scalars: Uint32Array): Promise<Uint8Array> => {
    const { G1, G2 } = curve
    const group = bases.group === 'g1' ? G1 : G2
    const tasks = tasksOf(bases, scalars, pool.threads)
    const parts = await Promise.all(tasks.map((task) => pool.run({ kind: 'msm', ...task })))
    return parts.reduce<Uint8Array>((total, part) => group.add(total, part as Uint8Array), group.zero)
  }

  const quotient = async (): Promise<Uint32Array> => {
    const rows = Array.from({ length: 3 }, () => bytesOf(sharedScalars(domainSize)))
    const [a, b, c] = rows as [Uint8Array, Uint8Array, Uint8Array]
    const { coefficients } = key
    await pool.run({ kind: 'evaluate', coefficients, witness: bytesOf(witness), a, b, c }, true)
    const one = toLittleEndian(toMontgomery(1n), FIELD_BYTES)
    const shift = toLittleEndian(toMontgomery(cosetShift(Math.log2(domainSize))), FIELD_BYTES)
    await Promise.all(rows.map((row) => pool.run({ kind: 'extend', values: row, one, shift }, true)))
    const h = sharedScalars(domainSize)
    await pool.run({ kind: 'quotient', a, b, c, result: bytesOf(h) }, true)
    return h
  }

  const rows = quotient()
  const [b2, a, b1, c, h] = await Promise.all([
    sum(key.b2, witness),
    sum(key.a, witness),
    sum(key.b1, witness),
    sum(key.c, witness),
    rows.then((scalars) => sum(key.h, scalars)),
  ])
  const proof = blind(curve, key, { a, b1, b2, c: curve.G1.add(c, h) }, { r, s })
  const signals = Array.from({ length: publicSignals }, (_, i) =>
    String(fromLittleEndian(values.subarray((i + 1) * FIELD_BYTES, (i + 2) * FIELD_BYTES))),
  )
  return { proof, publicSignals: signals }
}

interface Sums {
  readonly a: Uint8Array
  readonly b1: Uint8Array
  readonly b2: Uint8Array
  readonly c: Uint8Array
}

const decimals = (value: unknown): unknown => (Array.isArray(value) ? value.map(decimals) : String(value))

const scalarBytes = (value: bigint): Uint8Array => toLittleEndian(value, FIELD_BYTES)

/** Adds what the key fixes and what hides the witness. */
const blind = ({ G1, G2 }: Curve, key: ProvingKey, sums: Sums, { r, s }: Blinding): object => {
  const times1 = (point: Uint8Array, scalar: bigint) => G1.timesScalar(point, scalarBytes(scalar))
  const a = G1.add(G1.add(sums.a, key.alpha1), times1(key.delta1, r))
  const b2 = G2.add(G2.add(sums.b2, key.beta2), G2.timesScalar(key.delta2, scalarBytes(s)))
  const b1 = G1.add(G1.add(sums.b1, key.beta1), times1(key.delta1, s))
  const minusRs = SCALAR_FIELD - ((r * s) % SCALAR_FIELD)
  const parts = [times1(a, s), times1(b1, r), times1(key.delta1, minusRs)]
  const c = parts.reduce((total, part) => G1.add(total, part), sums.c)
  return {
    pi_a: decimals(G1.toObject(G1.toAffine(a))),
    pi_b: decimals(G2.toObject(G2.toAffine(b2))),
    pi_c: decimals(G1.toObject(G1.toAffine(c))),
    protocol: 'groth16',
    curve: 'bn128',
  }
}
