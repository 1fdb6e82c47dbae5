import { programId } from '@weft/protocol'
import type { MergeProgram, Program } from './program.js'
import type { Artifact, Limits, Preparer, ProofSystem } from './system.js'

/** Key, id and size of a compiled program; `work` is what its claim declares. */
export const prepareProgram = async (
  system: Preparer & Pick<ProofSystem, 'id'>,
  artifact: Artifact,
  work: bigint,
  limits: Limits,
): Promise<Program> => {
  const key = await system.setup(artifact, 'recursive', limits)
  const { gates } = await system.estimate(artifact, limits)
  return { id: programId(system.id, key.hash), name: artifact.name, artifact, key, gates, work }
}

/** The same for the merge program, with its key for Ethereum. */
export const prepareMerge = async (
  system: Preparer & Pick<ProofSystem, 'id'>,
  artifact: Artifact,
  work: bigint,
  limits: Limits,
): Promise<MergeProgram> => {
  const program = await prepareProgram(system, artifact, work, limits)
  return { ...program, evmKey: await system.setup(artifact, 'evm', limits) }
}
