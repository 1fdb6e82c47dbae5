import { type Inputs, ProofError, type ProofSystem, type VerificationKey } from '@weft/proof'
import {
  type Bytes32,
  keccak256,
  MERGE_WORK,
  parallelOf,
  publicInput,
  sequenceOf,
  type Transition,
  tag,
} from '@weft/protocol'

const utf8 = (text: string) => new TextEncoder().encode(text)
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

export const keyOf = (target: 'recursive' | 'evm', name: string): VerificationKey => {
  const bytes = utf8(`${target}:${name}`)
  return { target, bytes, hash: keccak256(bytes) }
}

/** What the fake is asked to do with a job: the inputs' `behave`. */
export type Behaviour = 'lie' | 'hang' | ProofError['code']

/**
 * A proof system without proofs: a witness is the public input that the inputs make, a proof is the key's hash and
 * that input. `hold` stops proving until it is called with false.
 */
export const createTestSystem = () => {
  const started: string[] = []
  const aborted: string[] = []
  let gate: Promise<void> = Promise.resolve()
  let release: () => void = () => undefined

  const witnessOf = ({ behave, prover, merged, ...segment }: Inputs): string => {
    if (behave === 'lie') return tag('something else')
    if (behave !== undefined && behave !== 'hang')
      throw new ProofError(behave as ProofError['code'], `it ${behave}`)
    if (merged !== undefined) return merged as string
    const { pre, post, data, work } = segment as Record<string, Bytes32>
    const claim = { kind: 'transition', pre, post, data, prover, work: BigInt(work ?? 0) } as Transition
    return publicInput(claim)
  }

  const system: ProofSystem = {
    id: tag('system.node-test'),
    maxProofBytes: 1024,
    compile: () => Promise.reject(new Error('not used')),
    setup: () => Promise.reject(new Error('not used')),
    estimate: () => Promise.reject(new Error('not used')),
    async execute(_, inputs, limits) {
      const witness = witnessOf(inputs)
      if (inputs.behave === 'hang' && !limits.signal.aborted) {
        await new Promise<void>((resolve) => limits.signal.addEventListener('abort', resolve, { once: true }))
      }
      if (limits.signal.aborted) throw new ProofError('cancelled', 'the job was cancelled')
      return utf8(witness)
    },
    async prove(artifact, key, witness, limits) {
      started.push(artifact.name)
      const cancelled = new Promise<void>((resolve) =>
        limits.signal.addEventListener('abort', resolve, { once: true }),
      )
      await Promise.race([gate, cancelled])
      if (limits.signal.aborted) {
        aborted.push(artifact.name)
        throw new ProofError('cancelled', 'the job was cancelled')
      }
      return utf8(`${keccak256(key.bytes)} ${text(witness)}`)
    },
    mergeInputs(mode, left, right, { prover, mergeKey }) {
      const by = { prover, work: MERGE_WORK, mergeKey }
      const claim = (mode === 'sequence' ? sequenceOf : parallelOf)(left.claim, right.claim, by)
      return { merged: publicInput(claim) }
    },
    verify: async (key, input, proof) => text(proof) === `${keccak256(key.bytes)} ${input}`,
    close: async () => undefined,
  }
  return {
    system,
    /** Names of the programs whose proofs were begun, and of those that were cancelled. */
    started,
    aborted,
    hold(isHeld: boolean) {
      if (isHeld) {
        gate = new Promise((resolve) => {
          release = resolve
        })
      } else release()
    },
  }
}

export const proofOf = (key: VerificationKey, input: Bytes32): Uint8Array =>
  utf8(`${keccak256(key.bytes)} ${input}`)
