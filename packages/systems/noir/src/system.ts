import type { Artifact, Inputs, InputValue, Limits, ProofSystem, VerificationKey, Witness } from '@weft/proof'
import { type Bytes32, ULTRAHONK } from '@weft/protocol'
import { parseAbi } from './abi.js'
import { parseArtifact, unwrapArtifact } from './artifact.js'
import { checkInputs } from './check-inputs.js'
import { compileProject } from './compile.js'
import { Executor } from './executor.js'
import { type DirectProof, Honk, MAX_PROOF_BYTES } from './honk.js'
import { withLimitsTogether } from './limits.js'
import { mergeInputs } from './merge-inputs.js'
import { publicInputsOf } from './public-inputs.js'
import type { Srs } from './srs.js'
import type { VerifierCode } from './verifier.js'
import { executeWrapped } from './wrapped.js'

export interface NoirSystemOptions {
  readonly srs: Srs
  /** Artifacts and verification keys are kept here. */
  readonly cacheFolder: string
  /** Threads of one proof. */
  readonly threads: number
  /** How long a verification, a key's hash or the code of a verifier may take, in milliseconds; two minutes unless told. */
  readonly answerMs?: number
}

/** A satisfied program. */
export interface Run {
  readonly witness: Witness
  /** What a proof of it makes public, in the order of the ABI: public parameters, then the return value. */
  readonly publicInputs: readonly Bytes32[]
  /** The return value; null if there is none. */
  readonly returned: InputValue | null
}

/** The UltraHonk proof system, with what only it can do. */
export interface NoirSystem extends ProofSystem {
  readonly srs: Srs
  /** Executes a program that wraps none, and says what its proofs make public. Errors: those of `execute`. */
  run(artifact: Artifact, inputs: Inputs, limits: Limits): Promise<Run>
  /**
   * A proof that is delivered by itself, to be verified by its own key: any number of public inputs, with zero
   * knowledge on request. It cannot be merged. Errors: those of `prove`.
   */
  proveDirect(
    artifact: Artifact,
    key: VerificationKey,
    witness: Witness,
    limits: Limits,
    zk: boolean,
  ): Promise<DirectProof>
  verifyDirect(key: VerificationKey, proof: DirectProof): Promise<boolean>
  /** The hash of a recursive key's bytes, as the merge circuit checks it. Errors: `bad_key`. */
  hashKey(key: Uint8Array): Promise<Bytes32>
  /**
   * The optimized Solidity verifier of an `evm` key; for proofs with zero knowledge if `zk`, else for those without.
   * Errors: `bad_key` for a recursive one, `setup_failed`.
   */
  verifierCode(key: VerificationKey, zk?: boolean): Promise<VerifierCode>
}

/** Peak memory of `bb`: measured 0.2 GB for any circuit and about 1.05 kB a gate, plus a margin. */
const BASE_BYTES = 300e6
const BYTES_PER_GATE = 1300

/**
 * A `bb` for setups and proofs, one for what is verified meanwhile, and a process for witnesses; each starts when it is
 * needed and does one thing at a time.
 */
export const createNoirSystem = (options: NoirSystemOptions): NoirSystem => {
  const { srs, cacheFolder } = options
  const honk = new Honk(srs, cacheFolder, options.threads, options.answerMs)
  const executor = new Executor()

  const run: NoirSystem['run'] = async (artifact, inputs, limits) => {
    const abi = parseAbi(parseArtifact(artifact).abi)
    checkInputs(abi, inputs)
    const { witness, returned } = await executor.execute(artifact, inputs, limits)
    return { witness, returned, publicInputs: publicInputsOf(abi, inputs, returned ?? undefined) }
  }

  const execute: ProofSystem['execute'] = async (artifact, inputs, limits) => {
    const wrapped = unwrapArtifact(artifact)
    if (wrapped === null) return (await run(artifact, inputs, limits)).witness
    return withLimitsTogether(limits, (each) =>
      executeWrapped(honk, run, { artifact, ...wrapped }, inputs, each),
    )
  }

  const estimate: ProofSystem['estimate'] = async (artifact, limits) => {
    const own = await honk.countGates(artifact, limits)
    const wrapped = unwrapArtifact(artifact)
    const inner = wrapped === null ? 0 : await honk.countGates(wrapped.innerArtifact, limits)
    return { gates: own + inner, memoryBytes: memoryOf(Math.max(own, inner)) }
  }

  return {
    id: ULTRAHONK,
    srs,
    maxProofBytes: MAX_PROOF_BYTES,
    compile: (folder) => compileProject(folder, cacheFolder),
    setup: (artifact, target, limits) => honk.setup(artifact, target, limits),
    estimate,
    run,
    execute,
    prove: async (artifact, key, witness, limits) =>
      (await honk.prove(artifact, key, witness, limits, false)).proof,
    proveDirect: (artifact, key, witness, limits, zk) => honk.prove(artifact, key, witness, limits, zk),
    mergeInputs,
    verify: (key, publicInput, proof) => honk.verify(key, { publicInputs: [publicInput], proof, zk: false }),
    verifyDirect: (key, proof) => honk.verify(key, proof),
    hashKey: (key) => honk.hashKey(key),
    verifierCode: (key, zk = false) => honk.verifierCode(key, zk),
    async close() {
      executor.close()
      await honk.close()
    },
  }
}

/** Peak memory of proving a circuit of that many gates, an estimate that errs upwards. */
export const memoryOf = (gates: number): number => BASE_BYTES + BYTES_PER_GATE * gates

/** The largest circuit that fits a node's memory, in gates. */
export const largestCircuit = (memoryBytes: number): number =>
  Math.max(0, Math.floor((memoryBytes - BASE_BYTES) / BYTES_PER_GATE))
