import type { Address, Bytes32 } from '../hex.js'
import { digestOf, type MarketDomain, type StructType } from './typed-data.js'

/** A key of one of a prover's nodes, to which requesters encrypt private inputs. */
export interface EncryptionKey {
  readonly prover: Address
  /** X25519, as RFC 9180 serializes it. */
  readonly publicKey: Bytes32
  /** Unix seconds after which nothing more is encrypted to it. */
  readonly expiry: number
}

/** What a prover signs, with its own key or its hot key. L1 never reads it: it binds a key to who is paid. */
export const ENCRYPTION_KEY: StructType = {
  name: 'EncryptionKey',
  fields: [
    { name: 'prover', type: 'address' },
    { name: 'publicKey', type: 'bytes32' },
    { name: 'expiry', type: 'uint40' },
  ],
}

export const encryptionKeyId = (domain: MarketDomain, key: EncryptionKey): Bytes32 =>
  digestOf(domain, ENCRYPTION_KEY, key)
