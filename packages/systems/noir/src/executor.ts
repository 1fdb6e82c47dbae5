import { type ChildProcess, fork } from 'node:child_process'
import { gunzipSync } from 'node:zlib'
import type { CompiledCircuit, InputMap } from '@noir-lang/noir_js'
import {
  type Artifact,
  type Inputs,
  type InputValue,
  type Limits,
  ProofError,
  type Witness,
} from '@weft/proof'
import { parseArtifact, sha256 } from './artifact.js'
import type { ExecuteAnswer, ExecuteRequest } from './executor-process.js'
import { Turns } from './turns.js'

/** What running a program gives. */
export interface Execution {
  readonly witness: Witness
  /** The program's return value; null if it has none. */
  readonly returned: InputValue | null
}

type Refusal = Extract<ExecuteAnswer, { failure: string }>

const refuse = (name: string, { failure, message, location }: Refusal): ProofError => {
  const code = failure === 'unknown_circuit' ? 'prover_crashed' : failure
  const where = location === undefined ? '' : ` at ${location}`
  return new ProofError(code, `${name}: ${message}${where}`, location === undefined ? {} : { location })
}

/** The largest witness that is unpacked, in bytes: 2^25 field elements. */
const MAX_WITNESS = 2 ** 30

const unpack = (name: string, witness: Uint8Array): Witness => {
  try {
    return gunzipSync(witness, { maxOutputLength: MAX_WITNESS })
  } catch (cause) {
    const details = { limitBytes: MAX_WITNESS }
    throw new ProofError('memory_limit', `${name}: the witness fits no circuit`, details, { cause })
  }
}

const closed = () => new ProofError('cancelled', 'the prover was closed')

/** Generates witnesses in a child process: a program that never ends or eats memory costs that child alone. */
export class Executor {
  readonly #turns = new Turns(this)
  #child: ChildProcess | null = null
  #known = new Set<string>()
  #asked: { resolve: (answer: ExecuteAnswer) => void; reject: (error: Error) => void } | null = null
  #isClosed = false

  get pid(): number | undefined {
    return this.#child?.pid
  }

  kill(error: Error): void {
    const child = this.#child
    this.#child = null
    this.#known.clear()
    child?.kill('SIGKILL')
    this.#asked?.reject(error)
    this.#asked = null
  }

  close(): void {
    this.#isClosed = true
    this.kill(closed())
  }

  /**
   * Inputs are checked by whoever calls. Errors: `unsatisfied` with the assertion's message, and its place in the
   * source where the artifact has debug information; `bad_artifact`, `bad_inputs`, those of the limits.
   */
  async execute(artifact: Artifact, inputs: Inputs, limits: Limits): Promise<Execution> {
    const hash = sha256(artifact.bytes)
    const answer = await this.#turns.take(limits, async () => {
      const child = this.#start(limits.memoryBytes)
      const request = { hash, inputs: inputs as InputMap }
      if (this.#known.has(hash)) {
        const answer = await this.#ask(child, request)
        if (!('failure' in answer) || answer.failure !== 'unknown_circuit') return answer
      }
      // Parsed only for a child that does not have it: artifacts are large.
      const { inner: _, ...circuit } = parseArtifact(artifact)
      const answer = await this.#ask(child, { ...request, circuit: circuit as Partial<CompiledCircuit> })
      this.#known.add(hash)
      return answer
    })
    if ('failure' in answer) throw refuse(artifact.name, answer)
    return { witness: unpack(artifact.name, answer.witness), returned: answer.returned }
  }

  #ask(child: ChildProcess, request: ExecuteRequest): Promise<ExecuteAnswer> {
    return new Promise((resolve, reject) => {
      this.#asked = { resolve, reject }
      child.send(request)
    })
  }

  #start(memoryBytes: number): ChildProcess {
    if (this.#isClosed) throw closed()
    if (this.#child !== null) return this.#child
    const heapMb = Math.max(256, Math.floor(memoryBytes / 2 ** 20))
    const child = fork(new URL('./executor-process.js', import.meta.url), {
      execArgv: [`--max-old-space-size=${heapMb}`],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: {},
    })
    const died = (what: string) => {
      if (child === this.#child) this.kill(new ProofError('prover_crashed', `witness generation ${what}`))
    }
    child.on('message', (answer: ExecuteAnswer) => {
      if (child !== this.#child) return
      this.#asked?.resolve(answer)
      this.#asked = null
      if ('failure' in answer && answer.isLast) died('ended')
    })
    child.on('error', (error) => died(error.message))
    child.on('exit', (code, signal) => died(`ended with ${signal ?? `code ${code}`}`))
    this.#child = child
    return child
  }
}
