import type { Inputs } from '@weft/proof'
import { type Abi, type AbiType, checkInputs } from '@weft/system-noir'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const FIELD_MODULUS = 0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001n

const abiOf = (types: Readonly<Record<string, AbiType>>): Abi => ({
  parameters: Object.entries(types).map(([name, type]) => ({ name, type, visibility: 'private' })),
  return_type: null,
})
const field: AbiType = { kind: 'field' }
const u8: AbiType = { kind: 'integer', sign: 'unsigned', width: 8 }
const i16: AbiType = { kind: 'integer', sign: 'signed', width: 16 }
const point: AbiType = {
  kind: 'struct',
  path: 'geometry::Point',
  fields: [
    { name: 'x', type: field },
    { name: 'y', type: u8 },
  ],
}
const abi = abiOf({
  a: { kind: 'array', length: 2, type: point },
  s: { kind: 'string', length: 3 },
  flag: { kind: 'boolean' },
  t: { kind: 'tuple', fields: [u8, i16] },
})
const good = {
  a: [
    { x: '0x01', y: 255 },
    { x: 1, y: '0' },
  ],
  s: 'abc',
  flag: true,
  t: [1, '-32768'],
}

const refusal = (types: Abi, inputs: unknown): string => {
  try {
    checkInputs(types, inputs as Inputs)
  } catch (error) {
    expect(error).toMatchObject({ code: 'bad_inputs', details: { path: expect.any(String) } })
    return (error as Error).message
  }
  return 'accepted'
}

test('what fits is accepted', () => {
  expect(refusal(abi, good)).toBe('accepted')
  expect(refusal(abiOf({}), {})).toBe('accepted')
})

describe('what does not fit is named with its path and the expected type', () => {
  test.each<[string, unknown, string]>([
    [
      'a missing parameter',
      { ...good, flag: undefined },
      'inputs.flag: expected bool (true or false), got nothing',
    ],
    ['none at all', {}, 'inputs.a: expected [geometry::Point; 2], got nothing'],
    ['one too many', { ...good, z: 1 }, 'inputs.z: expected no field of that name, got 1'],
    [
      'a short array',
      { ...good, a: [good.a[0]] },
      'inputs.a: expected [geometry::Point; 2] (a list of 2), got a list of 1',
    ],
    [
      'no array',
      { ...good, a: good.a[0] },
      'inputs.a: expected [geometry::Point; 2] (a list of 2), got an object',
    ],
    ['a missing field', { ...good, a: [good.a[0], { x: 1 }] }, 'inputs.a[1].y: expected u8, got nothing'],
    [
      'a field too many',
      { ...good, a: [good.a[0], { x: 1, y: 2, z: 3 }] },
      'inputs.a[1].z: expected no field of that name, got 3',
    ],
    [
      'a struct that is a list',
      { ...good, a: [[1, 2], good.a[1]] },
      'inputs.a[0]: expected geometry::Point (an object), got a list of 2',
    ],
    [
      'a tuple that is an object',
      { ...good, t: { 0: 1, 1: 2 } },
      'inputs.t: expected (u8, i16) (a list of 2), got an object',
    ],
    [
      'a long tuple',
      { ...good, t: [1, 2, 3] },
      'inputs.t: expected (u8, i16) (a list of 2), got a list of 3',
    ],
    ['a bool as a number', { ...good, flag: 1 }, 'inputs.flag: expected bool (true or false), got 1'],
    [
      'a string of other length',
      { ...good, s: 'abcd' },
      'inputs.s: expected str<3> (3 bytes of UTF-8), got "abcd"',
    ],
    [
      'a string of too many bytes',
      { ...good, s: 'äbc' },
      'inputs.s: expected str<3> (3 bytes of UTF-8), got "äbc"',
    ],
    ['null', { ...good, s: null }, 'inputs.s: expected str<3> (3 bytes of UTF-8), got an object'],
  ])('%s', (_, inputs, message) => {
    expect(refusal(abi, inputs)).toBe(message)
  })

  test('inputs that are no object', () => {
    for (const inputs of [null, [], 'x', 3]) {
      expect(refusal(abi, inputs)).toContain('inputs: expected the program’s parameters (an object)')
    }
  })

  test('an inherited property is no input', () => {
    expect(refusal(abiOf({ toString: field }), {})).toBe('inputs.toString: expected Field, got nothing')
    expect(refusal(abiOf({ a: field }), JSON.parse('{"a":1,"__proto__":2}'))).toContain(
      'no field of that name',
    )
  })

  test('a long value is cut', () => {
    expect(refusal(abi, { ...good, s: 'x'.repeat(10_000) }).length).toBeLessThan(200)
  })
})

describe('numbers', () => {
  const ranges: readonly [AbiType, bigint, bigint][] = [
    [field, 0n, FIELD_MODULUS - 1n],
    [u8, 0n, 255n],
    [i16, -32768n, 32767n],
    [{ kind: 'integer', sign: 'unsigned', width: 1 }, 0n, 1n],
    [{ kind: 'integer', sign: 'unsigned', width: 128 }, 0n, 2n ** 128n - 1n],
  ]

  test.each(ranges)('%j has its range, in decimal and hexadecimal', (type, min, max) => {
    const hex = (value: bigint) => (value < 0n ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`)
    fc.assert(
      fc.property(fc.bigInt({ min: min - 3n, max: max + 3n }), (value) => {
        const isIn = value >= min && value <= max
        for (const text of [value.toString(), hex(value)]) {
          expect(refusal(abiOf({ n: type }), { n: text }) === 'accepted').toBe(isIn)
        }
      }),
    )
    for (const value of [min, max]) expect(refusal(abiOf({ n: type }), { n: `${value}` })).toBe('accepted')
    for (const value of [min - 1n, max + 1n]) {
      expect(refusal(abiOf({ n: type }), { n: `${value}` })).toContain('inputs.n: expected')
    }
  })

  test.each(['', ' 1', '1 ', '1_0', '0X1', '0x', '+1', '1.0', '1e3', '--1', 'ff', '٣', '1'.repeat(81)])(
    '%j is none',
    (text) => {
      expect(refusal(abiOf({ n: field }), { n: text })).toContain('inputs.n: expected Field')
    },
  )

  test.each([1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, -1, true, null, [1], {}])(
    '%j is none',
    (value) => {
      expect(refusal(abiOf({ n: field }), { n: value })).toContain('inputs.n: expected Field')
    },
  )
})

test('anything at all is accepted or refused as bad inputs', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom('a', 's', 'flag', 't'), (value, key) => {
      refusal(abi, { ...good, [key]: value })
      refusal(abi, value)
    }),
  )
})
