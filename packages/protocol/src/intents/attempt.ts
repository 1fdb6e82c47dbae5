import type { Address, Bytes32, Hex } from '../hex.js'
import type { SignedCommitment } from './order.js'
import { digestOf, type MarketDomain, type StructType } from './typed-data.js'

/**
 * What a request's matcher signs about a prover that tried a job whose inputs cannot be proven: what it is paid for that.
 * Field for field the contracts' `Attempt`. Request, job and prover stand for a nonce.
 */
export interface Attempt {
  /** Id of the request. */
  readonly request: Bytes32
  readonly job: Bytes32
  readonly prover: Address
  /** In all, before the protocol's cuts. */
  readonly feeWei: bigint
}

export const ATTEMPT: StructType = {
  name: 'Attempt',
  fields: [
    { name: 'request', type: 'bytes32' },
    { name: 'job', type: 'bytes32' },
    { name: 'prover', type: 'address' },
    { name: 'feeWei', type: 'uint96' },
  ],
}

/** The id of an attempt, and what the matcher signs. */
export const attemptId = (domain: MarketDomain, attempt: Attempt): Bytes32 =>
  digestOf(domain, ATTEMPT, attempt)

/** An attempt as L1 takes it: the commitment under which it was made has the rest. The contracts' struct. */
export interface SignedAttempt {
  readonly committed: SignedCommitment
  readonly feeWei: bigint
  /** By the request's matcher; `0x` where it settles itself. */
  readonly signature: Hex
}
