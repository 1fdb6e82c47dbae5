import { type Inputs, type Limits, ProofError, type Witness } from '@weft/proof'
import { readSections, sectionOf, writeSections } from './binfile.js'
import { FIELD_BYTES, SCALAR_FIELD } from './bn254.js'
import { Child } from './child.js'
import type { Protocol } from './headers.js'
import { type CircomArtifacts, type CircomProgram, load } from './program.js'
import { type CircomProof, type CircomVerificationKey, checkKey, isWellFormed } from './proof.js'
import type { ProverAnswer, ProverRequest } from './prover/process.js'
import type { Contribution } from './prover/setup.js'
import { Sandbox } from './sandbox.js'

export interface CircomSystemOptions {
  /** Threads of one proof. */
  readonly threads: number
  /** Proving keys are kept in memory up to that many bytes of zkeys. */
  readonly keyCacheBytes: number
  /** That many bytes nobody can guess; they hide witnesses in Groth16 proofs. */
  readonly randomBytes: (length: number) => Uint8Array
  /** Limits of one verification. */
  readonly verifyLimits: Limits
}

/** Circom's proof systems. Errors: ProofError and CircomError. */
export interface CircomSystem {
  /** Checks a circuit's files. Errors: `bad_artifact`, `zkey_mismatch`. */
  load(artifacts: CircomArtifacts): CircomProgram
  /**
   * Runs a circuit's wasm as far as it says what it computes. Errors: `bad_artifact`, `sandbox_violation`,
   * `memory_limit`, `time_limit`, `cancelled`.
   */
  check(program: CircomProgram, limits: Limits): Promise<void>
  /**
   * Computes a witness, in wtns format, in a sandbox. Errors: `bad_inputs` (the signal's name in its details),
   * `unsatisfied`, `bad_artifact`, `sandbox_violation`, `memory_limit`, `time_limit`, `cancelled`.
   */
  witness(program: CircomProgram, inputs: Inputs, limits: Limits): Promise<Witness>
  /** Proves a witness, or inputs. Groth16 does not notice a witness that satisfies nothing: verify what it returns. */
  prove(program: CircomProgram, from: Witness | Inputs, limits: Limits): Promise<CircomProof>
  /** Errors: `bad_artifact`, also for points that are none, and those of the limits. */
  verificationKey(program: CircomProgram, limits: Limits): Promise<CircomVerificationKey>
  /** A malformed proof is a false. Errors: `bad_key`. */
  verify(key: CircomVerificationKey, publicSignals: readonly string[], proof: unknown): Promise<boolean>
  /**
   * A proving key from an r1cs and prepared powers of tau (ptau). Groth16 takes one contribution here, whose maker
   * could forge proofs: for keys that others rely on, hold a ceremony. Errors: `setup_failed`.
   */
  setup(request: SetupRequest, limits: Limits): Promise<Uint8Array>
  /**
   * INSECURE powers of tau of up to 2^power constraints: tau is published, so anybody can forge proofs of every
   * key made from them. Development chains and tests only.
   */
  makeInsecureDevPowers(power: number, limits: Limits): Promise<Uint8Array>
  /** Ends child processes. Idempotent. */
  close(): Promise<void>
}

export interface SetupRequest {
  readonly protocol: Protocol
  readonly r1cs: Uint8Array
  readonly powers: Uint8Array
  readonly contribution: Contribution
}

/** Larger powers take minutes here. */
export const MAX_DEV_POWER = 18

/** Uniform below the field's prime but for 2^-128, from 48 bytes. */
const randomScalar = (randomBytes: CircomSystemOptions['randomBytes']): bigint =>
  BigInt(`0x${Buffer.from(randomBytes(48)).toString('hex')}`) % SCALAR_FIELD

/** Errors: `bad_inputs` for a witness that is not one of this circuit. */
const checkWitness = (program: CircomProgram, witness: Witness): void => {
  const values = sectionOf(readSections(witness, 'wtns'), 'wtns', 2)
  const { wires } = program.header
  if (values.length === wires * FIELD_BYTES) return
  const given = values.length / FIELD_BYTES
  throw new ProofError('bad_inputs', `the witness has ${given} values, the circuit ${wires} wires`, {
    given,
    wires,
  })
}

