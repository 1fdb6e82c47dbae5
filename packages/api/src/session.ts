import { type Address, type Bytes32, type Hex, hashWords, type typedData } from '@weft/protocol'
import { z } from 'zod'
import type { BatchRequest } from './batch.js'
import { address, bytes32, count, hex, timeMs } from './primitives.js'

/** Answer of `GET /v1/challenge`: what a session's signature has to cover. Good for one session. */
export const challenge = z.object({
  nonce: bytes32,
  expiresAtMs: timeMs,
  chainId: count,
  settlement: address,
})
export type Challenge = z.output<typeof challenge>

export const sessionRequest = z.object({ address, nonce: bytes32, signature: hex })
export type SessionRequest = z.output<typeof sessionRequest>

export const session = z.object({ token: z.string(), expiresAtMs: timeMs })
export type Session = z.output<typeof session>

/** What binds a signature to one deployment (EIP-712 domain). */
export interface Deployment {
  readonly chainId: number
  readonly settlement: Address
}

const domain = ({ chainId, settlement }: Deployment) =>
  ({ name: 'weft', version: '1', chainId, verifyingContract: settlement }) as const

/** The EIP-712 message that opens a session, in the form that viem's and ethers' signers take. */
export const sessionTypedData = (deployment: Deployment, account: Address, nonce: Bytes32) =>
  ({
    domain: domain(deployment),
    types: {
      Session: [
        { name: 'account', type: 'address' },
        { name: 'nonce', type: 'bytes32' },
      ],
    },
    primaryType: 'Session',
    message: { account, nonce },
  }) as const

/** keccak-256 of the segments' words in order: pre, post, data, inputs of each. */
export const segmentsHash = (segments: BatchRequest['segments']): Bytes32 =>
  hashWords(...segments.flatMap((s) => [s.pre, s.post, s.data, s.inputs]))

/** The EIP-712 message by which a tenant's sequencer asks for a batch and agrees to pay for it. */
export const batchTypedData = (deployment: Deployment, batch: Omit<BatchRequest, 'signature'>) =>
  ({
    domain: domain(deployment),
    types: {
      Batch: [
        { name: 'tenant', type: 'address' },
        { name: 'program', type: 'bytes32' },
        { name: 'pre', type: 'bytes32' },
        { name: 'post', type: 'bytes32' },
        { name: 'data', type: 'bytes32' },
        { name: 'segments', type: 'bytes32' },
        { name: 'deadlineMs', type: 'uint64' },
      ],
    },
    primaryType: 'Batch',
    message: {
      tenant: batch.tenant,
      program: batch.program,
      pre: batch.pre,
      post: batch.post,
      data: batch.data,
      segments: segmentsHash(batch.segments),
      deadlineMs: BigInt(batch.deadlineMs),
    },
  }) as const

/** Who signs for a prover or a tenant: viem's local accounts, or anything of this shape. */
export interface Signer {
  readonly address: Address
  signTypedData(message: ReturnType<typeof sessionTypedData>): Promise<Hex>
  signTypedData(message: ReturnType<typeof batchTypedData>): Promise<Hex>
  /** Intents and commitments: see `typedData` of the protocol. */
  signTypedData(message: ReturnType<typeof typedData>): Promise<Hex>
}
