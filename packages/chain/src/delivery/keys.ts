import { abis } from '@weft/contracts'
import {
  type Address,
  type Bytes32,
  bytesToHex,
  contractKeyHash,
  type Hex,
  hexToBytes,
  keccak256,
  type OnChainVerifier,
  WeftError,
} from '@weft/protocol'
import { zeroAddress } from 'viem'
import type { L1Client } from '../client.js'
import { WEFT_ABI } from '../contracts.js'
import { create } from '../create.js'
import { isUnreachable } from '../link.js'
import { read } from '../read.js'
import { revertOf } from '../revert.js'
import type { Call, Sender } from '../sender/index.js'
import { simulate } from '../simulate.js'
import type { DeliveryAddresses } from './addresses.js'
import { registerKeyCall, registerVerifierCall } from './calls.js'
import type { DeliverableProof } from './proof.js'

/** A verifier of one key's own. */
type OwnVerifier = Exclude<OnChainVerifier, { readonly kind: 'groth16' }>

/** Verification keys on L1. */
export interface Keys {
  /**
   * Registers a proof's key unless L1 has it, and deploys the verifier where it needs one of its own. Asked again, it goes
   * on where it stopped. Resolves with L1's refusal of the key, and with null once it is there.
   * Errors: those of `Sender.send`; `l1_unavailable`.
   */
  ensure(proof: DeliverableProof): Promise<WeftError | null>
}

const keyOf = (code: Hex, { selector, takes }: Pick<OwnVerifier, 'selector' | 'takes'>): Bytes32 =>
  contractKeyHash({ codeHash: keccak256(hexToBytes(code)), selector, takes })

const foreignVerifier = (key: Bytes32, made: Bytes32) =>
  new WeftError(
    'foreign_verifier',
    `the verifier contract makes key ${made}, not ${key}: give the contract that the key was made from`,
    { key, made },
  )

export const createKeys = (
  sender: Sender,
  client: L1Client,
  { groth16Verifier, contractVerifiers }: Pick<DeliveryAddresses, 'groth16Verifier' | 'contractVerifiers'>,
): Keys => {
  /** The refusal, or null once it is sent. */
  const send = async (call: Call) => {
    const simulation = await simulate(client, sender.address, call)
    if (simulation.kind === 'refused') return simulation.refusal
    await sender.send(call)
    return null
  }

  const codeAt = async (address: Address) =>
    (await read('a verifier’s code', client.getCode({ address }))) ?? '0x'

  /** The code that a verifier contract has, or will have. */
  const codeOf = async (verifier: OwnVerifier) => {
    if (verifier.kind === 'contract') {
      const creation = { to: null, data: bytesToHex(verifier.creationCode), valueWei: 0n }
      return simulate(client, sender.address, creation)
    }
    return { kind: 'done', data: await codeAt(verifier.address) } as const
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

  const ensureContract = async (
    { key }: DeliverableProof,
    verifier: OwnVerifier,
  ): Promise<WeftError | null> => {
    const call = {
      address: contractVerifiers,
      abi: abis.ContractVerifiers,
      functionName: 'verifierOf',
    } as const
    const [known] = await read('the verifier of a key', client.readContract({ ...call, args: [key] }))
    const { selector, takes } = verifier
    // Another with its code can take the place of a contract that has lost it.
    if (known !== zeroAddress && keyOf(await codeAt(known), verifier) === key) return null
    const code = await codeOf(verifier)
    if (code.kind === 'refused') return code.refusal
    // Looked at before anything is paid: another contract would be no use.
    const made = keyOf(code.data, verifier)
    if (made !== key) return foreignVerifier(key, made)
    const address: Address =
      verifier.kind === 'contract'
        ? await create(sender, bytesToHex(verifier.creationCode))
        : verifier.address
    return send(registerVerifierCall(contractVerifiers, address, selector, takes))
  }

  return {
    ensure: (proof) =>
      proof.verifier.kind === 'groth16' ? ensureGroth16(proof) : ensureContract(proof, proof.verifier),
  }
}
