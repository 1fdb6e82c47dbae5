import { type Bytes32, bytesToHex, uintToBytes32 } from '@weft/protocol'

const WORD = 32

/** Numbers in snarkjs' decimal as big-endian words of 32 bytes. */
export const encodeWords = (decimals: readonly string[]): Uint8Array =>
  Buffer.from(decimals.map((decimal) => toWord(decimal).slice(2)).join(''), 'hex')

/** Null for what is not whole words. */
export const decodeWords = (bytes: Uint8Array): readonly string[] | null => {
  if (bytes.length % WORD !== 0) return null
  return Array.from({ length: bytes.length / WORD }, (_, i) =>
    fromWord(bytesToHex(bytes.subarray(WORD * i, WORD * (i + 1)))),
  )
}

export const toWord = (decimal: string): Bytes32 => uintToBytes32(BigInt(decimal))
export const fromWord = (word: Bytes32): string => String(BigInt(word))
