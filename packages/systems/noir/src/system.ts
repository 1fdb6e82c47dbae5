import { Barretenberg } from '@aztec/bb.js'
import {
  type Artifact,
  type Cost,
  type Limits,
  ProofError,
  type ProofSystem,
  type Target,
  type VerificationKey,
} from '@weft/proof'
import { type Bytes32, bytesToHex, hexToBytes, ULTRAHONK } from '@weft/protocol'
import { bytecodeOf, sha256 } from './artifact.js'
import { BB_VERSION } from './bb-binary.js'
import { BbProcess } from './bb-process.js'
import { compileProject } from './compile.js'
import { patchSolidity } from './dev-srs.js'
import { Executor } from './executor.js'
import { KeyCache } from './key-cache.js'
import { withLimits } from './limits.js'
import { KEY_FIELDS, mergeInputs } from './merge-inputs.js'
import type { Srs } from './srs.js'
import { compileVerifier } from './verifier.js'

export interface NoirSystemOptions {
  readonly srs: Srs
  /** Artifacts and verification keys are kept here. */
  readonly cacheFolder: string
  /** Threads of one proof. */
  readonly threads: number
}

/** The UltraHonk proof system, with what only it can do. */
export interface NoirSystem extends ProofSystem {
  readonly srs: Srs
  /** The hash of a recursive key's bytes, as the merge circuit checks it. Errors: `bad_key`. */
  hashKey(key: Uint8Array): Promise<Bytes32>
  /** Creation bytecode of the optimized Solidity verifier of an `evm` key. */
  verifierBytecode(key: VerificationKey): Promise<Uint8Array>
}

/** Peak memory of `bb`: measured 0.2 GB for any circuit and about 1.05 kB a gate, plus a margin. */
const BASE_BYTES = 300e6
const BYTES_PER_GATE = 1300
const FIELD = 32
/** Fields of the largest proof, `evm` at 2^28 gates. */
const MAX_PROOF_FIELDS = 600

const settingsOf = (target: Target) => ({
  ipaAccumulation: false,
  oracleHashType: target === 'evm' ? 'keccak' : 'poseidon2',
  disableZk: true,
  optimizedSolidityVerifier: target === 'evm',
})

const splitFields = (bytes: Uint8Array): Uint8Array[] =>
  Array.from({ length: bytes.length / FIELD }, (_, i) => bytes.subarray(FIELD * i, FIELD * (i + 1)))

/** An answer of `bb` that says no, as opposed to a `bb` that could not answer. */
const isRefusal = (error: unknown) => error instanceof Error && error.name !== 'ProofError'

/** One `bb` process for everything that is asked of it, one request at a time. */
export const createNoirSystem = (options: NoirSystemOptions): NoirSystem => {
  const { srs } = options
  const process = new BbProcess({ bbPath: srs.bbPath, crsPath: srs.crsPath, threads: options.threads })
  const api = new Barretenberg(process, {})
  const executor = new Executor()
  const keys = new KeyCache(options.cacheFolder)

  const setup = async (artifact: Artifact, target: Target, limits: Limits): Promise<VerificationKey> => {
    const name = `${artifact.name}-${target}-${srs.kind}-${BB_VERSION}-${sha256(artifact.bytes).slice(0, 32)}`
    const cached = await keys.get(name)
    if (cached !== null) return { target, ...cached }
    const circuit = { name: artifact.name, bytecode: bytecodeOf(artifact) }
    const { bytes, hash } = await withLimits(process, limits, () =>
      api.circuitComputeVk({ circuit, settings: settingsOf(target) }),
    )
    const key = { hash: bytesToHex(hash), bytes }
    await keys.put(name, key)
    return { target, ...key }
  }

  const estimate = async (artifact: Artifact, limits: Limits): Promise<Cost> => {
    const circuit = {
      name: artifact.name,
      bytecode: bytecodeOf(artifact),
      verificationKey: new Uint8Array(0),
    }
    const { numGates } = await withLimits(process, limits, () =>
      api.circuitStats({ circuit, includeGatesPerOpcode: false, settings: settingsOf('recursive') }),
    )
    return { gates: numGates, memoryBytes: memoryOf(numGates) }
  }

  const prove: ProofSystem['prove'] = async (artifact, key, witness, limits) => {
    const circuit = { name: artifact.name, bytecode: bytecodeOf(artifact), verificationKey: key.bytes }
    const { proof } = await withLimits(process, limits, async () => {
      try {
        return await api.circuitProve({ circuit, witness, settings: settingsOf(key.target) })
      } catch (cause) {
        if (!isRefusal(cause)) throw cause
        throw new ProofError('bad_inputs', `bb refused ${artifact.name}: ${String(cause)}`, {}, { cause })
      }
    })
    return Buffer.concat(proof)
  }

  const verifyOnce = async (key: VerificationKey, publicInput: Bytes32, proof: Uint8Array) => {
    try {
      const { verified } = await api.circuitVerify({
        verificationKey: key.bytes,
        publicInputs: [hexToBytes(publicInput)],
        proof: splitFields(proof),
        settings: settingsOf(key.target),
      })
      return verified
    } catch (error) {
      // bb throws on what is not even shaped like a proof.
      if (isRefusal(error)) return false
      throw error
    }
  }

  const verify: ProofSystem['verify'] = async (key, publicInput, proof) => {
    if (proof.length === 0 || proof.length % FIELD !== 0 || proof.length > MAX_PROOF_FIELDS * FIELD)
      return false
    try {
      return await verifyOnce(key, publicInput, proof)
    } catch (error) {
      if (!(error instanceof ProofError) || error.code !== 'prover_crashed') throw error
      // The machine may be at fault the first time; a proof that ends a second verifier is no proof.
      return await verifyOnce(key, publicInput, proof).catch((again: unknown) => {
        if (again instanceof ProofError && again.code === 'prover_crashed') return false
        throw again
      })
    }
  }

  return {
    id: ULTRAHONK,
    srs,
    maxProofBytes: MAX_PROOF_FIELDS * FIELD,
    compile: (folder) => compileProject(folder, options.cacheFolder),
    setup,
    estimate,
    execute: (artifact, inputs, limits) => executor.execute(artifact, inputs, limits),
    prove,
    mergeInputs,
    verify,
    async hashKey(key) {
      if (key.length !== KEY_FIELDS * FIELD) {
        throw new ProofError(
          'bad_key',
          `a recursive key has ${KEY_FIELDS * FIELD} bytes: give one of target recursive`,
          {
            bytes: key.length,
          },
        )
      }
      const { hash } = await api.poseidon2Hash({ inputs: splitFields(key) })
      return bytesToHex(hash)
    },
    async verifierBytecode(key) {
      const { solidityCode } = await api.circuitWriteSolidityVerifier({
        verificationKey: key.bytes,
        settings: settingsOf(key.target),
      })
      const source = srs.kind === 'dev' ? patchSolidity(solidityCode) : solidityCode
      return compileVerifier(source, options.cacheFolder)
    },
    async close() {
      executor.kill(new ProofError('cancelled', 'the prover was closed'))
      await process.destroy()
    },
  }
}

/** Peak memory of proving a circuit of that many gates, an estimate that errs upwards. */
export const memoryOf = (gates: number): number => BASE_BYTES + BYTES_PER_GATE * gates

/** The largest circuit that fits a node's memory, in gates. */
export const largestCircuit = (memoryBytes: number): number =>
  Math.max(0, Math.floor((memoryBytes - BASE_BYTES) / BYTES_PER_GATE))
