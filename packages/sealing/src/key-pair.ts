import { type Bytes32, bytesToHex } from '@weft/protocol'
import { KEY_BYTES, SUITE, toBuffer } from './suite.js'

/** A node's encryption key. */
export interface KeyPair {
  /** X25519, as RFC 9180 serializes it; also what names the pair. */
  readonly publicKey: Bytes32
  /** 32 bytes. */
  readonly privateKey: Uint8Array
}

/** The pair that 32 unpredictable bytes make (RFC 9180 §7.1.3). The same bytes make the same pair. */
export const keyPairFrom = async (seed: Uint8Array): Promise<KeyPair> => {
  if (seed.length !== KEY_BYTES) throw new RangeError(`a seed has ${KEY_BYTES} bytes, not ${seed.length}`)
  const { publicKey, privateKey } = await SUITE.kem.deriveKeyPair(toBuffer(seed))
  return {
    publicKey: bytesToHex(new Uint8Array(await SUITE.kem.serializePublicKey(publicKey))),
    privateKey: new Uint8Array(await SUITE.kem.serializePrivateKey(privateKey)),
  }
}
