import { utf8ToBytes } from '@noble/hashes/utils.js'
import sha3 from 'js-sha3'
import type { Address, Bytes32 } from './hex.js'

// js-sha3 has the permutation unrolled: half the time of @noble/hashes, and a coordinator hashes a lot.
export const keccak256 = (bytes: Uint8Array): Bytes32 => `0x${sha3.keccak256(bytes)}`

/** The domain tag of one kind of hash: keccak-256 of `weft.NAME.v1`. */
export const tag = (name: string): Bytes32 => keccak256(utf8ToBytes(`weft.${name}.v1`))

/** Values of ASCII's lower-case hexadecimal digits; 255 for everything else. */
const DIGITS = Uint8Array.from({ length: 128 }, (_, code) => {
  const value = '0123456789abcdef'.indexOf(String.fromCharCode(code))
  return value < 0 ? 255 : value
})

/** Reused: words are hashed thousands of times a second, mostly a few at a time. */
const scratch = new Uint8Array(32 * 16)

/** Writes a value right-aligned into word `at`. Throws a TypeError for what is not at most 32 bytes of hexadecimal. */
const writeWord = (bytes: Uint8Array, value: Bytes32 | Address, at: number) => {
  const size = (value.length - 2) / 2
  let faults = size <= 32 && Number.isInteger(size) && value.startsWith('0x') ? 0 : 255
  bytes.fill(0, 32 * at, 32 * (at + 1))
  for (let i = 2, to = 32 * (at + 1) - size; faults < 16 && i < value.length; i += 2, to++) {
    const high = DIGITS[value.charCodeAt(i)] ?? 255
    const low = DIGITS[value.charCodeAt(i + 1)] ?? 255
    faults |= high | low
    bytes[to] = (high << 4) | low
  }
  if (faults >= 16) throw new TypeError('a word is at most 32 bytes of lower-case hexadecimal')
}

/** keccak-256 of `abi.encode` of static words; an address is padded to a word. Throws a TypeError. */
export const hashWords = (...words: (Bytes32 | Address)[]): Bytes32 => {
  const bytes =
    words.length <= 16 ? scratch.subarray(0, 32 * words.length) : new Uint8Array(32 * words.length)
  for (let at = 0; at < words.length; at++) writeWord(bytes, words[at] as Bytes32, at)
  return keccak256(bytes)
}
