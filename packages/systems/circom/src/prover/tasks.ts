import { FIELD_BYTES } from '../bn254.js'
import { COEFFICIENT_BYTES } from '../headers.js'
import type { Engine } from './engine.js'
import { type FixedBase, multiplyBase } from './fixed-base.js'
import { computeMsm, type Msm } from './msm.js'

/** What one thread does at a time. Buffers are shared; results are written into them, except for a sum's. */
export type Task =
  | ({ readonly kind: 'msm' } & Msm)
  | ({ readonly kind: 'multiply' } & FixedBase)
  | EvaluateTask
  | ({ readonly kind: 'extend' } & ExtendTask)
  | ({ readonly kind: 'quotient' } & QuotientTask)

/** A·w, B·w and their product, row by row, in Montgomery form. */
interface EvaluateTask {
  readonly kind: 'evaluate'
  /** The coefficients as a proving key holds them, without their number. */
  readonly coefficients: Uint8Array
  readonly witness: Uint8Array
  readonly a: Uint8Array
  readonly b: Uint8Array
  readonly c: Uint8Array
}

/** From values on the domain to values on its coset, in place. */
interface ExtendTask {
  readonly values: Uint8Array
  /** One and the coset's shift in Montgomery form. */
  readonly one: Uint8Array
  readonly shift: Uint8Array
}

/** a·b − c, out of Montgomery form. */
interface QuotientTask {
  readonly a: Uint8Array
  readonly b: Uint8Array
  readonly c: Uint8Array
  readonly result: Uint8Array
}

const evaluate = (engine: Engine, task: EvaluateTask): void => {
  const { a, b, c } = task
  const coefficients = engine.put(task.coefficients)
  const witness = engine.put(task.witness)
  const [pa, pb, pc] = [engine.alloc(a.length), engine.alloc(b.length), engine.alloc(c.length)]
  const rows = a.length / FIELD_BYTES
  const wires = task.witness.length / FIELD_BYTES
  const count = task.coefficients.length / COEFFICIENT_BYTES
  engine.call.qap_buildABC(coefficients, count, witness, pa, pb, pc, 0, rows, 0, wires)
  a.set(engine.get(pa, a.length))
  b.set(engine.get(pb, b.length))
  c.set(engine.get(pc, c.length))
}

const extend = (engine: Engine, { values, one, shift }: ExtendTask): void => {
  const n = values.length / FIELD_BYTES
  const [pv, p1, ps] = [engine.put(values), engine.put(one), engine.put(shift)]
  engine.call.frm_ifft(pv, n)
  engine.call.frm_batchApplyKey(pv, n, p1, ps, pv)
  engine.call.frm_fft(pv, n)
  values.set(engine.get(pv, values.length))
}

const quotient = (engine: Engine, { a, b, c, result }: QuotientTask): void => {
  const n = a.length / FIELD_BYTES
  const [pa, pb, pc] = [engine.put(a), engine.put(b), engine.put(c)]
  engine.call.qap_joinABC(pa, pb, pc, n, pa)
  engine.call.frm_batchFromMontgomery(pa, n, pa)
  result.set(engine.get(pa, result.length))
}

/** Does a task; the result of an `msm` is a Jacobian point. */
export const perform = (engine: Engine, task: Task): Uint8Array | null => {
  if (task.kind === 'msm') return computeMsm(engine, task)
  engine.reset()
  if (task.kind === 'multiply') multiplyBase(engine, task)
  else if (task.kind === 'evaluate') evaluate(engine, task)
  else if (task.kind === 'extend') extend(engine, task)
  else quotient(engine, task)
  return null
}
