import {
  type Artifact,
  type Limits,
  ProofError,
  type ProofErrorCode,
  type Target,
  type VerificationKey,
} from '@weft/proof'
import { type Bytes32, bytesToHex, hexToBytes } from '@weft/protocol'
import { bytecodeOf } from './artifact.js'
import { BbProcess } from './bb-process.js'
import { CircuitCache } from './circuit-cache.js'
import { patchSolidity } from './dev-srs.js'
import { keyForEthereum } from './ethereum-key.js'
import { KEY_FIELDS } from './merge-inputs.js'
import type { Srs } from './srs.js'
import { compileVerifier, type VerifierCode } from './verifier.js'

/** A proof with all that it makes public. */
export interface DirectProof {
  /** In the order of the ABI: public parameters, then the return value. */
  readonly publicInputs: readonly Bytes32[]
  readonly proof: Uint8Array
  /** Whether it hides everything else. One key verifies both kinds, but a proof only as what it is. */
  readonly zk: boolean
}

const FIELD = 32
/** Fields of the largest proof, `evm` at 2^28 gates. */
const MAX_PROOF_FIELDS = 600
/** The largest proof, in bytes. */
export const MAX_PROOF_BYTES = MAX_PROOF_FIELDS * FIELD

/** Public inputs that every circuit has for recursion, besides its own. */
const RECURSION_INPUTS = 8

const settingsOf = (target: Target, zk: boolean) => ({
  ipaAccumulation: false,
  oracleHashType: target === 'evm' ? 'keccak' : 'poseidon2',
  disableZk: !zk,
  optimizedSolidityVerifier: target === 'evm',
})

const splitFields = (bytes: Uint8Array): Uint8Array[] =>
  Array.from({ length: bytes.length / FIELD }, (_, i) => bytes.subarray(FIELD * i, FIELD * (i + 1)))

/** An answer of `bb` that says no, as opposed to a `bb` that could not answer. */
const isRefusal = (error: unknown) => error instanceof Error && error.name !== 'ProofError'

/** What `bb` refuses of an artifact is its bytecode. */
const orBadArtifact =
  ({ name }: Artifact) =>
  (cause: unknown): never => {
    if (!isRefusal(cause)) throw cause
    throw new ProofError('bad_artifact', `bb refused ${name}: ${String(cause)}`, {}, { cause })
  }

/** Number of public inputs of the circuit of a key. */
export const keyPublicInputs = ({ bytes }: VerificationKey): number =>
  Number(BigInt(bytesToHex(bytes.subarray(FIELD, 2 * FIELD)))) - RECURSION_INPUTS

/** How long an answer of the verifier may take, which has it in less than a second. */
const ANSWER_MS = 120_000

const hasCode = (error: unknown, ...codes: ProofErrorCode[]): boolean =>
  error instanceof ProofError && codes.includes(error.code)

/** UltraHonk: a `bb` that proves and sets up, and one whose answers nobody waits for long. */
export class Honk {
  readonly #prover: BbProcess
  readonly #verifier: BbProcess
  readonly #cache: CircuitCache
  readonly #answering: Limits

  constructor(
    readonly srs: Srs,
    readonly cacheFolder: string,
    threads: number,
    answerMs = ANSWER_MS,
  ) {
    const options = { bbPath: srs.bbPath, crsPath: srs.crsPath, threads }
    this.#prover = new BbProcess(options)
    this.#verifier = new BbProcess(options)
    this.#cache = new CircuitCache(cacheFolder)
    this.#answering = {
      signal: new AbortController().signal,
      timeMs: answerMs,
      memoryBytes: Number.POSITIVE_INFINITY,
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#prover.destroy(), this.#verifier.destroy()])
  }

