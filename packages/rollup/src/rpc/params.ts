import type { Address, Bytes32, Hex } from '@weft/protocol'
import { z } from 'zod'

/** `0x` and hexadecimal digits without leading zeros (the execution API's QUANTITY). */
export const quantity = z
  .string()
  .regex(
    /^0x(0|[1-9a-fA-F][0-9a-fA-F]{0,63})$/,
    'give a quantity: 0x and hexadecimal digits without leading zeros',
  )
  .transform((text) => BigInt(text))

const lowerHex = <T extends Hex>(pattern: RegExp, what: string) =>
  z
    .string()
    .regex(pattern, `give ${what}`)
    .transform((text) => text.toLowerCase() as T)

export const address = lowerHex<Address>(/^0x[0-9a-fA-F]{40}$/, 'an address: 0x and 40 hexadecimal digits')
export const hash = lowerHex<Bytes32>(/^0x[0-9a-fA-F]{64}$/, 'a hash: 0x and 64 hexadecimal digits')
export const data = lowerHex<Hex>(/^0x(?:[0-9a-fA-F]{2})*$/, 'bytes: 0x and two hexadecimal digits each')

/** A block by name, number or hash (EIP-1898). */
export const blockTag = z.union([
  z.enum(['latest', 'pending', 'earliest', 'safe', 'finalized']),
  quantity.transform((number) => ({ number })),
  z.object({ blockNumber: quantity }).transform(({ blockNumber }) => ({ number: blockNumber })),
  z
    .object({ blockHash: hash, requireCanonical: z.boolean().optional() })
    .transform((tag) => ({ hash: tag.blockHash })),
])
export type BlockTag = z.infer<typeof blockTag>

/** A call object; only the fields that say whether it is a plain transfer are read. */
export const callObject = z.object({
  from: address.nullish(),
  to: address.nullish(),
  value: quantity.nullish(),
  gas: quantity.nullish(),
  gasPrice: quantity.nullish(),
  maxFeePerGas: quantity.nullish(),
  data: data.nullish(),
  input: data.nullish(),
  accessList: z.array(z.unknown()).nullish(),
  authorizationList: z.array(z.unknown()).nullish(),
  blobVersionedHashes: z.array(z.unknown()).nullish(),
})
export type CallObject = z.infer<typeof callObject>

/** Clients send a quantity; geth takes a plain number as well, so wallets do too. */
export const blockCount = z.union([quantity, z.int().min(0).transform(BigInt)])

export const percentiles = z
  .array(z.number().min(0).max(100))
  .max(100)
  .refine(
    (list) => list.every((value, i) => i === 0 || value >= (list[i - 1] as number)),
    'give percentiles in order',
  )
