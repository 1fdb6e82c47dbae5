import {
  type Artifact,
  type DirectSystem,
  type Inputs,
  type Limits,
  ProofError,
  type VerificationKey,
  type Witness,
} from '@weft/proof'
import { type Bytes32, uintToBytes32 } from '@weft/protocol'
import { fromLittleEndian, readSections, sectionOf } from '../binfile.js'
import { FIELD_BYTES } from '../bn254.js'
import { unpackCircomArtifact } from '../container.js'
import { CircomError } from '../error.js'
import type { CircomProgram } from '../program.js'
import { type CircomVerificationKey, isWellFormed } from '../proof.js'
import type { CircomSystem } from '../system.js'
import { contractFormat } from './contract.js'
import { costOf } from './cost.js'
import type { Format } from './format.js'
import { groth16Format } from './groth16.js'
import { VerifierCompiler } from './verifier-compiler.js'
import { fromWord, toWord } from './words.js'

export interface CircomDirectOptions {
  /** Where compiled verifiers are kept. */
  readonly cacheFolder: string
  /** The least time that a witness gets; a large circuit's gets more. 20,000 unless told. */
  readonly minWitnessMs?: number
}

const MIN_WITNESS_MS = 20_000
/** A hundred times what circom's calculators take. */
const WITNESS_MS_PER_WIRE = 0.1

/** The port knows ProofErrors alone: what else a circom program can do wrong makes it a bad artifact. */
const asProofErrors = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof CircomError)) throw error
    const details = { ...error.details, reason: error.code }
    throw new ProofError('bad_artifact', error.message, details, { cause: error })
  }
}

/** Outputs and public inputs: the wires behind the constant one. */
const publicInputsOf = ({ header }: CircomProgram, witness: Witness): readonly Bytes32[] => {
  const values = sectionOf(readSections(witness, 'wtns'), 'wtns', 2, FIELD_BYTES * header.wires)
  return Array.from({ length: header.publicSignals }, (_, i) =>
    uintToBytes32(fromLittleEndian(values.subarray(FIELD_BYTES * (i + 1), FIELD_BYTES * (i + 2)))),
  )
}

const checkPublicSignals = ({ protocol, header }: CircomProgram, { maxPublicSignals }: Format) => {
  const { publicSignals } = header
  if (publicSignals <= maxPublicSignals) return
  throw new ProofError(
    'bad_artifact',
    `the circuit has ${publicSignals} public signals, ${protocol} here at most ${maxPublicSignals}: hash them into fewer`,
    { publicSignals, maxPublicSignals },
  )
}

const createDirectSystem = (system: CircomSystem, format: Format, minWitnessMs: number): DirectSystem => {
  const { protocol, proofBytes, maxPublicSignals } = format

  /** A job's time is for proving: a program that never ends is found out long before that is over. */
  const witnessOf = (program: CircomProgram, inputs: Inputs, limits: Limits): Promise<Witness> => {
    const ownMs = minWitnessMs + WITNESS_MS_PER_WIRE * program.header.wires
    return system.witness(program, inputs, { ...limits, timeMs: Math.min(limits.timeMs, ownMs) })
  }

  // Hashing and checking a large key takes as long as some proofs: once for each artifact, and key, in memory.
  const programs = new WeakMap<Uint8Array, CircomProgram>()
  const programOf = ({ bytes }: Artifact): CircomProgram => {
    const program = programs.get(bytes) ?? system.load({ protocol, ...unpackCircomArtifact(bytes) })
    programs.set(bytes, program)
    return program
  }
  const keys = new WeakMap<VerificationKey, CircomVerificationKey>()
  const keyOf = async (key: VerificationKey): Promise<CircomVerificationKey> => {
    const decoded = keys.get(key) ?? (await format.decodeKey(key))
    keys.set(key, decoded)
    return decoded
  }

  return {
    name: protocol,
    id: format.id,
    maxProofBytes: 4 + 32 * maxPublicSignals + proofBytes,
    setup: (artifact, limits) =>
      asProofErrors(async () => {
        const program = programOf(artifact)
        checkPublicSignals(program, format)
        await system.check(program, limits)
        const key = await format.encodeKey(await system.verificationKey(program, limits), limits)
        return { key, cost: costOf(program) }
      }),
    async onChain(key) {
      await keyOf(key)
      return format.onChain(key)
    },
    execute: (artifact, inputs, limits) =>
      asProofErrors(async () => {
        const program = programOf(artifact)
        return publicInputsOf(program, await witnessOf(program, inputs, limits))
      }),
    prove: (artifact, _key, inputs, limits) =>
      asProofErrors(async () => {
        const program = programOf(artifact)
        const witness = await witnessOf(program, inputs, limits)
        const { proof, publicSignals } = await system.prove(program, witness, limits)
        return { publicInputs: publicSignals.map(toWord), proof: format.encodeProof(proof) }
      }),
    async verify(verificationKey, { publicInputs, proof: bytes }) {
      const key = await keyOf(verificationKey)
      if (bytes.length !== proofBytes) return false
      const proof = format.decodeProof(bytes)
      const publicSignals = publicInputs.map(fromWord)
      if (!isWellFormed(key, publicSignals, proof)) return false
      if (!format.isComplete({ key, publicSignals, proof })) return false
      return system.verify(key, publicSignals, proof)
    },
    close: () => system.close(),
  }
}

/**
 * `groth16`, `plonk` and `fflonk` for the network. Artifacts are those of `packCircomArtifact`; proofs, keys and verifiers
 * are what L1 takes. Closing one closes the system, and so all of them.
 */
export const createCircomDirectSystems = (
  system: CircomSystem,
  { cacheFolder, minWitnessMs = MIN_WITNESS_MS }: CircomDirectOptions,
): readonly DirectSystem[] => {
  const compiler = new VerifierCompiler(cacheFolder)
  const formats = [groth16Format, contractFormat('plonk', compiler), contractFormat('fflonk', compiler)]
  return formats.map((format) => createDirectSystem(system, format, minWitnessMs))
}
