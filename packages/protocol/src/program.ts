import type { Statement } from './claim.js'
import { hashWords, tag } from './hash.js'
import { type Bytes32, ZERO_BYTES32 } from './hex.js'
import type { Delivery } from './intents/request.js'

const PROGRAM = tag('program')

/** UltraHonk over BN254 with Poseidon2 transcripts: the proofs that the merge circuit verifies. */
export const ULTRAHONK = tag('system.ultrahonk')

/** Groth16 over BN254, verified by the one contract that knows every key; proofs are delivered alone or in batches. */
export const GROTH16 = tag('system.groth16')

/**
 * Whatever a verifier contract of its own says yes to: the key is the hash of that contract's code and of the function
 * that is called. Proofs are delivered alone.
 */
export const CONTRACT = tag('system.contract')

/**
 * The id of a program: its proof system and the hash of its verification key. Whoever holds the key can
 * recompute it, so nobody can register a program under another's id.
 */
export const programId = (system: Bytes32, keyHash: Bytes32): Bytes32 => hashWords(PROGRAM, system, keyHash)

/** How a proof that nothing merges can be delivered, by its program's proof system: `GROTH16` or `CONTRACT`. */
export const directDeliveries = (system: Bytes32): readonly Delivery[] =>
  system === GROTH16 ? ['individual', 'batched'] : ['individual']

/**
 * The data of a statement by a program that states no claim: keccak-256 of its public inputs, one word behind the
 * other. Its pre and post are zero.
 */
export const publicInputsHash = (publicInputs: readonly Bytes32[]): Bytes32 => hashWords(...publicInputs)

/** What a program states that makes no claim. */
export const directStatement = (publicInputs: readonly Bytes32[]): Omit<Statement, 'program'> => ({
  pre: ZERO_BYTES32,
  post: ZERO_BYTES32,
  data: publicInputsHash(publicInputs),
})
