import { decodeContractKey, encodeContractKey, ProofError, type VerificationKey } from '@weft/proof'
import type { VerifierCall } from '@weft/protocol'

/*
 * What a key has behind how its contract is called (see `encodeContractKey`): the length of the contract's creation code
 * (4 bytes, big-endian; zero for one that is deployed already), that code, and the key file of the commands.
 */

const LENGTH_BYTES = 4

export interface CommandKey extends VerifierCall {
  /** Empty for a contract that is deployed already. */
  readonly creationCode: Uint8Array
  /** What `verify` takes; written by `setup`, empty without one. */
  readonly file: Uint8Array
}

/** Bytes of every proof that a contract takes as words: L1 knows where it ends by that alone. */
const WORDS_PROOF_BYTES = 24 * 32

/** Whether a contract that is called so takes a proof of that length. */
export const takesLength = ({ takes }: VerifierCall, bytes: number): boolean =>
  takes === 'bytes' ? bytes > 0 : bytes === WORDS_PROOF_BYTES

export const encodeKey = ({ creationCode, file, ...call }: CommandKey): VerificationKey => {
  const own = new Uint8Array(LENGTH_BYTES + creationCode.length + file.length)
  new DataView(own.buffer).setUint32(0, creationCode.length)
  own.set(creationCode, LENGTH_BYTES)
  own.set(file, LENGTH_BYTES + creationCode.length)
  return encodeContractKey(call, own)
}

/** Errors: `bad_key`. The hash binds the contract; the key file is as good as where it comes from. */
export const decodeKey = (key: VerificationKey): CommandKey => {
  const { own, ...call } = decodeContractKey(key)
  const lengthOf = () => new DataView(own.buffer, own.byteOffset, own.length).getUint32(0)
  const end = LENGTH_BYTES + (own.length < LENGTH_BYTES ? own.length : lengthOf())
  if (end <= own.length) {
    return { ...call, creationCode: own.subarray(LENGTH_BYTES, end), file: own.subarray(end) }
  }
  throw new ProofError('bad_key', 'this key ends in the middle: set up the program again', { hash: key.hash })
}