/** The zkey without what is for proving alone, which may be gigabytes. */
const keySections = ({ protocol, zkey }: CircomProgram): Uint8Array => {
  const sections = readSections(zkey, 'zkey')
  const types = protocol === 'groth16' ? [1, 2, 3] : [1, 2]
  return writeSections('zkey', new Map(types.map((type) => [type, sectionOf(sections, 'zkey', type)])))
}

export const createCircomSystem = (options: CircomSystemOptions): CircomSystem => {
  const sandbox = new Sandbox()
  const script = new URL('./prover/process.js', import.meta.url)
  const args = [String(options.threads), String(options.keyCacheBytes)]
  const startChild = () => new Child<ProverRequest, ProverAnswer>({ script, args, execArgv: [] })
  const prover = startChild()
  // Verifying takes milliseconds and proving takes all cores: neither waits for the other.
  const verifier = startChild()

  const witness: CircomSystem['witness'] = (program, inputs, limits) =>
    sandbox.witness(program, inputs, limits)

  const proveWitness = async (
    program: CircomProgram,
    values: Witness,
    limits: Limits,
  ): Promise<CircomProof> => {
    checkWitness(program, values)
    const { protocol, zkeyHash } = program
    const blinding = { r: randomScalar(options.randomBytes), s: randomScalar(options.randomBytes) }
    const request = { kind: 'prove', protocol, zkeyHash, witness: values, blinding } as const
    const answer = await prover.exclusive(limits, async () => {
      const answer = await prover.ask(request)
      return 'unknown' in answer ? prover.ask({ ...request, zkey: program.zkey }) : answer
    })
    if ('proof' in answer) return { protocol, proof: answer.proof, publicSignals: answer.publicSignals }
    if ('unsatisfied' in answer) {
      throw new ProofError(
        'unsatisfied',
        `the witness does not satisfy the zkey's circuit: ${answer.unsatisfied}`,
      )
    }
    throw failed('prover_crashed', answer)
  }

  return {
    load,
    check: (program, limits) => sandbox.check(program, limits),
    witness,
    async prove(program, from, limits) {
      const values = from instanceof Uint8Array ? from : await witness(program, from, limits)
      return proveWitness(program, values, limits)
    },
    async verificationKey(program, limits) {
      const zkey = keySections(program)
      const answer = await verifier.exclusive(limits, () => verifier.ask({ kind: 'verificationKey', zkey }))
      if ('verificationKey' in answer) return answer.verificationKey as CircomVerificationKey
      throw failed('bad_artifact', answer)
    },
    async verify(key, publicSignals, proof) {
      checkKey(key)
      if (!isWellFormed(key, publicSignals, proof)) return false
      const { protocol } = key
      const answer = await verifier.exclusive(options.verifyLimits, () =>
        verifier.ask({ kind: 'verify', protocol, key, publicSignals, proof }),
      )
      if ('valid' in answer) return answer.valid
      // The proof was well-formed: what could not be read is the key.
      throw failed('bad_key', answer)
    },
    async setup(request, limits) {
      if (request.contribution.entropy === '') {
        throw new ProofError('setup_failed', 'the contribution has no entropy: give some random text')
      }
      const answer = await prover.exclusive(limits, () => prover.ask({ kind: 'setup', ...request }))
      if ('file' in answer) return answer.file
      throw failed('setup_failed', answer)
    },
    async makeInsecureDevPowers(power, limits) {
      if (!Number.isInteger(power) || power < 1 || power > MAX_DEV_POWER) {
        throw new ProofError(
          'setup_failed',
          `dev powers go from 1 to ${MAX_DEV_POWER}: get a ceremony's file`,
          {
            power,
          },
        )
      }
      const answer = await prover.exclusive(limits, () => prover.ask({ kind: 'devPowers', power }))
      if ('file' in answer) return answer.file
      throw failed('setup_failed', answer)
    },
    async close() {
      await Promise.all([sandbox.close(), prover.close(), verifier.close()])
    },
  }
}

const failed = (code: 'prover_crashed' | 'bad_artifact' | 'bad_key' | 'setup_failed', answer: ProverAnswer) =>
  new ProofError(code, 'failure' in answer ? answer.failure : 'the child process gave another answer')
