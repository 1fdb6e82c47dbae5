import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { type Limits, ProofError } from '@weft/proof'
import { diskBytes } from './folder.js'
import { MARK, ProcessTree } from './processes.js'

export interface Command {
  readonly argv: readonly string[]
  /** Where it runs, and the only folder that is watched for what it writes. */
  readonly folder: string
  /** Everything that it sees of the environment. */
  readonly env: Readonly<Record<string, string>>
  readonly maxDiskBytes: number
}

/** How a command ended. */
export interface Ended {
  readonly code: number
  /** The end of what it wrote to the standard error. */
  readonly message: string
}

/** Short, because a program can fill a gigabyte in a second. */
const WATCH_MS = 100
const STDERR_TAIL_BYTES = 2000
/** For the last words of a command on their way through the pipe. */
const STDERR_GRACE_MS = 1000

const closedError = () => new ProofError('cancelled', 'the proof system was closed')

/** The last bytes of a stream of any length, as text without control characters. */
class Tail {
  #bytes = Buffer.alloc(0)

  add(chunk: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk.subarray(-STDERR_TAIL_BYTES)]).subarray(
      -STDERR_TAIL_BYTES,
    )
  }

  get text(): string {
    return this.#bytes
      .toString()
      .replace(/[^\P{C}\n]/gu, '')
      .trim()
  }
}

/** Resolves when the process is gone. Errors: `prover_crashed` for one that was never there or was ended by a signal. */
const exitCode = (child: ChildProcess, program: string): Promise<number> =>
  new Promise((resolve, reject) => {
    child.once('error', (cause) => {
      const message = `${program} could not be started: install it, or correct the config file (${cause.message})`
      reject(new ProofError('prover_crashed', message, {}, { cause }))
    })
    child.once('exit', (code, signal) => {
      if (code !== null) resolve(code)
      else reject(new ProofError('prover_crashed', `${program} was ended by ${signal}`, { signal }))
    })
  })

/** Resolves when the stream has ended, or after a moment: a process that got away may hold it open. */
const drained = (stderr: NodeJS.ReadableStream & { destroy(): void }): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => stderr.destroy(), STDERR_GRACE_MS)
    stderr.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
  })

/** A command that runs, and what ends it. */
class Job {
  readonly #tree: ProcessTree | null
  #failure: ProofError | null = null
  #killing: Promise<void> = Promise.resolve()

  constructor(
    pid: number | undefined,
    mark: string,
    readonly command: Command,
    readonly limits: Limits,
  ) {
    this.#tree = pid === undefined ? null : new ProcessTree(pid, mark)
  }

  stop(error: ProofError): void {
    this.#failure ??= error
    void this.kill()
  }

  /** Ends all processes of the command; those that it left behind, when it has ended itself. */
  kill(): Promise<void> {
    this.#killing = this.#killing.then(() => this.#tree?.kill())
    return this.#killing
  }

  throwFailure(): void {
    if (this.#failure !== null) throw this.#failure
  }

  async check(): Promise<void> {
    const { memoryBytes } = this.limits
    const usedBytes = (await this.#tree?.residentBytes()) ?? 0
    if (usedBytes > memoryBytes) {
      const details = { usedBytes, limitBytes: memoryBytes }
      return this.stop(
        new ProofError('memory_limit', 'took more memory than this machine gives a job', details),
      )
    }
    const { folder, maxDiskBytes } = this.command
    if ((await diskBytes(folder, maxDiskBytes)) <= maxDiskBytes) return
    const message = `wrote more than ${maxDiskBytes} bytes: raise maxDiskBytes if it has to`
    this.stop(new ProofError('prover_crashed', message, { limitBytes: maxDiskBytes }))
  }
}

/** Runs `work` while it watches the job. */
const watched = async <T>(job: Job, work: () => Promise<T>): Promise<T> => {
  const { signal, timeMs } = job.limits
  const onAbort = () => job.stop(new ProofError('cancelled', 'the job was cancelled'))
  signal.addEventListener('abort', onAbort, { once: true })
  const timer = setTimeout(() => {
    job.stop(new ProofError('time_limit', `took longer than ${timeMs} ms: allow more time`, { timeMs }))
  }, timeMs)
  let isOver = false
  let next: NodeJS.Timeout | undefined
  let checking: Promise<void> = Promise.resolve()
  const look = () => {
    checking = job
      .check()
      .catch((cause) =>
        job.stop(new ProofError('prover_crashed', `cannot be watched: ${cause}`, {}, { cause })),
      )
      .then(() => {
        if (!isOver) next = setTimeout(look, WATCH_MS)
      })
  }
  look()
  try {
    return await work()
  } finally {
    isOver = true
    clearTimeout(timer)
    clearTimeout(next)
    signal.removeEventListener('abort', onAbort)
    await checking
  }
}

/** Runs commands, each within limits and with everything that it starts. */
export class Runner {
  #running = new Map<Job, Promise<unknown>>()
  #isClosed = false

  /**
   * Errors: `time_limit`, `memory_limit` (of all its processes together), `cancelled`; `prover_crashed` for a command that
   * cannot be started, is ended by a signal or fills its folder. When this returns, none of its processes is left.
   */
  async run(command: Command, limits: Limits): Promise<Ended> {
    if (this.#isClosed) throw closedError()
    if (limits.signal.aborted) throw new ProofError('cancelled', 'the job was cancelled')
    const [program = '', ...args] = command.argv
    const mark = randomUUID()
    const child = spawn(program, args, {
      cwd: command.folder,
      env: { ...command.env, [MARK]: mark },
      stdio: ['ignore', 'ignore', 'pipe'],
      // A session of its own, so that all of it can be ended at once.
      detached: true,
    })
    const job = new Job(child.pid, mark, command, limits)
    const ended = watched(job, () => this.#follow(child, job, program))
    this.#running.set(
      job,
      ended.catch(() => undefined),
    )
    try {
      return await ended
    } finally {
      this.#running.delete(job)
    }
  }

  /** Ends everything that runs. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true
    const running = [...this.#running]
    for (const [job] of running) job.stop(closedError())
    await Promise.all(running.map(([, ended]) => ended))
  }

  async #follow(child: ChildProcess, job: Job, program: string): Promise<Ended> {
    const tail = new Tail()
    child.stderr?.on('data', (chunk: Buffer) => tail.add(chunk))
    try {
      const code = await exitCode(child, program)
      await job.kill()
      if (child.stderr !== null && !child.stderr.closed) await drained(child.stderr)
      job.throwFailure()
      return { code, message: tail.text }
    } catch (error) {
      await job.kill()
      job.throwFailure()
      throw error
    } finally {
      child.stderr?.destroy()
    }
  }
}
