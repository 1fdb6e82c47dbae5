import { encodeDirectProof, type Limits, ProofError, type ProofSystem } from '@weft/proof'
import { publicInput, publicInputsHash } from '@weft/protocol'
import type { DirectTask, MergedTask, Task } from './task.js'

/**
 * Proves a task and verifies the proof: a proof system need not notice a witness that does not fit.
 * Errors: ProofError.
 */
export const proveTask = (system: ProofSystem, task: Task, limits: Limits): Promise<Uint8Array> =>
  task.kind === 'direct' ? proveDirect(task, limits) : proveMerged(system, task, limits)

const proveMerged = async (system: ProofSystem, task: MergedTask, limits: Limits): Promise<Uint8Array> => {
  const { artifact } = task.program
  const witness = await system.execute(artifact, task.inputs, limits)
  const proof = await system.prove(artifact, task.key, witness, limits)
  if (await system.verify(task.key, publicInput(task.claim), proof)) return proof
  throw new ProofError('unsatisfied', `${artifact.name} does not prove its job’s claim with these inputs`)
}

const proveDirect = async (task: DirectTask, limits: Limits): Promise<Uint8Array> => {
  const { system, program, key, inputs, data } = task
  const { artifact } = program
  const proof = await system.prove(artifact, key, inputs, limits)
  if (publicInputsHash(proof.publicInputs) !== data) {
    throw new ProofError(
      'unsatisfied',
      `with these inputs ${artifact.name} makes other public inputs public than the request says`,
    )
  }
  if (await system.verify(key, proof)) return encodeDirectProof(proof)
  throw new ProofError('unsatisfied', `the inputs do not satisfy ${artifact.name}: its proof does not verify`)
}
