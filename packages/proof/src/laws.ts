import type { Bytes32 } from '@weft/protocol'
import { aborted, demand, demandError, generous, type LawOf, spoiled } from './law-support.js'
import type { Artifact, Inputs, ProofSystem } from './system.js'

/** What a proof system brings to be tested: a small program and inputs. */
export interface LawFixture {
  readonly system: ProofSystem
  /** Folder of a small program and of one that does not compile. */
  readonly program: string
  readonly broken: string
  /** Satisfying inputs and the public input they prove. */
  readonly inputs: Inputs
  readonly publicInput: Bytes32
  /** Inputs that no witness satisfies, and inputs of the wrong shape. */
  readonly unsatisfied?: Inputs
  readonly malformed: Inputs
}

/** One law; `check` rejects when it does not hold. */
export type Law = LawOf<LawFixture>

const proveIt = async ({ system, program, inputs }: LawFixture) => {
  const artifact = await system.compile(program)
  const key = await system.setup(artifact, 'recursive', generous)
  const witness = await system.execute(artifact, inputs, generous)
  return { artifact, key, witness, proof: await system.prove(artifact, key, witness, generous) }
}

/** What every implementation of the port has to keep. */
export const PROOF_SYSTEM_LAWS: readonly Law[] = [
  {
    name: 'an honest proof verifies, for its own public input alone',
    async check(fixture) {
      const { key, proof } = await proveIt(fixture)
      const { system, publicInput } = fixture
      demand(proof.length <= system.maxProofBytes, 'a proof is larger than maxProofBytes')
      demand(await system.verify(key, publicInput, proof), 'an honest proof does not verify')
      const other: Bytes32 = `0x${'00'.repeat(31)}01`
      demand(!(await system.verify(key, other, proof)), 'a proof verifies for another public input')
    },
  },
  {
    name: 'a truncated, flipped, empty or foreign proof is refused, not thrown at',
    async check(fixture) {
      const { key, proof } = await proveIt(fixture)
      const { system, publicInput } = fixture
      for (const [i, candidate] of spoiled(proof).entries()) {
        demand(!(await system.verify(key, publicInput, candidate)), `bad proof ${i} verifies`)
      }
      demand(await system.verify(key, publicInput, proof), 'after bad proofs an honest one does not verify')
    },
  },
  {
    name: 'setup is deterministic, and differs by target',
    async check({ system, program }) {
      const artifact = await system.compile(program)
      const [one, again, evm] = [
        await system.setup(artifact, 'recursive', generous),
        await system.setup(artifact, 'recursive', generous),
        await system.setup(artifact, 'evm', generous),
      ]
      demand(one.hash === again.hash, 'two setups give two keys')
      demand(one.hash !== evm.hash, 'both targets have one key')
    },
  },
  {
    name: 'estimates a positive size',
    async check({ system, program }) {
      const cost = await system.estimate(await system.compile(program), generous)
      demand(cost.gates > 0 && cost.memoryBytes > 0, 'a circuit of no size')
    },
  },
  {
    name: 'what does not compile, fit or satisfy is a typed error',
    async check({ system, program, broken, malformed, unsatisfied }) {
      await demandError('compile_failed', () => system.compile(broken))
      const artifact: Artifact = await system.compile(program)
      await demandError('bad_inputs', () => system.execute(artifact, malformed, generous))
      if (unsatisfied !== undefined) {
        await demandError('unsatisfied', () => system.execute(artifact, unsatisfied, generous))
      }
    },
  },
  {
    name: 'a cancelled job fails as cancelled, and the next one works',
    async check(fixture) {
      const { system, inputs } = fixture
      const { artifact } = await proveIt(fixture)
      await demandError('cancelled', () => system.execute(artifact, inputs, aborted))
      await proveIt(fixture)
    },
  },
]
