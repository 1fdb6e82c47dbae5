import { parentPort, workerData } from 'node:worker_threads'
import { bn254 } from '@noble/curves/bn254.js'

/** Points `from` to `to` of the dev SRS, written into `bytes` (the whole file, shared). */
interface Slice {
  readonly bytes: SharedArrayBuffer
  readonly from: number
  readonly to: number
}

const P = bn254.fields.Fp.ORDER
const LANES = 512

/** x^-1 for all x at once (Montgomery's trick): three multiplications each and one inversion. */
const invertAll = (values: bigint[]): bigint[] => {
  const prefix: bigint[] = new Array(values.length)
  let product = 1n
  for (let i = 0; i < values.length; i++) {
    prefix[i] = product
    product = (product * (values[i] as bigint)) % P
  }
  let inverse = bn254.fields.Fp.inv(product)
  const result: bigint[] = new Array(values.length)
  for (let i = values.length - 1; i >= 0; i--) {
    result[i] = (inverse * (prefix[i] as bigint)) % P
    inverse = (inverse * (values[i] as bigint)) % P
  }
  return result
}

const writeField = (view: DataView, offset: number, value: bigint) => {
  view.setBigUint64(offset, value >> 192n)
  view.setBigUint64(offset + 8, (value >> 128n) & 0xffff_ffff_ffff_ffffn)
  view.setBigUint64(offset + 16, (value >> 64n) & 0xffff_ffff_ffff_ffffn)
  view.setBigUint64(offset + 24, value & 0xffff_ffff_ffff_ffffn)
}

/** Doubles LANES points in step, each lane writing a run of consecutive points. */
const writeSlice = ({ bytes, from, to }: Slice) => {
  const view = new DataView(bytes)
  const run = Math.ceil((to - from) / LANES)
  const order = bn254.fields.Fr.ORDER
  const starts = Array.from({ length: LANES }, (_, lane) => from + lane * run).filter((start) => start < to)
  const points = starts.map((start) => {
    const scalar = bn254.fields.Fr.pow(2n, BigInt(start)) % order
    return bn254.G1.Point.BASE.multiply(scalar).toAffine()
  })
  const xs = points.map((point) => point.x)
  const ys = points.map((point) => point.y)
  for (let step = 0; step < run; step++) {
    for (let lane = 0; lane < starts.length; lane++) {
      const at = (starts[lane] as number) + step
      if (at >= to) continue
      writeField(view, 64 * at, xs[lane] as bigint)
      writeField(view, 64 * at + 32, ys[lane] as bigint)
    }
    const inverses = invertAll(ys.map((y) => 2n * y))
    for (let lane = 0; lane < starts.length; lane++) {
      const x = xs[lane] as bigint
      const slope = (((3n * x * x) % P) * (inverses[lane] as bigint)) % P
      const x2 = (slope * slope - 2n * x + 2n * P) % P
      ys[lane] = (((slope * (x - x2 + P)) % P) - (ys[lane] as bigint) + P) % P
      xs[lane] = x2
    }
  }
}

writeSlice(workerData as Slice)
parentPort?.postMessage('done')
