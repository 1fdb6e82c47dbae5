import { type Bytes32, GROTH16, hashWords, tag, uintToBytes32 } from '@weft/protocol'
import type { DirectProof, DirectSystem } from './direct.js'
import { ProofError } from './error.js'
import type { Artifact, Limits, ProofSystem, VerificationKey } from './system.js'

const FAKE = tag('system.fake')

const numberOf = (bytes: Uint8Array): bigint =>
  bytes.reduce((sum, byte) => (sum * 256n + BigInt(byte)) % 2n ** 256n, 0n)
const hashOf = (bytes: Uint8Array): Bytes32 => hashWords(uintToBytes32(numberOf(bytes)))
const bytesOf = (text: string): Uint8Array =>
  Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff)

const checkCancelled = (limits: Limits) => {
  if (limits.signal.aborted) throw new ProofError('cancelled', 'the job was cancelled')
}

/**
 * A proof system without proofs, for tests: a witness is the public input that the inputs name as `publicInput`,
 * a proof is the key's hash and that input. `accepts` says what the verifier makes of a well-formed proof.
 */
export const fakeSystem = (accepts: 'honest' | 'everything' | 'nothing'): ProofSystem => ({
  id: FAKE,
  maxProofBytes: 1024,
  async compile(folder) {
    if (folder.includes('missing'))
      throw new ProofError('compile_failed', `no program in ${folder}`, { folder })
    return { name: folder, bytes: bytesOf(folder) }
  },
  async setup(artifact: Artifact, target, limits): Promise<VerificationKey> {
    checkCancelled(limits)
    const bytes = bytesOf(`${target}:${artifact.name}`)
    return { target, bytes, hash: hashOf(bytes) }
  },
  async estimate(artifact) {
    return { gates: 1000 * artifact.bytes.length, memoryBytes: 1_000_000 }
  },
  async execute(artifact, inputs, limits) {
    checkCancelled(limits)
    const { publicInput } = inputs
    if (publicInput === 'unsatisfied')
      throw new ProofError('unsatisfied', `${artifact.name}: a constraint failed`)
    if (typeof publicInput !== 'string')
      throw new ProofError('bad_inputs', `${artifact.name}: no publicInput`)
    return bytesOf(publicInput)
  },
  async prove(_artifact, key, witness, limits) {
    checkCancelled(limits)
    return Uint8Array.from([...bytesOf(key.hash), ...witness])
  },
  mergeInputs: (mode, left, right, by) => ({ mode, left: left.claim.kind, right: right.claim.kind, ...by }),
  async verify(key, publicInput, proof) {
    if (accepts !== 'honest') return accepts === 'everything'
    const expected = Uint8Array.from([...bytesOf(key.hash), ...bytesOf(publicInput)])
    return expected.length === proof.length && expected.every((byte, i) => byte === proof[i])
  },
  async close() {
    // It holds nothing.
  },
})

/**
 * A direct system without proofs, for tests: inputs name the public inputs as `publicInputs`, an artifact is its own key.
 * `accepts` says what the verifier makes of a well-formed proof.
 */
export const fakeDirectSystem = (
  name: string,
  accepts: 'honest' | 'everything' | 'nothing' = 'honest',
): DirectSystem => {
  const execute: DirectSystem['execute'] = async (artifact, { publicInputs }, limits) => {
    checkCancelled(limits)
    if (publicInputs === 'unsatisfied')
      throw new ProofError('unsatisfied', `${artifact.name}: a constraint failed`)
    if (!Array.isArray(publicInputs))
      throw new ProofError('bad_inputs', `${artifact.name}: no publicInputs`, { field: 'publicInputs' })
    return publicInputs as Bytes32[]
  }
  const proofOf = (key: VerificationKey, publicInputs: readonly Bytes32[]): DirectProof => ({
    publicInputs,
    proof: bytesOf(hashWords(key.hash, ...publicInputs)),
  })
  return {
    name,
    id: GROTH16,
    maxProofBytes: 4096,
    async setup(artifact) {
      if (artifact.bytes.length === 0) throw new ProofError('bad_artifact', `${artifact.name} is empty`)
      const key = { target: 'evm', bytes: artifact.bytes, hash: hashOf(artifact.bytes) } as const
      return { key, cost: { gates: 1000 * artifact.bytes.length, memoryBytes: 1_000_000 } }
    },
    async onChain({ bytes, hash }) {
      if (hashOf(bytes) !== hash) throw new ProofError('bad_key', 'the key is not what it is called')
      return { kind: 'groth16' }
    },
    execute,
    prove: async (artifact, key, inputs, limits) => proofOf(key, await execute(artifact, inputs, limits)),
    async verify(key, { publicInputs, proof }) {
      if (accepts !== 'honest') return accepts === 'everything'
      const expected = proofOf(key, publicInputs).proof
      return expected.length === proof.length && expected.every((byte, i) => byte === proof[i])
    },
    async close() {
      // It holds nothing.
    },
  }
}
