import type { Code, CodeBuilder, ModuleBuilder } from 'wasmbuilder'

/** A group's name in the module, its coordinates' field, and that field's bytes. */
interface Group {
  readonly name: 'g1m' | 'g2m'
  readonly field: 'f1m' | 'f2m'
  readonly bytes: number
}

const GROUPS: readonly Group[] = [
  { name: 'g1m', field: 'f1m', bytes: 32 },
  { name: 'g2m', field: 'f2m', bytes: 64 },
]

/** Names for what the loops below compute with. */
const vocabulary = (c: CodeBuilder, { field, bytes }: Group) => ({
  field: (operation: string, ...args: Code[]) => c.call(`${field}_${operation}`, ...args),
  y: (point: Code) => c.i32_add(point, c.i32_const(bytes)),
  step: (local: string, by: number) => c.setLocal(local, c.i32_add(c.getLocal(local), c.i32_const(by))),
  all: (...parts: Code[]): Code => parts.flat(),
})

/**
 * `load(pair, pA, yA, pB, yB)`: reads a pair of addresses into locals. The lowest bit of an address says that the
 * point is meant negated; its negated y is then put into a scratch place.
 */
const loadPair = (c: CodeBuilder, group: Group, scratch: readonly [number, number]): Code => {
  const { field, y, all } = vocabulary(c, group)
  const loadOne = (point: string, ordinate: string, offset: number, place: number) =>
    all(
      c.setLocal(ordinate, c.i32_load(c.getLocal('pair'), offset)),
      c.setLocal(point, c.i32_and(c.getLocal(ordinate), c.i32_const(-2))),
      c.if(
        c.i32_and(c.getLocal(ordinate), c.i32_const(1)),
        all(field('neg', y(c.getLocal(point)), c.i32_const(place)), c.setLocal(ordinate, c.i32_const(place))),
        c.setLocal(ordinate, y(c.getLocal(point))),
      ),
    )
  return all(loadOne('a', 'ya', 0, scratch[0]), loadOne('b', 'yb', 4, scratch[1]))
}

const LOCALS = ['pair', 'sum', 'last', 'a', 'ya', 'b', 'yb'] as const

const isInfinity = (c: CodeBuilder, group: Group, point: string) =>
  c.call(`${group.name}_isZeroAffine`, c.getLocal(point))

/**
 * `_denominators(pairs, sums, n, product)`: for each pair of affine points, writes the denominator of their sum's
 * slope into the sum's x and the product of all denominators before it into the sum's y; `product` becomes the
 * product of all. Pairs without a slope get 1.
 */
const addDenominators = (module: ModuleBuilder, group: Group, scratch: readonly [number, number]): void => {
  const f = module.addFunction(`${group.name}_denominators`)
  for (const name of ['pairs', 'sums', 'n', 'product']) f.addParam(name, 'i32')
  for (const name of LOCALS) f.addLocal(name, 'i32')
  const c = f.getCodeBuilder()
  const { field, y, step, all } = vocabulary(c, group)
  const [a, ya, b, yb, sum] = [
    c.getLocal('a'),
    c.getLocal('ya'),
    c.getLocal('b'),
    c.getLocal('yb'),
    c.getLocal('sum'),
  ]
  const product = c.getLocal('product')
  const doubling = c.if(
    field('isZero', sum),
    c.if(
      field('eq', ya, yb),
      all(field('add', ya, ya, sum), c.if(field('isZero', sum), field('one', sum))),
      field('one', sum),
    ),
  )
  f.addCode(
    c.setLocal('pair', c.getLocal('pairs')),
    c.setLocal('sum', c.getLocal('sums')),
    c.setLocal('last', c.i32_add(c.getLocal('pairs'), c.i32_mul(c.getLocal('n'), c.i32_const(8)))),
    field('one', product),
    c.block(
      c.loop(
        c.br_if(1, c.i32_eq(c.getLocal('pair'), c.getLocal('last'))),
        loadPair(c, group, scratch),
        c.if(
          c.i32_or(isInfinity(c, group, 'a'), isInfinity(c, group, 'b')),
          field('one', sum),
          all(field('sub', b, a, sum), doubling),
        ),
        field('copy', product, y(sum)),
        field('mul', product, sum, product),
        step('pair', 8),
        step('sum', 2 * group.bytes),
        c.br(0),
      ),
    ),
  )
  module.exportFunction(`${group.name}_denominators`)
}

