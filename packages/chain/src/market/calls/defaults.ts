import { abis } from '@weft/contracts'
import {
  type Address,
  type Bytes32,
  COMMITMENT,
  type Commitment,
  type Evidence,
  type Request,
  type SignedCommitment,
  structHash,
} from '@weft/protocol'
import { encodeFunctionData } from 'viem'
import type { Call } from '../../sender/index.js'

/*
 * What becomes of commitments. Each of it happens to a commitment once, so ids are made of commitments.
 */

const abi = abis.Defaults

const keyOf = (commitment: Commitment): Bytes32 => structHash(COMMITMENT, commitment)

/** Accuses a prover of a default: the job was proven by the runner-up of `rescue`, after the deadline of `broken`. */
export const accuseCall = (
  defaults: Address,
  request: Request,
  broken: SignedCommitment,
  rescue: SignedCommitment,
  evidence: Evidence,
): Call => ({
  id: `accuse:${defaults}:${keyOf(broken.commitment)}`,
  to: defaults,
  data: encodeFunctionData({ abi, functionName: 'accuse', args: [request, broken, rescue, evidence] }),
  valueWei: 0n,
})

/** Makes an accusation that was not answered in time a default. */
export const convictCall = (defaults: Address, request: Request, commitment: Commitment): Call => ({
  id: `convict:${defaults}:${keyOf(commitment)}`,
  to: defaults,
  data: encodeFunctionData({ abi, functionName: 'convict', args: [request, commitment] }),
  valueWei: 0n,
})

/** Clears a commitment with its prover's own proof of the job. */
export const defendCall = (defaults: Address, commitment: Commitment, own: Evidence): Call => ({
  id: `defend:${defaults}:${keyOf(commitment)}`,
  to: defaults,
  data: encodeFunctionData({ abi, functionName: 'defend', args: [commitment, own] }),
  valueWei: 0n,
})

/** Takes back a commitment before its deadline; for the prover and its hot key. */
export const releaseCall = (defaults: Address, request: Request, commitment: Commitment): Call => ({
  id: `release:${defaults}:${keyOf(commitment)}`,
  to: defaults,
  data: encodeFunctionData({ abi, functionName: 'release', args: [request, commitment] }),
  valueWei: 0n,
})
