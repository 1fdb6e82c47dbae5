import { keccak_256 } from '@noble/hashes/sha3.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { type Address, type Bytes32, bytesToHex, type Hex, hexToBytes } from './hex.js'

export const keccak256 = (bytes: Uint8Array): Bytes32 => bytesToHex(keccak_256(bytes))

/** The domain tag of one kind of hash: keccak-256 of `weft.NAME.v1`. */
export const tag = (name: string): Bytes32 => keccak256(utf8ToBytes(`weft.${name}.v1`))

/** keccak-256 of `abi.encode` of static words; an address is padded to a word. */
export const hashWords = (...words: (Bytes32 | Address)[]): Bytes32 => {
  const bytes = new Uint8Array(32 * words.length)
  words.forEach((word, i) => {
    const value = hexToBytes(word as Hex)
    bytes.set(value, 32 * (i + 1) - value.length)
  })
  return keccak256(bytes)
}
