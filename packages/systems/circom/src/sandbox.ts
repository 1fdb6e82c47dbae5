import { fileURLToPath } from 'node:url'
import { type Inputs, type Limits, ProofError, type Witness } from '@weft/proof'
import { Child } from './child.js'
import { CircomError } from './error.js'
import type { CircomProgram } from './program.js'
import type { WitnessAnswer, WitnessRequest } from './sandbox/process.mjs'

const PAGE_BYTES = 65536
/** WebAssembly addresses 4 GiB. */
const MAX_PAGES = 65536
/** Programs whose process is kept. */
const KEPT = 4

const script = (name: string): URL => new URL(`./sandbox/${name}.mjs`, import.meta.url)

/** Node 20 has the permission model under its first name. */
const permissionFlag = (): string =>
  process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission'

/**
 * Node's arguments for a process that may read its own two scripts and nothing else, write nothing, start nothing,
 * and has a heap and WebAssembly memories of at most `memoryBytes`.
 */
export const sandboxArguments = (memoryBytes: number): readonly string[] => [
  permissionFlag(),
  `--allow-fs-read=${fileURLToPath(script('process'))}`,
  `--allow-fs-read=${fileURLToPath(script('calculator'))}`,
  '--no-warnings',
  `--max-old-space-size=${Math.max(64, Math.floor(memoryBytes / 2 ** 20))}`,
  `--wasm-max-mem-pages=${memoryPages(memoryBytes)}`,
]

const memoryPages = (memoryBytes: number): number =>
  Math.min(MAX_PAGES, Math.max(1, Math.floor(memoryBytes / PAGE_BYTES)))

const failureOf = (answer: WitnessAnswer): Error => {
  if (!('failure' in answer)) {
    return new ProofError('prover_crashed', 'the sandbox gave another answer than was asked for: try again')
  }
  const { failure, message, signal } = answer
  if (failure === 'sandbox_violation') return new CircomError(failure, message)
  return new ProofError(failure, message, signal === null ? {} : { signal })
}

/** A process that computes witnesses of one program under one memory limit. */
type Cell = Child<WitnessRequest, WitnessAnswer>

/**
 * Computes witnesses, which runs code that requesters wrote: WebAssembly whose only imports are circom's own
 * callbacks, in a process without file system. A program has its process to itself, so that what it leaves
 * behind, if it could, meets nobody else's inputs.
 */
export class Sandbox {
  #cells = new Map<string, Cell>()

  /** Errors: `bad_inputs`, `unsatisfied`, `bad_artifact`, `sandbox_violation`, and those of the limits. */
  async witness(program: CircomProgram, inputs: Inputs, limits: Limits): Promise<Witness> {
    const answer = await this.#run(program, inputs, limits)
    if ('witness' in answer) return answer.witness
    throw failureOf(answer)
  }

  /** Whether the program is one, and of its zkey's size. Errors: those of `witness`, inputs aside. */
  async check(program: CircomProgram, limits: Limits): Promise<void> {
    const answer = await this.#run(program, null, limits)
    if (!('checked' in answer)) throw failureOf(answer)
  }

  async close(): Promise<void> {
    const cells = [...this.#cells.values()]
    this.#cells.clear()
    await Promise.all(cells.map((child) => child.close()))
  }

  #run(program: CircomProgram, inputs: Inputs | null, limits: Limits): Promise<WitnessAnswer> {
    const child = this.#cellOf(program, limits.memoryBytes)
    const request = {
      inputs,
      wires: program.header.wires,
      memoryPages: memoryPages(limits.memoryBytes),
    }
    return child.exclusive(limits, async () => {
      const answer = await child.ask(request)
      return 'unknown' in answer ? await child.ask({ ...request, wasm: program.wasm }) : answer
    })
  }

  /** The program's process under that limit: who sets up and who proves need not give it the same memory. */
  #cellOf({ wasmHash }: CircomProgram, memoryBytes: number): Cell {
    const name = `${wasmHash} ${memoryBytes}`
    const cell = this.#cells.get(name) ?? this.#open(memoryBytes)
    this.#cells.delete(name)
    this.#cells.set(name, cell)
    for (const [oldest, child] of this.#cells) {
      if (this.#cells.size <= KEPT) break
      this.#cells.delete(oldest)
      void child.retire()
    }
    return cell
  }

  #open(memoryBytes: number): Cell {
    return new Child({ script: script('process'), args: [], execArgv: sandboxArguments(memoryBytes) })
  }
}
