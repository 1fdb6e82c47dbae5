import { abis } from '@weft/contracts'
import {
  type Address,
  bytesToHex,
  claimsRoot,
  type Hex,
  hashWords,
  keccak256,
  type Order,
  REQUEST,
  structHash,
  TAKES,
  type Takes,
} from '@weft/protocol'
import { encodeFunctionData } from 'viem'
import type { Call } from '../sender/index.js'
import { programProofs } from './batch.js'
import type { DeliverableProof, DirectRecord } from './proof.js'

/*
 * Direct proofs on their way to L1. All of it happens once, so ids are made of keys, roots and requests.
 */

const recordData = (proofs: readonly DeliverableProof[]): Hex => {
  const [first, ...others] = proofs
  if (first === undefined) throw new RangeError('there is no proof to record')
  const { system, key, proof, publicInputs } = first
  const abi = abis.ProofRegistry
  return others.length === 0
    ? encodeFunctionData({
        abi,
        functionName: 'record',
        args: [system, key, bytesToHex(proof), publicInputs],
      })
    : encodeFunctionData({ abi, functionName: 'recordBatch', args: [system, programProofs(proofs)] })
}

/** Records proofs of one system, in their order; one alone is its own root. Throws a RangeError for none. */
export const recordCall = (registry: Address, proofs: readonly DeliverableProof[]): Call => ({
  id: `record:${registry}:${claimsRoot(proofs.map(({ job }) => job))}`,
  to: registry,
  data: recordData(proofs),
  valueWei: 0n,
})

/** Keeps a Groth16 key on L1 for good. */
export const registerKeyCall = (groth16Verifier: Address, keyBytes: Uint8Array): Call => ({
  id: `registerKey:${groth16Verifier}:${keccak256(keyBytes)}`,
  to: groth16Verifier,
  data: encodeFunctionData({
    abi: abis.Groth16Verifier,
    functionName: 'register',
    args: [bytesToHex(keyBytes)],
  }),
  valueWei: 0n,
})

/** Makes a deployed contract the verifier of the key that its code and the called function make. */
export const registerVerifierCall = (
  contractVerifiers: Address,
  verifier: Address,
  selector: Hex,
  takes: Takes,
): Call => ({
  id: `registerVerifier:${contractVerifiers}:${verifier}:${selector}:${takes}`,
  to: contractVerifiers,
  data: encodeFunctionData({
    abi: abis.ContractVerifiers,
    functionName: 'register',
    args: [verifier, selector, TAKES.indexOf(takes)],
  }),
  valueWei: 0n,
})

/** An order and where its job is recorded. */
export interface ProvenOrder {
  readonly order: Order
  readonly record: Pick<DirectRecord, 'index' | 'siblings'>
}

/** Pays for the orders whose jobs are recorded in the registry; those that have become impossible are skipped. */
export const settleProvenCall = (market: Address, orders: readonly ProvenOrder[]): Call => ({
  id: `settleProven:${market}:${hashWords(...orders.map(({ order }) => structHash(REQUEST, order.request)))}`,
  to: market,
  data: encodeFunctionData({
    abi: abis.Market,
    functionName: 'settleProven',
    args: [
      orders.map(({ order, record: { index, siblings } }) => ({ order, index: BigInt(index), siblings })),
    ],
  }),
  valueWei: 0n,
})
