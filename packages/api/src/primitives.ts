import type { Address, Bytes32, Hex } from '@weft/protocol'
import { z } from 'zod'

/** A string that matches `pattern`, typed as what it stands for. */
const text = <T extends string>(pattern: RegExp, description: string) =>
  z.string().regex(pattern).meta({ description }) as unknown as z.ZodType<T, T>

export const bytes32 = text<Bytes32>(/^0x[0-9a-f]{64}$/, '32 bytes, lower-case hexadecimal')
export const address = text<Address>(/^0x[0-9a-f]{40}$/, '20 bytes, lower-case hexadecimal')
export const hex = text<Hex>(/^0x(?:[0-9a-f]{2})*$/, 'bytes, lower-case hexadecimal')

/** What a blob is called: the SHA-256 of its bytes. */
export const digest = text<Digest>(/^0x[0-9a-f]{64}$/, 'SHA-256 of the blob, lower-case hexadecimal')
export type Digest = Bytes32

/** A uint256: a bigint in the program, a decimal string on the wire. */
export const uint = z.codec(
  z
    .string()
    .regex(/^(?:0|[1-9][0-9]{0,77})$/)
    .meta({ description: 'unsigned integer, decimal' }),
  z.bigint(),
  { decode: (value) => BigInt(value), encode: (value) => value.toString() },
)

export const count = z.int().nonnegative()
/** Milliseconds since 1970. */
export const timeMs = z.int().nonnegative()

/** Text chosen by a stranger that ends in logs and on pages: short and printable. */
export const label = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[\x20-\x7e]+$/)

/** A proof system's name: lower-case letters, digits and hyphens. */
export const systemName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/)

/** JSON as it travels: every bigint a decimal string. */
export const toWire = (value: unknown): string =>
  JSON.stringify(value, (_key, item) => (typeof item === 'bigint' ? item.toString() : item))
