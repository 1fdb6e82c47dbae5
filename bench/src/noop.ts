import type { MergeProgram, Program, Target, VerificationKey, Verifier } from '@weft/proof'
import { type Bytes32, MERGE_WORK, programId, tag, uintToBytes32 } from '@weft/protocol'

/** A proof system that does nothing: what is left is the cost of dispatching. */
export const NOOP_SYSTEM: Bytes32 = tag('system.noop')

/** Every no-op proof. */
export const NOOP_PROOF = new TextEncoder().encode('nothing was proven')

export const noopVerifier: Verifier = { verify: async () => true }

const noopKey = (name: string, target: Target): VerificationKey => ({
  target,
  bytes: new TextEncoder().encode(`${name} ${target}`),
  hash: tag(`noop.${name}`),
})

const noopProgram = (name: string, work: bigint): Program => {
  const key = noopKey(name, 'recursive')
  const artifact = { name, bytes: new TextEncoder().encode(name) }
  return { id: programId(NOOP_SYSTEM, key.hash), name, artifact, key, gates: 1000, work }
}

export const noopSegment = noopProgram('segment', 1000n)
export const noopMerge: MergeProgram = {
  ...noopProgram('merge', MERGE_WORK),
  evmKey: noopKey('merge', 'evm'),
}

export const word = (value: number): Bytes32 => uintToBytes32(BigInt(value))
