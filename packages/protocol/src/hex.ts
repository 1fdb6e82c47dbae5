import { hexToBytes as decode, bytesToHex as encode } from '@noble/hashes/utils.js'

/** `0x` and an even number of lower-case hexadecimal digits. */
export type Hex = `0x${string}`

/** 32 bytes. */
export type Bytes32 = Hex

/** 20 bytes, lower case: compared as text, so never checksummed inside Weft. */
export type Address = Hex

export const ZERO_BYTES32: Bytes32 = `0x${'00'.repeat(32)}`

const HEX = /^0x(?:[0-9a-f]{2})*$/

export const isHex = (value: string): value is Hex => HEX.test(value)
export const isBytes32 = (value: string): value is Bytes32 => value.length === 66 && HEX.test(value)
export const isAddress = (value: string): value is Address => value.length === 42 && HEX.test(value)

/** Lower-cases a checksummed address. */
export const toAddress = (value: string): Address => {
  const address = value.toLowerCase()
  if (!isAddress(address))
    throw new TypeError(`${value} is not an address: give 0x and 40 hexadecimal digits`)
  return address
}

export const bytesToHex = (bytes: Uint8Array): Hex => `0x${encode(bytes)}`

/** Throws a TypeError for anything but lower-case hexadecimal of whole bytes. */
export const hexToBytes = (hex: Hex): Uint8Array => {
  if (!HEX.test(hex)) throw new TypeError('not lower-case hexadecimal of whole bytes')
  return decode(hex.slice(2))
}

/** A uint256 as 32 big-endian bytes. Throws a RangeError outside [0, 2^256). */
export const uintToBytes32 = (value: bigint): Bytes32 => {
  if (value < 0n || value >> 256n !== 0n) throw new RangeError(`${value} is not a uint256`)
  return `0x${value.toString(16).padStart(64, '0')}`
}
