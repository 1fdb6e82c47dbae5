import { type Bytes32, bytesToHex, uintToBytes32 } from '@weft/protocol'
import { type DirectProof, type DirectSystem, decodeDirectProof, encodeDirectProof } from './direct.js'
import { aborted, demand, demandError, generous, type LawOf, spoiled } from './law-support.js'
import type { Artifact, Inputs } from './system.js'

/** What a direct system brings to be tested: two small programs, and inputs of the first. */
export interface DirectLawFixture {
  readonly system: DirectSystem
  readonly artifact: Artifact
  /** A program with another key. */
  readonly other: Artifact
  /** No program. */
  readonly broken: Artifact
  /** Satisfying inputs, and what they make public: at least one word. */
  readonly inputs: Inputs
  readonly publicInputs: readonly Bytes32[]
  /** Inputs that no proof satisfies, and inputs of the wrong shape. */
  readonly unsatisfied?: Inputs
  readonly malformed: Inputs
}

/** One law; `check` rejects when it does not hold. */
export type DirectLaw = LawOf<DirectLawFixture>

const proveIt = async ({ system, artifact, inputs }: DirectLawFixture) => {
  const { key, cost } = await system.setup(artifact, generous)
  return { key, cost, direct: await system.prove(artifact, key, inputs, generous) }
}

const same = (one: readonly Bytes32[], other: readonly Bytes32[]): boolean =>
  one.length === other.length && one.every((word, i) => word === other[i])

/** Public inputs that an honest proof does not prove. */
const otherStatements = (publicInputs: readonly Bytes32[]): readonly (readonly Bytes32[])[] => [
  [],
  publicInputs.slice(1),
  [...publicInputs, uintToBytes32(0n)],
  publicInputs.map((word, i) => (i === 0 ? uintToBytes32(BigInt(word) ^ 1n) : word)),
  publicInputs.map((word, i) => (i === 0 ? uintToBytes32(2n ** 256n - 1n) : word)),
]

/** What every implementation of the port of direct systems has to keep. */
export const DIRECT_SYSTEM_LAWS: readonly DirectLaw[] = [
  {
    name: 'an honest proof verifies, for its own key and public inputs alone',
    async check(fixture) {
      const { system, publicInputs, other } = fixture
      const { key, direct } = await proveIt(fixture)
      demand(same(direct.publicInputs, publicInputs), 'a proof makes something else public')
      demand(await system.verify(key, direct), 'an honest proof does not verify')
      for (const words of otherStatements(publicInputs)) {
        const changed = { ...direct, publicInputs: words }
        demand(!(await system.verify(key, changed)), 'a proof verifies for other public inputs')
      }
      const foreign = await system.setup(other, generous)
      demand(!(await system.verify(foreign.key, direct)), 'a proof verifies for another key')
    },
  },
  {
    name: 'a truncated, flipped or blank proof is refused, not thrown at',
    async check(fixture) {
      const { system } = fixture
      const { key, direct } = await proveIt(fixture)
      const refuse = async (changed: DirectProof, what: string) =>
        demand(!(await system.verify(key, changed)), `${what} verifies`)
      for (const [i, proof] of spoiled(direct.proof).entries()) {
        await refuse({ ...direct, proof }, `bad proof ${i}`)
      }
      await refuse({ ...direct, proof: Uint8Array.from([...direct.proof, 0]) }, 'a proof with one byte more')
      // The two seams at which a proof and its public inputs could be confused.
      const [first, rest] = [direct.proof.subarray(0, -32), direct.proof.subarray(-32)]
      const shifted = [bytesToHex(rest), ...direct.publicInputs]
      if (rest.length === 32) await refuse({ publicInputs: shifted, proof: first }, 'a shifted proof')
      demand(await system.verify(key, direct), 'after bad proofs an honest one does not verify')
    },
  },
  {
    name: 'setup is deterministic, and differs by program',
    async check({ system, artifact, other }) {
      const copy = { ...artifact, bytes: artifact.bytes.slice() }
      const [one, again, foreign] = [
        await system.setup(artifact, generous),
        await system.setup(copy, generous),
        await system.setup(other, generous),
      ]
      demand(one.key.hash === again.key.hash, 'two setups give two keys')
      demand(bytesToHex(one.key.bytes) === bytesToHex(again.key.bytes), 'two setups give two keys')
      demand(one.key.hash !== foreign.key.hash, 'two programs have one key')
      demand(one.key.target === 'evm', 'a key is not for Ethereum')
      demand(one.cost.gates > 0 && one.cost.memoryBytes > 0, 'a proof of no cost')
    },
  },
  {
    name: 'what an execution makes public is what its proof makes public',
    async check(fixture) {
      const { system, artifact, inputs, publicInputs } = fixture
      const executed = await system.execute(artifact, inputs, generous)
      demand(same(executed, publicInputs), 'an execution makes something else public')
    },
  },
  {
    name: 'a proof is read back from its bytes, of which it has no more than it may',
    async check(fixture) {
      const { system } = fixture
      const { key, direct } = await proveIt(fixture)
      const bytes = encodeDirectProof(direct)
      demand(bytes.length <= system.maxProofBytes, 'a proof is larger than maxProofBytes')
      const read = decodeDirectProof(bytes)
      demand(read !== null && (await system.verify(key, read)), 'a proof that was read back does not verify')
    },
  },
  {
    name: 'a key has one verifier on Ethereum, and what is none has none',
    async check({ system, artifact }) {
      const { key } = await system.setup(artifact, generous)
      const [one, again] = [await system.onChain(key), await system.onChain(key)]
      demand(JSON.stringify(one) === JSON.stringify(again), 'one key has two verifiers')
      await demandError('bad_key', () => system.onChain({ ...key, bytes: key.bytes.subarray(0, 10) }))
      await demandError('bad_key', () => system.onChain({ ...key, hash: uintToBytes32(1n) }))
    },
  },
  {
    name: 'what is no program, fits none or satisfies none is a typed error',
    async check({ system, artifact, broken, malformed, unsatisfied }) {
      await demandError('bad_artifact', () => system.setup(broken, generous))
      const { key } = await system.setup(artifact, generous)
      await demandError('bad_inputs', () => system.execute(artifact, malformed, generous))
      await demandError('bad_inputs', () => system.prove(artifact, key, malformed, generous))
      if (unsatisfied === undefined) return
      await demandError('unsatisfied', () => system.execute(artifact, unsatisfied, generous))
      await demandError('unsatisfied', () => system.prove(artifact, key, unsatisfied, generous))
    },
  },
  {
    name: 'a cancelled job fails as cancelled, and the next one works',
    async check(fixture) {
      const { system, artifact, inputs } = fixture
      const { key } = await proveIt(fixture)
      await demandError('cancelled', () => system.execute(artifact, inputs, aborted))
      await demandError('cancelled', () => system.prove(artifact, key, inputs, aborted))
      const { direct } = await proveIt(fixture)
      demand(await system.verify(key, direct), 'after a cancelled job an honest proof does not verify')
    },
  },
]