/**
 * `_sums(pairs, sums, n, inverse)`: after `_denominators`, with the inverse of its product, turns every sum into
 * the affine sum of its pair, last to first. Destroys `inverse`.
 */
const addSums = (module: ModuleBuilder, group: Group, scratch: readonly [number, number]): void => {
  const f = module.addFunction(`${group.name}_sums`)
  for (const name of ['pairs', 'sums', 'n', 'inverse']) f.addParam(name, 'i32')
  for (const name of LOCALS) f.addLocal(name, 'i32')
  const c = f.getCodeBuilder()
  const { field, y, step, all } = vocabulary(c, group)
  const [a, ya, b, yb, sum] = [
    c.getLocal('a'),
    c.getLocal('ya'),
    c.getLocal('b'),
    c.getLocal('yb'),
    c.getLocal('sum'),
  ]
  const inverse = c.getLocal('inverse')
  const [slope, x] = [c.i32_const(module.alloc(group.bytes)), c.i32_const(module.alloc(group.bytes))]
  const infinity = c.call(`${group.name}_zeroAffine`, sum)
  /** x = slope² − xa − xb; y = slope·(xa − x) − ya. */
  const finish = all(
    field('square', slope, x),
    field('sub', x, a, x),
    field('sub', x, b, x),
    field('sub', a, x, y(sum)),
    field('mul', slope, y(sum), y(sum)),
    field('sub', y(sum), ya, y(sum)),
    field('copy', x, sum),
  )
  const chord = all(field('sub', yb, ya, x), field('mul', x, slope, slope), finish)
  const tangent = all(
    field('square', a, x),
    field('mul', x, slope, slope),
    field('add', slope, slope, x),
    field('add', x, slope, slope),
    finish,
  )
  const copy = (point: Code, ordinate: Code) =>
    all(field('copy', ordinate, y(sum)), field('copy', point, sum))
  const affine = c.if(
    field('eq', a, b),
    c.if(field('eq', ya, yb), c.if(field('isZero', ya), infinity, tangent), infinity),
    chord,
  )
  f.addCode(
    c.setLocal('last', c.i32_sub(c.getLocal('pairs'), c.i32_const(8))),
    c.setLocal('pair', c.i32_add(c.getLocal('last'), c.i32_mul(c.getLocal('n'), c.i32_const(8)))),
    c.setLocal(
      'sum',
      c.i32_add(
        c.getLocal('sums'),
        c.i32_mul(c.i32_sub(c.getLocal('n'), c.i32_const(1)), c.i32_const(2 * group.bytes)),
      ),
    ),
    c.block(
      c.loop(
        c.br_if(1, c.i32_eq(c.getLocal('pair'), c.getLocal('last'))),
        loadPair(c, group, scratch),
        field('mul', inverse, y(sum), slope),
        field('mul', inverse, sum, inverse),
        c.if(isInfinity(c, group, 'a'), copy(b, yb), c.if(isInfinity(c, group, 'b'), copy(a, ya), affine)),
        step('pair', -8),
        step('sum', -2 * group.bytes),
        c.br(0),
      ),
    ),
  )
  module.exportFunction(`${group.name}_sums`)
}

/** Adds to the curve's module what sums many pairs of affine points with a single inversion (Montgomery's trick). */
export const addBatchAddition = (module: ModuleBuilder): void => {
  for (const group of GROUPS) {
    const scratch = [module.alloc(group.bytes), module.alloc(group.bytes)] as const
    addDenominators(module, group, scratch)
    addSums(module, group, scratch)
  }
}
