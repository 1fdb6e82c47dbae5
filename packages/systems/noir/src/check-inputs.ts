import { type Inputs, type InputValue, ProofError } from '@weft/proof'
import { type Abi, type AbiField, type AbiType, typeName } from './abi.js'

/** The BN254 scalar field's modulus: a Field is below it. */
export const FIELD_MODULUS = 0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001n

/** No number of any type is longer, leading zeros included. */
const MAX_DIGITS = 80
const SHOWN = 60

type Value = InputValue | undefined

const show = (value: Value): string => {
  if (value === undefined) return 'nothing'
  if (Array.isArray(value)) return `a list of ${value.length}`
  const text = typeof value === 'object' ? 'an object' : JSON.stringify(value)
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text
}

const mismatch = (path: string, expected: string, value: Value) =>
  new ProofError('bad_inputs', `${path}: expected ${expected}, got ${show(value)}`, { path, expected })

/**
 * The integer that an input writes: a safe integer, or a string of decimal or 0x-hexadecimal digits, with a minus
 * sign where it is negative. Null for anything else.
 */
export const parseInteger = (value: Value): bigint | null => {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : null
  if (typeof value !== 'string' || value.length > MAX_DIGITS) return null
  if (!/^-?(\d+|0x[0-9a-fA-F]+)$/.test(value)) return null
  return value.startsWith('-') ? -BigInt(value.slice(1)) : BigInt(value)
}

/** The smallest and largest value of a number type. */
const rangeOf = (type: AbiType & { kind: 'field' | 'integer' }): readonly [bigint, bigint] => {
  if (type.kind === 'field') return [0n, FIELD_MODULUS - 1n]
  if (type.sign === 'unsigned') return [0n, 2n ** BigInt(type.width) - 1n]
  const half = 2n ** BigInt(type.width - 1)
  return [-half, half - 1n]
}

const checkNumber = (path: string, type: AbiType & { kind: 'field' | 'integer' }, value: Value) => {
  const number = parseInteger(value)
  const name = typeName(type)
  if (number === null) throw mismatch(path, `${name} (a decimal or 0x-hexadecimal number)`, value)
  const [min, max] = rangeOf(type)
  if (number < min || number > max) {
    const to = type.kind === 'field' ? 'the field’s modulus less 1' : String(max)
    throw mismatch(path, `${name} (from ${min} to ${to})`, value)
  }
}

const checkString = (path: string, length: number, value: Value) => {
  const expected = `str<${length}> (${length} bytes of UTF-8)`
  if (typeof value !== 'string' || value.length > length || Buffer.byteLength(value) !== length)
    throw mismatch(path, expected, value)
}

const checkList = (path: string, types: Iterable<AbiType>, length: number, name: string, value: Value) => {
  if (!Array.isArray(value) || value.length !== length)
    throw mismatch(path, `${name} (a list of ${length})`, value)
  let i = 0
  for (const type of types) checkValue(`${path}[${i}]`, type, value[i++])
}

function* repeat<T>(value: T, times: number): Generator<T> {
  for (let i = 0; i < times; i++) yield value
}

const checkFields = (path: string, fields: readonly AbiField[], name: string, value: Value) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw mismatch(path, `${name} (an object)`, value)
  const object = value as Inputs
  for (const field of fields) {
    const at = `${path}.${field.name}`
    if (!Object.hasOwn(object, field.name)) throw mismatch(at, typeName(field.type), undefined)
    checkValue(at, field.type, object[field.name])
  }
  const names = new Set(fields.map((field) => field.name))
  const extra = Object.keys(object).find((key) => !names.has(key))
  if (extra !== undefined)
    throw mismatch(`${path}.${extra.slice(0, SHOWN)}`, 'no field of that name', object[extra])
}

const checkValue = (path: string, type: AbiType, value: Value) => {
  switch (type.kind) {
    case 'field':
    case 'integer':
      checkNumber(path, type, value)
      break
    case 'boolean':
      if (typeof value !== 'boolean') throw mismatch(path, 'bool (true or false)', value)
      break
    case 'string':
      checkString(path, type.length, value)
      break
    case 'array':
      checkList(path, repeat(type.type, type.length), type.length, typeName(type), value)
      break
    case 'tuple':
      checkList(path, type.fields, type.fields.length, typeName(type), value)
      break
    case 'struct':
      checkFields(path, type.fields, typeName(type), value)
  }
}

/**
 * Checks a program's inputs, before anything is executed, against what it takes. Numbers are safe integers or
 * strings of decimal or 0x-hexadecimal digits, strings have as many bytes as their type says, tuples are lists,
 * structs are objects; nothing may be missing or left over. Errors: `bad_inputs`, naming the first wrong field by
 * its path (`inputs.a[3].x: expected Field …`).
 */
export const checkInputs = (abi: Abi, inputs: Inputs): void =>
  checkFields('inputs', abi.parameters, 'the program’s parameters', inputs)
