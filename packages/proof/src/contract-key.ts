import { bytesToHex, contractKeyHash, hexToBytes, TAKES, type VerifierCall } from '@weft/protocol'
import { ProofError } from './error.js'
import type { VerificationKey } from './system.js'

/*
 * Keys of proof systems that L1 verifies by a contract for each program (`CONTRACT`): the hash of the contract's code (a
 * word), the selector of the function that verifies (a word, left-aligned), what that function takes (one byte), then
 * whatever the proof system verifies by off chain. L1 knows a key by the hash of the first three, see ContractVerifiers.
 */

const WORD = 32
const HEAD = 2 * WORD + 1

/** The key of a program with a verifier of its own; `own` is what its proof system verifies by. */
export const encodeContractKey = (call: VerifierCall, own: Uint8Array): VerificationKey => {
  const bytes = new Uint8Array(HEAD + own.length)
  bytes.set(hexToBytes(call.codeHash))
  bytes.set(hexToBytes(call.selector), WORD)
  bytes[2 * WORD] = TAKES.indexOf(call.takes)
  bytes.set(own, HEAD)
  return { target: 'evm', bytes, hash: contractKeyHash(call) }
}

/** Errors: `bad_key`. The hash binds the contract, and says nothing of `own`. */
export const decodeContractKey = ({
  target,
  bytes,
  hash,
}: VerificationKey): VerifierCall & { readonly own: Uint8Array } => {
  const takes = TAKES[bytes[2 * WORD] ?? TAKES.length]
  const isPadded = bytes.subarray(WORD + 4, 2 * WORD).every((byte) => byte === 0)
  if (target === 'evm' && takes !== undefined && isPadded) {
    const codeHash = bytesToHex(bytes.subarray(0, WORD))
    const call = { codeHash, selector: bytesToHex(bytes.subarray(WORD, WORD + 4)), takes }
    if (contractKeyHash(call) === hash) return { ...call, own: bytes.subarray(HEAD) }
  }
  throw new ProofError('bad_key', 'this is no key with a verifier contract: set up its program again', {
    hash,
  })
}
