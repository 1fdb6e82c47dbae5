import { type Address, type Bytes32, bytesToHex, hexToBytes, tag, WeftError } from '@weft/protocol'
import type { KeyPair } from './key-pair.js'
import { pad, paddedLength, unpad } from './padding.js'
import { KEY_BYTES, SUITE, TAG_BYTES, toBuffer } from './suite.js'

/*
 * Sealed inputs: public key of the recipient 32 │ encapsulated key 32 │ ciphertext of the padded inputs.
 * Everything that they are for is HPKE's `info`: what is sealed for one job opens for no other.
 */

const INPUTS = tag('inputs')
const HEAD_BYTES = 2 * KEY_BYTES

/** What inputs are sealed for, besides the key. */
export interface SealedFor {
  /** Id of the request: its EIP-712 digest, so chain and market are bound as well. */
  readonly request: Bytes32
  readonly job: Bytes32
  readonly prover: Address
}

/** Length of the sealed form of so many bytes. */
export const sealedLength = (length: number): number => HEAD_BYTES + paddedLength(length) + TAG_BYTES

const word = (value: Bytes32 | Address): string => value.slice(2).padStart(64, '0')

/** tag ‖ request ‖ job ‖ prover ‖ public key, a word each. */
const infoOf = ({ request, job, prover }: SealedFor, publicKey: Bytes32): ArrayBuffer =>
  toBuffer(hexToBytes(`0x${[INPUTS, request, job, prover, publicKey].map(word).join('')}`))

/** The public key that inputs are sealed to; null for what is too short to be sealed inputs. */
export const recipientOf = (sealed: Uint8Array): Bytes32 | null =>
  sealed.length < sealedLength(0) ? null : bytesToHex(sealed.subarray(0, KEY_BYTES))

/**
 * Encrypts inputs to a public key. `seed` is 32 unpredictable bytes, new ones for every call. Errors: `bad_recipient`
 * for a public key that makes no secret.
 */
export const sealInputs = async (
  inputs: Uint8Array,
  publicKey: Bytes32,
  sealedFor: SealedFor,
  seed: Uint8Array,
): Promise<Uint8Array> => {
  const recipient = hexToBytes(publicKey)
  const { ct, enc } = await encrypt(pad(inputs), recipient, infoOf(sealedFor, publicKey), seed)
  const sealed = new Uint8Array(HEAD_BYTES + ct.byteLength)
  sealed.set(recipient)
  sealed.set(new Uint8Array(enc), KEY_BYTES)
  sealed.set(new Uint8Array(ct), HEAD_BYTES)
  return sealed
}

const encrypt = async (padded: Uint8Array, recipient: Uint8Array, info: ArrayBuffer, seed: Uint8Array) => {
  if (seed.length !== KEY_BYTES) throw new RangeError(`a seed has ${KEY_BYTES} bytes, not ${seed.length}`)
  try {
    const recipientPublicKey = await SUITE.kem.deserializePublicKey(toBuffer(recipient))
    return await SUITE.seal({ recipientPublicKey, info, ekm: toBuffer(seed) }, toBuffer(padded))
  } catch (cause) {
    const message = 'this public key makes no secret: have the prover register another one'
    throw new WeftError('bad_recipient', message, { publicKey: bytesToHex(recipient) }, { cause })
  }
}

const cannotOpen = (why: string, cause?: unknown) =>
  new WeftError('cannot_open', `the sealed inputs cannot be opened: ${why}`, {}, { cause })

/**
 * Decrypts inputs with the one of the keys that they are sealed to. Errors: `cannot_open` for another key, another
 * job, request or prover, and for what was changed on the way.
 */
export const openInputs = async (
  sealed: Uint8Array,
  keys: readonly KeyPair[],
  sealedFor: SealedFor,
): Promise<Uint8Array> => {
  const publicKey = recipientOf(sealed)
  if (publicKey === null) throw cannotOpen('they are cut short')
  const pair = keys.find((each) => each.publicKey === publicKey)
  if (pair === undefined) throw cannotOpen(`they are sealed to ${publicKey}, which is no key of this node`)
  const padded = await decrypt(sealed, pair, infoOf(sealedFor, publicKey))
  const inputs = unpad(padded)
  if (inputs === null) throw cannotOpen('their padding is none')
  return inputs
}

const decrypt = async (sealed: Uint8Array, { privateKey }: KeyPair, info: ArrayBuffer) => {
  try {
    const recipientKey = await SUITE.kem.deserializePrivateKey(toBuffer(privateKey))
    const enc = toBuffer(sealed.subarray(KEY_BYTES, HEAD_BYTES))
    return new Uint8Array(
      await SUITE.open({ recipientKey, enc, info }, toBuffer(sealed.subarray(HEAD_BYTES))),
    )
  } catch (cause) {
    throw cannotOpen('they are for another job, or were changed on the way', cause)
  }
}
