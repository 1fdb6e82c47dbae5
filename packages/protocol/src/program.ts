import { hashWords, tag } from './hash.js'
import type { Bytes32 } from './hex.js'

const PROGRAM = tag('program')

/** UltraHonk over BN254 with Poseidon2 transcripts: the proofs that the merge circuit verifies. */
export const ULTRAHONK = tag('system.ultrahonk')

/**
 * The id of a program: its proof system and the hash of its verification key. Whoever holds the key can
 * recompute it, so nobody can register a program under another's id.
 */
export const programId = (system: Bytes32, keyHash: Bytes32): Bytes32 => hashWords(PROGRAM, system, keyHash)
