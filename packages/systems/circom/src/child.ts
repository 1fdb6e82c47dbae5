import { type ChildProcess, fork } from 'node:child_process'
import { type Limits, ProofError } from '@weft/proof'
import { withLimits } from './limits.js'

export interface ChildOptions {
  readonly script: URL
  /** Arguments of the script and of Node. */
  readonly args: readonly string[]
  readonly execArgv: readonly string[]
}

interface Waiting<Answer> {
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: Error) => void
}

/**
 * A child process that is asked one thing at a time. It starts when it is first asked; a crash or `kill` fails
 * the question under way, and the next one starts a new process.
 */
export class Child<Request, Answer> {
  #process: ChildProcess | null = null
  #waiting: Waiting<Answer> | null = null
  #turn: Promise<unknown> = Promise.resolve()
  #closed = false

  constructor(readonly options: ChildOptions) {}

  get pid(): number | undefined {
    return this.#process?.pid
  }

  /** Has the child to itself, within limits, after everybody who came before. */
  exclusive<T>(limits: Limits, work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(() => {
      if (this.#closed) throw new ProofError('cancelled', 'the proof system was closed')
      if (limits.signal.aborted) throw new ProofError('cancelled', 'the job was cancelled')
      this.#process ??= this.#start()
      return withLimits(this, limits, work)
    })
    this.#turn = turn.catch(() => undefined)
    return turn
  }

  /** Only within `exclusive`. */
  ask(request: Request): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
      this.#process ??= this.#start()
      this.#process.send(request as object)
    })
  }

  kill(error: Error): void {
    const process = this.#process
    this.#process = null
    process?.kill('SIGKILL')
    this.#waiting?.reject(error)
    this.#waiting = null
  }

  /** Ends the process when everybody who waits for it has had a turn. */
  async retire(): Promise<void> {
    await this.#turn
    await this.close()
  }

  close(): Promise<void> {
    this.#closed = true
    const process = this.#process
    const ended = new Promise<void>((resolve) => {
      if (process === null || process.exitCode !== null || process.signalCode !== null) resolve()
      else process.once('exit', () => resolve())
    })
    this.kill(new ProofError('cancelled', 'the proof system was closed'))
    return ended
  }

  #start(): ChildProcess {
    const { script, args, execArgv } = this.options
    const child = fork(script, args, {
      execArgv: [...execArgv],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: {},
    })
    child.on('message', (answer) => {
      if (child !== this.#process) return
      this.#waiting?.resolve(answer as Answer)
      this.#waiting = null
    })
    const died = (what: string) => {
      if (child === this.#process) this.kill(new ProofError('prover_crashed', `the child process ${what}`))
    }
    child.on('error', (error) => died(error.message))
    child.on('exit', (code, signal) => died(`ended with ${signal ?? `code ${code}`}`))
    return child
  }
}
