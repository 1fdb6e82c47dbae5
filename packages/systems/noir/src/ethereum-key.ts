import type { VerificationKey } from '@weft/proof'
import { bytesToHex, hexToBytes, keccak256, uintToBytes32 } from '@weft/protocol'
import { FIELD_MODULUS } from './check-inputs.js'

const FIELD = 32
/** Before the commitments: the circuit's size, the number of its public inputs, and where they begin. */
const HEADER_FIELDS = 3
/** A coordinate of a recursive key has its low bits in one field and the others in the next one. */
const LOW_BITS = 136n

const fieldAt = (bytes: Uint8Array, at: number): bigint =>
  BigInt(bytesToHex(bytes.subarray(FIELD * at, FIELD * (at + 1))))

/**
 * The key that Ethereum verifies with, from the one of target recursive: the same commitments, a field for each coordinate,
 * under another hash. So no circuit is committed to twice, which takes as long as the first time.
 */
export const keyForEthereum = ({ bytes }: VerificationKey): VerificationKey => {
  const coordinates = (bytes.length / FIELD - HEADER_FIELDS) / 2
  const key = new Uint8Array(FIELD * (HEADER_FIELDS + coordinates))
  key.set(bytes.subarray(0, FIELD * HEADER_FIELDS))
  for (let i = 0; i < coordinates; i++) {
    const at = HEADER_FIELDS + 2 * i
    const coordinate = fieldAt(bytes, at) + (fieldAt(bytes, at + 1) << LOW_BITS)
    key.set(hexToBytes(uintToBytes32(coordinate)), FIELD * (HEADER_FIELDS + i))
  }
  return { target: 'evm', hash: uintToBytes32(BigInt(keccak256(key)) % FIELD_MODULUS), bytes: key }
}
