import { Aes256Gcm, CipherSuite, HkdfSha256 } from '@hpke/core'
import { DhkemX25519HkdfSha256 } from '@hpke/dhkem-x25519'

/** DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM (RFC 9180 §7). Changing it means another `weft.inputs` tag. */
export const SUITE = new CipherSuite({
  kem: new DhkemX25519HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Aes256Gcm(),
})

/** Of public, private and encapsulated keys, in bytes. */
export const KEY_BYTES = 32
export const TAG_BYTES = 16

/** A copy that nothing else is a view of, as WebCrypto types ask for. */
export const toBuffer = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer
