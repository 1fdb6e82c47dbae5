import { asciiBytes, type Bytes32, keccak256 } from '@weft/protocol'

const ascii = (text: string): string =>
  JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/**
 * One text for one value: keys sorted, no spaces, ASCII only, a bigint as its digits followed by `n`, absent and
 * undefined properties alike left out. Throws a TypeError for what no log should hold: functions, NaN, infinity.
 */
export const canonical = (value: unknown): string => {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return ascii(value)
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object') throw new TypeError(`a ${typeof value} has no canonical text`)
  const properties = Object.entries(value)
    .filter(([, property]) => property !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, property]) => `${ascii(key)}:${canonical(property)}`)
  return `{${properties.join(',')}}`
}

/** keccak-256 of the canonical text. */
export const contentHash = (value: unknown): Bytes32 => keccak256(asciiBytes(canonical(value)))

/** A string, which stays as it is, or a bigint. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?[0-9]+n/g

interface Digits {
  readonly $n: string
}

const isDigits = (value: unknown): value is Digits =>
  typeof value === 'object' && value !== null && '$n' in value && typeof value.$n === 'string'

/** The value of a canonical text. Throws a SyntaxError for what is none. */
export const parseCanonical = (text: string): unknown => {
  const json = text.replace(TOKEN, (token) =>
    token.startsWith('"') ? token : `{"$n":"${token.slice(0, -1)}"}`,
  )
  return JSON.parse(json, (_key, value: unknown) => (isDigits(value) ? BigInt(value.$n) : value))
}
