import { resolve } from 'node:path'
import {
  type Artifact,
  type DirectProof,
  type DirectSetup,
  type DirectSystem,
  type Inputs,
  type Limits,
  ProofError,
  type VerificationKey,
} from '@weft/proof'
import { bytesToHex, CONTRACT, isBytes32, type OnChainVerifier } from '@weft/protocol'
import type { Values } from './arguments.js'
import { ArtifactCache, sha256 } from './cache.js'
import { configuredVerifier, costOf } from './configured.js'
import { type Job, type JobOptions, withJob } from './job.js'
import { type CommandKey, decodeKey, encodeKey, takesLength } from './key.js'
import {
  checkExit,
  crashed,
  readCircuit,
  readKeyFile,
  readProof,
  readPublicInputs,
  readVerifier,
} from './outputs.js'
import { Runner } from './runner.js'

export interface CommandSystemOptions extends JobOptions {
  /** Artifacts and what is made of them, by hash. Shared by the processes of a machine. */
  readonly cacheFolder: string
  /** What that folder may hold of one system. */
  readonly cacheBytes: number
  /** Limits of one verification. */
  readonly verifyLimits: Limits
}

/** Of `encodeDirectProof`. */
const COUNT_BYTES = 4
const WORD_BYTES = 32

class CommandSystem implements DirectSystem {
  readonly id = CONTRACT
  readonly #runner = new Runner()
  readonly #cache: ArtifactCache

  constructor(readonly options: CommandSystemOptions) {
    this.#cache = new ArtifactCache(resolve(options.cacheFolder, options.config.name), options.cacheBytes)
  }

  get name() {
    return this.options.config.name
  }

  get maxProofBytes() {
    const { maxProofBytes, maxPublicInputs } = this.options.config
    return COUNT_BYTES + WORD_BYTES * maxPublicInputs + maxProofBytes
  }

  async setup(artifact: Artifact, limits: Limits): Promise<DirectSetup> {
    if (limits.signal.aborted) throw new ProofError('cancelled', 'the job was cancelled')
    this.#checkArtifact(artifact)
    const { config } = this.options
    const verifier = await configuredVerifier(config)
    const code = bytesToHex(verifier?.creationCode ?? new Uint8Array())
    // A setup depends on its command, the environment and the configured verifier.
    const name = sha256(JSON.stringify([config, code])).slice(2, 34)
    const cached = await this.#cache.get(artifact, name)
    if (cached !== null) return cached
    const made = await this.#setUp(artifact, verifier, limits)
    await this.#cache.put(artifact, name, made)
    return made
  }

  async onChain(key: VerificationKey): Promise<OnChainVerifier> {
    const { codeHash, selector, takes, creationCode } = decodeKey(key)
    if (creationCode.length > 0) return { kind: 'contract', creationCode, selector, takes }
    const { verifier } = this.options.config
    if (verifier?.address === undefined || verifier.codeHash !== codeHash) {
      const message = `the config file of ${this.name} has no address of a contract with the code of this key`
      throw new ProofError('bad_key', `${message}: correct its verifier`, { codeHash })
    }
    return { kind: 'deployed', address: verifier.address, selector, takes }
  }

  /** Proves to know them where the config file has no command for less. */
  async execute(artifact: Artifact, inputs: Inputs, limits: Limits) {
    const { execute, maxPublicInputs } = this.options.config
    if (execute === undefined) {
      const { key } = await this.setup(artifact, limits)
      return (await this.prove(artifact, key, inputs, limits)).publicInputs
    }
    this.#checkArtifact(artifact)
    return this.#job(async (job) => {
      const values = await this.#given(job, artifact, inputs)
      checkExit(`${this.name}: execute`, await job.run(execute, values, limits))
      return readPublicInputs(job.output, maxPublicInputs)
    })
  }

  async prove(
    artifact: Artifact,
    key: VerificationKey,
    inputs: Inputs,
    limits: Limits,
  ): Promise<DirectProof> {
    this.#checkArtifact(artifact)
    const { file, ...contract } = decodeKey(key)
    const { config } = this.options
    return this.#job(async (job) => {
      const values = await this.#given(job, artifact, inputs)
      const withKey = { ...values, key: await job.give('key.bin', file) }
      checkExit(`${this.name}: prove`, await job.run(config.prove, withKey, limits))
      const made = await readProof(job.output, config)
      if (takesLength(contract, made.proof.length)) return made
      const message = `${this.name}: prove wrote ${made.proof.length} bytes: a contract that takes words takes proofs of 24`
      throw new ProofError('prover_crashed', message, { bytes: made.proof.length })
    })
  }

  async verify(key: VerificationKey, { publicInputs, proof }: DirectProof): Promise<boolean> {
    const { file, ...contract } = decodeKey(key)
    const { config, verifyLimits } = this.options
    if (!takesLength(contract, proof.length) || proof.length > config.maxProofBytes) return false
    if (publicInputs.length > config.maxPublicInputs || !publicInputs.every(isBytes32)) return false
    return this.#job(async (job) => {
      const values = {
        key: await job.give('key.bin', file),
        publicInputs: await job.give('public-inputs.json', JSON.stringify(publicInputs)),
        proof: await job.give('proof.bin', proof),
      }
      const ended = await job.run(config.verify, values, verifyLimits)
      if (ended.code > 1) throw crashed(`${this.name}: verify`, ended)
      return ended.code === 0
    })
  }

  close(): Promise<void> {
    return this.#runner.close()
  }

  /** Errors: `bad_artifact` for what the configured verifier is not for. */
  #checkArtifact({ bytes }: Artifact): void {
    const { verifier } = this.options.config
    const hash = sha256(bytes)
    if (verifier === undefined || verifier.artifact === hash) return
    const message = `${this.name} proves the artifact with the SHA-256 ${verifier.artifact} alone: give that one`
    throw new ProofError('bad_artifact', message, { artifact: hash })
  }

  async #setUp(artifact: Artifact, configured: Omit<CommandKey, 'file'> | null, limits: Limits) {
    const { config } = this.options
    const { setup } = config
    if (setup === undefined) {
      // The config file's schema demands one of the two.
      if (configured === null)
        throw new ProofError('setup_failed', `${this.name} has neither setup nor verifier`)
      return { key: encodeKey({ ...configured, file: new Uint8Array() }), cost: costOf(config, {}) }
    }
    return this.#job(async (job) => {
      const values = { ...(await this.#cache.store(artifact)), output: job.output }
      checkExit(`${this.name}: setup`, await job.run(setup, values, limits))
      const verifier = configured ?? (await readVerifier(job.output))
      const key = encodeKey({ ...verifier, file: await readKeyFile(job.output) })
      return { key, cost: costOf(config, await readCircuit(job.output)) }
    })
  }

  async #given(job: Job, artifact: Artifact, inputs: Inputs): Promise<Values> {
    const stored = await this.#cache.store(artifact)
    return { ...stored, inputs: await job.give('inputs.json', JSON.stringify(inputs)), output: job.output }
  }

  #job<T>(work: (job: Job) => Promise<T>): Promise<T> {
    return withJob(this.#runner, this.options, work)
  }
}

/** A proof system of commands. Its errors have the end of the command's standard error. */
export const createCommandSystem = (options: CommandSystemOptions): DirectSystem => new CommandSystem(options)
