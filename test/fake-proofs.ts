import type { Calibration } from '@weft/node'
import type { MergeProgram, Program, ProofSystem } from '@weft/proof'
import {
  type Bytes32,
  bytesToHex,
  hexToBytes,
  MERGE_WORK,
  programId,
  publicInput,
  ZERO_BYTES32,
} from '@weft/protocol'
import { createTestSystem, keyOf } from '../packages/node/test/support/system.js'

const { system: recursive } = createTestSystem()

/**
 * The nodes' proof system without proofs, made to fit the contracts' mock verifier: a proof for Ethereum is its
 * public input.
 */
export const system: ProofSystem = {
  ...recursive,
  prove: async (artifact, key, witness, limits) =>
    key.target === 'evm'
      ? hexToBytes(new TextDecoder().decode(witness) as Bytes32)
      : recursive.prove(artifact, key, witness, limits),
  verify: async (key, input, proof) =>
    key.target === 'evm' ? bytesToHex(proof) === input : recursive.verify(key, input, proof),
}

const programOf = (name: string, work: bigint): Program => {
  const key = keyOf('recursive', name)
  const artifact = { name, bytes: new TextEncoder().encode(`artifact of ${name}`) }
  return { id: programId(system.id, key.hash), name, artifact, key, gates: 1000, work }
}

export const leaf: Program = programOf('leaf', 500n)
export const merge: MergeProgram = { ...programOf('merge', MERGE_WORK), evmKey: keyOf('evm', 'merge') }

const NOTHING = { pre: ZERO_BYTES32, post: ZERO_BYTES32, data: ZERO_BYTES32 }

/** A node's self-test: one proof of `leaf` that says nothing. */
export const calibration: Calibration = {
  artifact: leaf.artifact,
  key: leaf.key,
  gates: leaf.gates,
  inputs: (prover) => ({ ...NOTHING, work: '5', prover }),
  publicInput: (prover) => publicInput({ kind: 'transition', ...NOTHING, work: 5n, prover }),
}
