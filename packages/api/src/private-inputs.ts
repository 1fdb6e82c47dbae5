import { ZERO_BYTES32 } from '@weft/protocol'
import { z } from 'zod'
import { timeS } from './intents.js'
import { address, bytes32, type Digest, hex, label } from './primitives.js'

/** Stands where the digest of a segment's inputs would: they are sealed to whoever proves it. No bytes have it. */
export const PRIVATE_INPUTS: Digest = ZERO_BYTES32

/** A node's encryption key, signed by its prover. See `EncryptionKey` of the protocol. */
export const encryptionKey = z.object({
  /** X25519. */
  publicKey: bytes32,
  expiry: timeS,
  /** Of the prover's own key or its hot key. */
  signature: hex.refine((value) => value.length === 2 + 2 * 65, '65 bytes'),
})
export type SignedEncryptionKey = z.output<typeof encryptionKey>

/** A node of a matched prover that waits for a job's private inputs. */
export const recipient = z.object({ job: bytes32, prover: address, node: label, key: encryptionKey })
export type Recipient = z.output<typeof recipient>
