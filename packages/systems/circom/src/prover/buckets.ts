import { FIELD_BYTES, G1_BYTES, G2_BYTES } from '../bn254.js'
import type { Engine } from './engine.js'

export type GroupId = 'g1' | 'g2'

/** A group's name in the module, its coordinates' field, and bytes of an affine point. */
export interface Layout {
  readonly name: 'g1m' | 'g2m'
  readonly field: 'f1m' | 'f2m'
  readonly pointBytes: number
}

export const LAYOUTS: Readonly<Record<GroupId, Layout>> = {
  g1: { name: 'g1m', field: 'f1m', pointBytes: G1_BYTES },
  g2: { name: 'g2m', field: 'f2m', pointBytes: G2_BYTES },
}

/** Points by bucket: addresses whose lowest bit says "negated", bucket after bucket. */
export interface Buckets {
  readonly addresses: Uint32Array
  /** Where each bucket's addresses begin, and how many there are. */
  readonly starts: Uint32Array
  readonly sizes: Uint32Array
}

/** Adds the buckets' points in pairs, all buckets at once, until none holds more than one. */
export const sumBuckets = (engine: Engine, layout: Layout, { addresses, starts, sizes }: Buckets): void => {
  const pairsAt = engine.alloc(4 * addresses.length + 8)
  const sumsAt = engine.alloc(layout.pointBytes * addresses.length)
  const [product, inverse] = [engine.alloc(FIELD_BYTES * 2), engine.alloc(FIELD_BYTES * 2)]
  let sum = sumsAt
  for (;;) {
    const pairs = new Uint32Array(engine.bytes.buffer, pairsAt, addresses.length + 2)
    const first = sum
    let count = 0
    for (let bucket = 0; bucket < sizes.length; bucket++) {
      const size = sizes[bucket] as number
      if (size < 2) continue
      const start = starts[bucket] as number
      const half = size >> 1
      for (let i = 0; i < half; i++, count += 2, sum += layout.pointBytes) {
        pairs[count] = addresses[start + 2 * i] as number
        pairs[count + 1] = addresses[start + 2 * i + 1] as number
        addresses[start + i] = sum
      }
      if (size & 1) addresses[start + half] = addresses[start + size - 1] as number
      sizes[bucket] = half + (size & 1)
    }
    if (count === 0) return
    engine.call[`${layout.name}_denominators`](pairsAt, first, count >> 1, product)
    engine.call[`${layout.field}_inverse`](product, inverse)
    engine.call[`${layout.name}_sums`](pairsAt, first, count >> 1, inverse)
  }
}
