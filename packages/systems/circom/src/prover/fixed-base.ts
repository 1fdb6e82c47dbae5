import type { Group } from 'ffjavascript'
import { FIELD_BYTES } from '../bn254.js'
import { type GroupId, LAYOUTS, sumBuckets } from './buckets.js'
import type { Engine } from './engine.js'

/** Many multiples of one point: `result` becomes scalarᵢ·G, affine, in Montgomery form. */
export interface FixedBase {
  readonly group: GroupId
  /** Every byte's multiples of G: 255 for each byte of a scalar. */
  readonly table: Uint8Array
  /** Little-endian. */
  readonly scalars: Uint8Array
  readonly result: Uint8Array
}

const MULTIPLES = 255

/** The table of a group's generator. */
export const makeTable = async (group: Group, generator: Uint8Array): Promise<Uint8Array> => {
  const multiples: Uint8Array[] = []
  let base = generator
  for (let byte = 0; byte < FIELD_BYTES; byte++) {
    let multiple = group.toJacobian(base)
    for (let i = 0; i < MULTIPLES; i++) {
      multiples.push(multiple)
      multiple = group.add(multiple, base)
    }
    base = group.toAffine(multiple)
  }
  const table = await group.batchToAffine(Buffer.concat(multiples))
  const shared = new Uint8Array(new SharedArrayBuffer(table.length))
  shared.set(table)
  return shared
}

export const multiplyBase = (engine: Engine, { group, table, scalars, result }: FixedBase): void => {
  const layout = LAYOUTS[group]
  const count = scalars.length / FIELD_BYTES
  engine.reset()
  const tableAt = engine.put(table)
  const addresses = new Uint32Array(scalars.length)
  const [starts, sizes] = [new Uint32Array(count), new Uint32Array(count)]
  for (let i = 0, next = 0; i < count; i++) {
    starts[i] = next
    for (let byte = 0; byte < FIELD_BYTES; byte++) {
      const digit = scalars[i * FIELD_BYTES + byte] as number
      if (digit === 0) continue
      addresses[next] = tableAt + (byte * MULTIPLES + digit - 1) * layout.pointBytes
      next++
    }
    sizes[i] = next - (starts[i] as number)
  }
  sumBuckets(engine, layout, { addresses, starts, sizes })
  for (let i = 0; i < count; i++) {
    if (sizes[i] === 0) continue
    const point = engine.get(addresses[starts[i] as number] as number, layout.pointBytes)
    result.set(point, i * layout.pointBytes)
  }
}
