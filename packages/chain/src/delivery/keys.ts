import { abis } from '@weft/contracts'
import { type Bytes32, keccak256, WeftError } from '@weft/protocol'
import type { L1Client } from '../client.js'
import { WEFT_ABI } from '../contracts.js'
import { isUnreachable } from '../link.js'
import { read } from '../read.js'
import { revertOf } from '../revert.js'
import type { Call, Sender } from '../sender/index.js'
import { simulate } from '../simulate.js'
import type { DeliveryAddresses } from './addresses.js'
import { registerKeyCall } from './calls.js'
import type { DeliverableProof } from './proof.js'

/** Verification keys on L1. */
export interface Keys {
  /**
   * Registers a proof's key unless L1 has it, Asked again, it goes
   * on where it stopped. Resolves with L1's refusal of the key, and with null once it is there.
   * Errors: those of `Sender.send`; `l1_unavailable`.
   */
  ensure(proof: DeliverableProof): Promise<WeftError | null>
}

const foreignVerifier = (key: Bytes32, made: Bytes32) =>
  new WeftError(
    'foreign_verifier',
    `the verifier contract makes key ${made}, not ${key}: give the contract that the key was made from`,
    { key, made },
  )

export const createKeys = (
  sender: Sender,
  client: L1Client,
  { groth16Verifier }: Pick<DeliveryAddresses, 'groth16Verifier'>,
): Keys => {
  /** The refusal, or null once it is sent. */
  const send = async (call: Call) => {
    const simulation = await simulate(client, sender.address, call)
    if (simulation.kind === 'refused') return simulation.refusal
    await sender.send(call)
    return null
  }

  const ensureGroth16 = async ({ key, keyBytes }: DeliverableProof) => {
    const call = { address: groth16Verifier, abi: abis.Groth16Verifier, functionName: 'keyOf' } as const
    try {
      await client.readContract({ ...call, args: [key] })
      return null
    } catch (error) {
      if (isUnreachable(error) || revertOf(error, WEFT_ABI)?.code !== 'unknown_key') {
        return read('a key', Promise.reject(error))
      }
    }
    const made = keccak256(keyBytes)
    return made === key ? send(registerKeyCall(groth16Verifier, keyBytes)) : foreignVerifier(key, made)
  }

  return {
    ensure: async (proof) => (proof.verifier.kind === 'groth16' ? ensureGroth16(proof) : null),
  }
}
