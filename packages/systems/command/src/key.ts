import { ProofError, type VerificationKey } from '@weft/proof'
import { type Bytes32, bytesToHex, type Hex, hashWords, hexToBytes, uintToBytes32 } from '@weft/protocol'

/*
 * The bytes of a key: the hash of the verifier's code (a word), the selector (a word, left-aligned), how it is called (one
 * byte), the length of its creation code (4 bytes, big-endian; zero for a contract that is deployed already), that code,
 * the key file of the commands. The first three make the hash.
 */

const WORD = 32
const HEADER = 2 * WORD + 1
const CODE = HEADER + 4

/** How L1 calls a verifier contract. */
export interface ContractCall {
  readonly codeHash: Bytes32
  /** 4 bytes. */
  readonly selector: Hex
  readonly takes: 'bytes' | 'words'
}

export interface CommandKey extends ContractCall {
  /** Empty for a contract that is deployed already. */
  readonly creationCode: Uint8Array
  /** What `verify` takes; written by `setup`, empty without one. */
  readonly file: Uint8Array
}

/** Bytes of every proof that a contract takes as words: L1 knows where it ends by that alone. */
const WORDS_PROOF_BYTES = 24 * WORD

/** Whether a contract that is called so takes a proof of that length. */
export const takesLength = ({ takes }: Pick<ContractCall, 'takes'>, bytes: number): boolean =>
  takes === 'bytes' ? bytes > 0 : bytes === WORDS_PROOF_BYTES

const takesNumber = (takes: ContractCall['takes']) => (takes === 'words' ? 1 : 0)

const hashOf = ({ codeHash, selector, takes }: ContractCall): Bytes32 =>
  hashWords(codeHash, `${selector}${'00'.repeat(WORD - 4)}`, uintToBytes32(BigInt(takesNumber(takes))))

export const encodeKey = (key: CommandKey): VerificationKey => {
  const { codeHash, selector, takes, creationCode, file } = key
  const bytes = new Uint8Array(CODE + creationCode.length + file.length)
  bytes.set(hexToBytes(codeHash))
  bytes.set(hexToBytes(selector), WORD)
  bytes[2 * WORD] = takesNumber(takes)
  new DataView(bytes.buffer).setUint32(HEADER, creationCode.length)
  bytes.set(creationCode, CODE)
  bytes.set(file, CODE + creationCode.length)
  return { target: 'evm', bytes, hash: hashOf(key) }
}

/** Errors: `bad_key`. The hash binds the contract; the key file is as good as where it comes from. */
export const decodeKey = ({ target, bytes, hash }: VerificationKey): CommandKey => {
  const bad = (why: string) =>
    new ProofError('bad_key', `${why}: set up the program's artifact for its key`, { hash })
  const takes = (['bytes', 'words'] as const)[bytes[2 * WORD] ?? -1]
  if (target !== 'evm' || takes === undefined || bytes.length < CODE)
    throw bad('this is no key of an external prover')
  const end = CODE + new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(HEADER)
  if (end > bytes.length) throw bad('this key ends in the middle')
  const call = {
    codeHash: bytesToHex(bytes.subarray(0, WORD)),
    selector: bytesToHex(bytes.subarray(WORD, WORD + 4)),
    takes,
  }
  if (bytes.subarray(WORD + 4, 2 * WORD).some((byte) => byte !== 0) || hashOf(call) !== hash)
    throw bad('this key has the hash of another')
  return { ...call, creationCode: bytes.subarray(CODE, end), file: bytes.subarray(end) }
}
