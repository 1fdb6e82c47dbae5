import { ProofError } from '@weft/proof'

/** A type of a Noir program's interface, as the compiler writes it. */
export type AbiType =
  | { readonly kind: 'field' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'string'; readonly length: number }
  | { readonly kind: 'integer'; readonly sign: 'signed' | 'unsigned'; readonly width: number }
  | { readonly kind: 'array'; readonly length: number; readonly type: AbiType }
  | { readonly kind: 'tuple'; readonly fields: readonly AbiType[] }
  | { readonly kind: 'struct'; readonly path: string; readonly fields: readonly AbiField[] }

export interface AbiField {
  readonly name: string
  readonly type: AbiType
}

export interface AbiParameter extends AbiField {
  readonly visibility: 'public' | 'private'
}

/** What a program takes and returns. */
export interface Abi {
  readonly parameters: readonly AbiParameter[]
  readonly return_type: { readonly abi_type: AbiType; readonly visibility: 'public' | 'private' } | null
}

/** A type as Noir writes it. */
export const typeName = (type: AbiType): string => {
  switch (type.kind) {
    case 'field':
      return 'Field'
    case 'boolean':
      return 'bool'
    case 'string':
      return `str<${type.length}>`
    case 'integer':
      return `${type.sign === 'signed' ? 'i' : 'u'}${type.width}`
    case 'array':
      return `[${typeName(type.type)}; ${type.length}]`
    case 'tuple':
      return `(${type.fields.map(typeName).join(', ')})`
    case 'struct':
      return type.path
  }
}

/** How many field elements a value of a type takes. */
export const fieldCount = (type: AbiType): number => {
  switch (type.kind) {
    case 'string':
      return type.length
    case 'array':
      return type.length * fieldCount(type.type)
    case 'tuple':
      return type.fields.reduce((sum, field) => sum + fieldCount(field), 0)
    case 'struct':
      return type.fields.reduce((sum, field) => sum + fieldCount(field.type), 0)
    default:
      return 1
  }
}

/** The types of what a proof makes public, in its order: public parameters, then the return value. */
export const publicTypes = ({ parameters, return_type }: Abi): AbiType[] => [
  ...parameters.filter(({ visibility }) => visibility === 'public').map(({ type }) => type),
  ...(return_type?.visibility === 'public' ? [return_type.abi_type] : []),
]

/** Number of public inputs of a program's proofs. */
export const countPublicInputs = (abi: Abi): number =>
  publicTypes(abi).reduce((sum, type) => sum + fieldCount(type), 0)

/** Types nest no deeper, and no type takes more field elements: what is larger fits no circuit. */
const MAX_DEPTH = 32
const MAX_FIELDS = 2 ** 24

const bad = (what: string) =>
  new ProofError('bad_artifact', `the ABI ${what}: take the artifact as the compiler wrote it`)

type Json = { readonly [key: string]: unknown }

const objectOf = (value: unknown, what: string): Json => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bad(`has no ${what}`)
  return value as Json
}

const listOf = (value: unknown, what: string): readonly unknown[] => {
  if (!Array.isArray(value)) throw bad(`has no list of ${what}`)
  return value
}

const textOf = (value: unknown, what: string): string => {
  if (typeof value !== 'string') throw bad(`has no ${what}`)
  return value
}

const integerOf = (value: unknown, max: number, what: string): number => {
  if (!Number.isSafeInteger(value) || (value as number) < 0 || (value as number) > max)
    throw bad(`has no ${what} from 0 to ${max}`)
  return value as number
}

const fieldOf = (value: unknown, depth: number): AbiField => {
  const { name, type } = objectOf(value, 'field')
  return { name: textOf(name, 'field name'), type: typeOf(type, depth) }
}

const typeOf = (value: unknown, depth: number): AbiType => {
  if (depth > MAX_DEPTH) throw bad(`nests types deeper than ${MAX_DEPTH}`)
  const type = parseType(objectOf(value, 'type'), depth)
  if (fieldCount(type) > MAX_FIELDS) throw bad(`has a type of more than ${MAX_FIELDS} fields`)
  return type
}

const parseType = (json: Json, depth: number): AbiType => {
  const { kind, length, width, sign, fields, path, type } = json
  switch (kind) {
    case 'field':
    case 'boolean':
      return { kind }
    case 'string':
      return { kind, length: integerOf(length, MAX_FIELDS, 'string length') }
    case 'integer':
      if (sign !== 'signed' && sign !== 'unsigned') throw bad('has an integer without a sign')
      return { kind, sign, width: integerOf(width, 128, 'integer width') }
    case 'array':
      return { kind, length: integerOf(length, MAX_FIELDS, 'array length'), type: typeOf(type, depth + 1) }
    case 'tuple':
      return { kind, fields: listOf(fields, 'tuple fields').map((field) => typeOf(field, depth + 1)) }
    case 'struct':
      return {
        kind,
        path: textOf(path, 'struct path'),
        fields: listOf(fields, 'struct fields').map((field) => fieldOf(field, depth + 1)),
      }
    default:
      throw bad(`has a type of kind ${JSON.stringify(kind)?.slice(0, 40)}`)
  }
}

const visibilityOf = (value: unknown): 'public' | 'private' => {
  if (value === 'public' || value === 'private') return value
  if (value !== 'databus') throw bad('has a value that is neither public nor private')
  throw new ProofError(
    'bad_artifact',
    'the program uses the data bus: make its call_data and return_data pub',
  )
}

/** Checks an ABI that somebody else wrote. Errors: `bad_artifact`. */
export const parseAbi = (value: unknown): Abi => {
  const { parameters, return_type } = objectOf(value, 'object')
  const result = return_type == null ? null : objectOf(return_type, 'return type')
  return {
    parameters: listOf(parameters, 'parameters').map((parameter) => ({
      ...fieldOf(parameter, 0),
      visibility: visibilityOf((parameter as Json).visibility),
    })),
    return_type: result && {
      abi_type: typeOf(result.abi_type, 0),
      visibility: visibilityOf(result.visibility),
    },
  }
}
