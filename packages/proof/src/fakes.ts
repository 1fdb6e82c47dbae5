import { type Bytes32, hashWords, tag, uintToBytes32 } from '@weft/protocol'
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
