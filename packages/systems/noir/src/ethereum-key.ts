import type { VerificationKey } from '@weft/proof'
import { hexToBytes, keccak256, uintToBytes32 } from '@weft/protocol'
import { FIELD_MODULUS } from './check-inputs.js'
import { toFields } from './merge-inputs.js'

const FIELD = 32
/** Before the commitments: the circuit's size, the number of its public inputs, and where they begin. */
const HEADER_FIELDS = 3
/** A coordinate of a recursive key has its low bits in one field and the others in the next one. */
const LOW_BITS = 136n

/**
 * The key that Ethereum verifies with, from the one of target recursive: the same commitments, a field for each coordinate,
 * under another hash. So no circuit is committed to twice, which takes as long as the first time.
 */
export const keyForEthereum = ({ bytes }: VerificationKey): VerificationKey => {
  const fields = toFields(bytes).map(BigInt)
  const coordinates = (fields.length - HEADER_FIELDS) / 2
  const key = new Uint8Array(FIELD * (HEADER_FIELDS + coordinates))
  key.set(bytes.subarray(0, FIELD * HEADER_FIELDS))
  for (let i = 0; i < coordinates; i++) {
    const at = HEADER_FIELDS + 2 * i
    const [low, high] = [fields[at] as bigint, fields[at + 1] as bigint]
    const coordinate = low + (high << LOW_BITS)
    key.set(hexToBytes(uintToBytes32(coordinate)), FIELD * (HEADER_FIELDS + i))
  }
  return { target: 'evm', hash: uintToBytes32(BigInt(keccak256(key)) % FIELD_MODULUS), bytes: key }
}
