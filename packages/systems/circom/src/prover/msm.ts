import { FIELD_BYTES } from '../bn254.js'
import { type Buckets, type GroupId, LAYOUTS, type Layout, sumBuckets } from './buckets.js'
import type { Engine } from './engine.js'

/**
 * Σ scalarᵢ·pointᵢ over the windows `from` to `to` of the scalars. All buffers are shared with the thread that
 * asks, so nothing is copied on the way.
 */
export interface Msm {
  readonly group: GroupId
  /** Affine points in Montgomery form. */
  readonly points: Uint8Array
  /** Which scalar belongs to each point. */
  readonly indices: Uint32Array
  /** Scalars of 8 little-endian words each, with one word of padding at the end. */
  readonly scalars: Uint32Array
  readonly windowBits: number
  readonly from: number
  readonly to: number
}

const SCALAR_WORDS = FIELD_BYTES / 4
/** Scalars are below 2^254, and a carry can leave the highest window. */
const SCALAR_BITS = 255
const MAX_WINDOW_BITS = 15

export const windowsOf = (windowBits: number): number => Math.ceil(SCALAR_BITS / windowBits)

/** Measured costs: adding in a batch to summing a bucket up. */
const BUCKET_COST = 5

/** Bits of a window that make the sum of `n` points cheapest. */
export const chooseWindowBits = (n: number): number => {
  let [best, cheapest] = [2, Number.POSITIVE_INFINITY]
  for (let bits = 2; bits <= MAX_WINDOW_BITS; bits++) {
    const cost = windowsOf(bits) * (n + BUCKET_COST * 2 ** (bits - 1))
    if (cost < cheapest) [best, cheapest] = [bits, cost]
  }
  return best
}

const bitsAt = (scalars: Uint32Array, base: number, bit: number, mask: number): number => {
  const word = base + (bit >>> 5)
  const shift = bit & 31
  const low = (scalars[word] as number) >>> shift
  return (shift === 0 ? low : low | ((scalars[word + 1] as number) << (32 - shift))) & mask
}

/** Whether the windows below `window`, taken as signed digits, carry into it. */
const carryInto = (scalars: Uint32Array, base: number, windowBits: number, window: number): number => {
  const [half, mask] = [1 << (windowBits - 1), (1 << windowBits) - 1]
  for (let below = window - 1; below >= 0; below--) {
    const value = bitsAt(scalars, base, below * windowBits, mask)
    if (value !== half) return value > half ? 1 : 0
  }
  return 0
}

/** Digits from −2^(bits−1)+1 to 2^(bits−1), one row of `indices.length` for each window. */
const signedDigits = ({ indices, scalars, windowBits, from, to }: Msm): Int16Array => {
  const n = indices.length
  const digits = new Int16Array(n * (to - from))
  const [half, full, mask] = [1 << (windowBits - 1), 1 << windowBits, (1 << windowBits) - 1]
  for (let i = 0; i < n; i++) {
    const base = (indices[i] as number) * SCALAR_WORDS
    let carry = carryInto(scalars, base, windowBits, from)
    for (let window = from, at = i; window < to; window++, at += n) {
      const bit = window * windowBits
      let digit = carry + (bit >= 8 * FIELD_BYTES ? 0 : bitsAt(scalars, base, bit, mask & topMask(bit)))
      carry = digit > half ? 1 : 0
      if (carry === 1) digit -= full
      digits[at] = digit
    }
  }
  return digits
}

/** The last window ends with the scalar, whose next word belongs to another one. */
const topMask = (bit: number): number => {
  const left = 8 * FIELD_BYTES - bit
  return left >= 31 ? -1 : (1 << left) - 1
}

/** A counting sort of all points of all windows by the size of their digit. */
const sortIntoBuckets = (digits: Int16Array, msm: Msm, pointsAt: number, pointBytes: number): Buckets => {
  const n = msm.indices.length
  const perWindow = 2 ** (msm.windowBits - 1)
  const sizes = new Uint32Array(perWindow * (msm.to - msm.from))
  for (let at = 0, row = 0; row < msm.to - msm.from; row++) {
    for (let i = 0; i < n; i++, at++) {
      const digit = digits[at] as number
      if (digit === 0) continue
      const bucket = row * perWindow + Math.abs(digit) - 1
      sizes[bucket] = (sizes[bucket] as number) + 1
    }
  }
  const starts = new Uint32Array(sizes.length)
  let total = 0
  for (let bucket = 0; bucket < sizes.length; bucket++) {
    starts[bucket] = total
    total += sizes[bucket] as number
  }
  const addresses = new Uint32Array(total)
  const next = starts.slice()
  for (let at = 0, row = 0; row < msm.to - msm.from; row++) {
    for (let i = 0, point = pointsAt; i < n; i++, at++, point += pointBytes) {
      const digit = digits[at] as number
      if (digit === 0) continue
      const bucket = row * perWindow + Math.abs(digit) - 1
      addresses[next[bucket] as number] = digit < 0 ? point | 1 : point
      next[bucket] = (next[bucket] as number) + 1
    }
  }
  return { addresses, starts, sizes }
}

/** Σ digit·bucket of one window, from the largest digit down. */
const sumWindow = (
  engine: Engine,
  { name }: Layout,
  buckets: Buckets,
  first: number,
  last: number,
  [running, result]: readonly [number, number],
) => {
  const { call } = engine
  call[`${name}_zero`](running)
  for (let bucket = last; bucket >= first; bucket--) {
    if (buckets.sizes[bucket] !== 0) {
      const address = buckets.addresses[buckets.starts[bucket] as number] as number
      if (address & 1) call[`${name}_subMixed`](running, address & ~1, running)
      else call[`${name}_addMixed`](running, address, running)
    }
    call[`${name}_add`](result, running, result)
  }
}

/** The sum as a Jacobian point in Montgomery form, windows above weighed by what is below them. */
export const computeMsm = (engine: Engine, msm: Msm): Uint8Array => {
  const layout = LAYOUTS[msm.group]
  const { name, pointBytes } = layout
  const jacobianBytes = (pointBytes / 2) * 3
  engine.reset()
  const [running, result] = [engine.alloc(jacobianBytes), engine.alloc(jacobianBytes)]
  const pointsAt = engine.put(msm.points)
  const buckets = sortIntoBuckets(signedDigits(msm), msm, pointsAt, pointBytes)
  sumBuckets(engine, layout, buckets)
  const perWindow = 2 ** (msm.windowBits - 1)
  const { call } = engine
  call[`${name}_zero`](result)
  for (let window = msm.to - 1; window >= 0; window--) {
    if (window >= msm.from) {
      const first = (window - msm.from) * perWindow
      sumWindow(engine, layout, buckets, first, first + perWindow - 1, [running, result])
    }
    if (window > 0) {
      for (let i = 0; i < msm.windowBits; i++) call[`${name}_double`](result, result)
    }
  }
  return engine.get(result, jacobianBytes)
}