  /** The key of an artifact, the same with zero knowledge and without; cached. Errors: `bad_artifact`. */
  async setup(artifact: Artifact, target: Target, limits: Limits): Promise<VerificationKey> {
    if (target === 'evm') return keyForEthereum(await this.setup(artifact, 'recursive', limits))
    const key = await this.#cache.key(artifact, this.srs.kind, async () => {
      const circuit = { name: artifact.name, bytecode: bytecodeOf(artifact) }
      const settings = settingsOf(target, false)
      const { hash, bytes } = await this.#prover
        .ask(limits, (api) => api.circuitComputeVk({ circuit, settings }))
        .catch(orBadArtifact(artifact))
      return { hash: bytesToHex(hash), bytes }
    })
    return { target, ...key }
  }

  /** Circuit size; cached. Errors: `bad_artifact`. */
  countGates(artifact: Artifact, limits: Limits): Promise<number> {
    return this.#cache.gates(artifact, async () => {
      const bytecode = bytecodeOf(artifact)
      const circuit = { name: artifact.name, bytecode, verificationKey: new Uint8Array(0) }
      const settings = settingsOf('recursive', false)
      const { numGates } = await this.#prover
        .ask(limits, (api) => api.circuitStats({ circuit, includeGatesPerOpcode: false, settings }))
        .catch(orBadArtifact(artifact))
      return numGates
    })
  }

  /** Does not notice an unsatisfied witness: verify what it returns. Errors: `bad_inputs`. */
  async prove(
    artifact: Artifact,
    key: Pick<VerificationKey, 'target' | 'bytes'>,
    witness: Uint8Array,
    limits: Limits,
    zk: boolean,
  ): Promise<DirectProof> {
    const circuit = { name: artifact.name, bytecode: bytecodeOf(artifact), verificationKey: key.bytes }
    const settings = settingsOf(key.target, zk)
    const { publicInputs, proof } = await this.#prover
      .ask(limits, (api) => api.circuitProve({ circuit, witness, settings }))
      .catch((cause: unknown) => {
        if (!isRefusal(cause)) throw cause
        throw new ProofError('bad_inputs', `bb refused ${artifact.name}: ${String(cause)}`, {}, { cause })
      })
    return { publicInputs: publicInputs.map(bytesToHex), proof: Buffer.concat(proof), zk }
  }

  /** A malformed proof is a false; errors are the verifier's own failures. */
  async verify(key: VerificationKey, { publicInputs, proof, zk }: DirectProof): Promise<boolean> {
    if (proof.length === 0 || proof.length % FIELD !== 0 || proof.length > MAX_PROOF_BYTES) return false
    const once = () => this.#verifyOnce(key, publicInputs, proof, zk)
    try {
      return await once()
    } catch (first) {
      // The machine may be at fault the first time.
      if (!hasCode(first, 'prover_crashed', 'prover_unavailable')) throw first
      return once().catch((second: unknown) => {
        // A proof that ends two verifiers is no proof; verifiers that were not there say nothing of it.
        if (hasCode(first, 'prover_crashed') && hasCode(second, 'prover_crashed')) return false
        throw second
      })
    }
  }

  async #verifyOnce(key: VerificationKey, inputs: readonly Bytes32[], proof: Uint8Array, zk: boolean) {
    try {
      const question = {
        verificationKey: key.bytes,
        publicInputs: inputs.map(hexToBytes),
        proof: splitFields(proof),
        settings: settingsOf(key.target, zk),
      }
      return (await this.#verifier.ask(this.#answering, (api) => api.circuitVerify(question))).verified
    } catch (error) {
      // bb throws on what is not even shaped like a proof.
      if (isRefusal(error)) return false
      throw error
    }
  }

  /** The hash of a recursive key's bytes, as circuits check it. Errors: `bad_key`. */
  async hashKey(key: Uint8Array): Promise<Bytes32> {
    if (key.length !== KEY_FIELDS * FIELD) {
      throw new ProofError(
        'bad_key',
        `a recursive key has ${KEY_FIELDS * FIELD} bytes: give one of target recursive`,
        { bytes: key.length },
      )
    }
    const inputs = splitFields(key)
    const { hash } = await this.#verifier.ask(this.#answering, (api) => api.poseidon2Hash({ inputs }))
    return bytesToHex(hash)
  }

  /** The optimized Solidity verifier of an `evm` key. Errors: `bad_key`, `setup_failed`. */
  async verifierCode(key: VerificationKey, zk: boolean): Promise<VerifierCode> {
    if (key.target !== 'evm')
      throw new ProofError('bad_key', 'Ethereum verifies proofs of target evm: set up that key')
    const question = { verificationKey: key.bytes, settings: settingsOf(key.target, zk) }
    const { solidityCode } = await this.#verifier.ask(this.#answering, (api) =>
      api.circuitWriteSolidityVerifier(question),
    )
    const source = this.srs.kind === 'dev' ? patchSolidity(solidityCode) : solidityCode
    return compileVerifier(source, this.cacheFolder)
  }
}
