import { type Artifact, type Inputs, type Limits, ProofError, type Witness } from '@weft/proof'
import { type Abi, parseAbi } from './abi.js'
import type { Inner } from './artifact.js'
import { checkInputs } from './check-inputs.js'
import type { Honk } from './honk.js'
import { KEY_FIELDS, toFields } from './merge-inputs.js'
import type { NoirSystem } from './system.js'

/** A wrapper's artifact and the program inside of it. */
export interface Wrapped {
  readonly artifact: Artifact
  readonly inner: Inner
  readonly innerArtifact: Artifact
}

/** What a wrapper is executed with: `inner`, the inner program's inputs, and `prover`. */
export const wrappedAbi = ({ parameters }: Abi): Abi => ({
  parameters: [
    {
      name: 'inner',
      type: { kind: 'struct', path: 'the inner program’s inputs', fields: parameters },
      visibility: 'private',
    },
    { name: 'prover', type: { kind: 'field' }, visibility: 'private' },
  ],
  return_type: null,
})

const keyOf = (inner: Inner, name: string): Uint8Array => {
  const bytes = Buffer.from(inner.key, 'base64')
  if (bytes.length === 32 * KEY_FIELDS) return bytes
  throw new ProofError('bad_artifact', `${name} has no key of the program it wraps: wrap it again`)
}

/**
 * The witness of a wrapper: executes and proves the inner program, then executes the wrapper with that proof.
 * Errors: those of executing and of proving.
 */
export const executeWrapped = async (
  honk: Honk,
  run: NoirSystem['run'],
  { artifact, inner, innerArtifact }: Wrapped,
  inputs: Inputs,
  limits: Limits,
): Promise<Witness> => {
  checkInputs(wrappedAbi(parseAbi(inner.abi)), inputs)
  const bytes = keyOf(inner, artifact.name)
  const { witness } = await run(innerArtifact, inputs.inner as Inputs, limits)
  const key = { target: 'recursive', bytes } as const
  const { publicInputs, proof } = await honk.prove(innerArtifact, key, witness, limits, inner.zk)
  const wrapperInputs = {
    key: toFields(bytes),
    proof: toFields(proof),
    ...(publicInputs.length === 0 ? {} : { public_inputs: publicInputs }),
    prover: inputs.prover as string,
  }
  return (await run(artifact, wrapperInputs, limits)).witness
}
