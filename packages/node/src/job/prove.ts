import { type Limits, ProofError, type ProofSystem } from '@weft/proof'
import { publicInput } from '@weft/protocol'
import type { Task } from './task.js'

/**
 * Proves a task and verifies the proof: a proof system need not notice a witness that does not fit.
 * Errors: ProofError.
 */
export const proveTask = async (system: ProofSystem, task: Task, limits: Limits): Promise<Uint8Array> => {
  const { artifact } = task.program
  const witness = await system.execute(artifact, task.inputs, limits)
  const proof = await system.prove(artifact, task.key, witness, limits)
  if (await system.verify(task.key, publicInput(task.claim), proof)) return proof
  throw new ProofError('unsatisfied', `${artifact.name} does not prove its job’s claim with these inputs`)
}
