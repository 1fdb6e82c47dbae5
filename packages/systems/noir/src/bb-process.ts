import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Barretenberg } from '@aztec/bb.js'
import { type Limits, ProofError } from '@weft/proof'
import { Turns } from './turns.js'

export interface BbOptions {
  readonly bbPath: string
  readonly crsPath: string
  readonly threads: number
}

interface Call {
  readonly resolve: (response: Uint8Array) => void
  readonly reject: (error: Error) => void
}

const STDERR_TAIL = 2000
const LENGTH_BYTES = 4

/** How often to look for the socket of a starting process. */
const CONNECT_EVERY_MS = 10

/** What ends a process from outside: the system when memory is short, an operator. */
const FROM_OUTSIDE: ReadonlySet<string | null> = new Set(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP'])

const unavailable = (what: string, cause?: unknown) =>
  new ProofError(
    'prover_unavailable',
    `${what}: check that it runs here, and that memory and processes are left`,
    {},
    { cause },
  )

/** One `bb`, from its start to its end. */
class Run {
  readonly #child: ChildProcess
  readonly #socket: Promise<Socket>
  /** Resolves when there is no process any more, and no socket of it. */
  readonly gone: Promise<void>
  /** Whether it answers nothing more. */
  isOver = false
  #call: Call | null = null
  #wasAsked = false
  #received = Buffer.alloc(0)
  #stderr = ''

  constructor({ bbPath, crsPath, threads }: BbOptions) {
    // Short: the path of a socket has a hundred characters at most, of which some systems' folder takes half.
    const path = join(tmpdir(), `weft-${randomBytes(8).toString('hex')}.sock`)
    const child = spawn(bbPath, ['msgpack', 'run', '--input', path], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { HOME: crsPath, CRS_PATH: crsPath, HARDWARE_CONCURRENCY: String(threads) },
    })
    this.#child = child
    // There is no pipe to a process that could not be started.
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString()).slice(-STDERR_TAIL)
    })
    this.gone = new Promise<void>((resolve) => {
      child.on('error', (cause) => {
        this.end(unavailable(`bb could not be started: ${cause.message}`, cause))
        resolve()
      })
      child.on('exit', (code, signal) => {
        this.end(this.#deathBy(code, signal))
        resolve()
      })
    }).then(() => rm(path, { force: true }))
    this.#socket = new Promise((resolve) => this.#connect(path, resolve))
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  ask(request: Uint8Array): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      this.#call = { resolve, reject }
      void this.#socket.then((socket) => {
        this.#wasAsked = true
        const length = Buffer.alloc(LENGTH_BYTES)
        length.writeUInt32LE(request.length)
        socket.write(length)
        socket.write(request)
      })
    })
  }

  /** Ends the process; the call under way fails with `error`. */
  end(error: Error): void {
    if (this.isOver) return
    this.isOver = true
    this.#child.kill('SIGKILL')
    this.#call?.reject(error)
  }

  /** Connects as soon as `bb` listens, however long that takes it: every call has a limit of time. */
  #connect(path: string, done: (socket: Socket) => void) {
    const socket = connect(path)
    const retry = () => {
      if (!this.isOver) setTimeout(() => this.#connect(path, done), CONNECT_EVERY_MS)
    }
    socket.once('error', retry)
    socket.once('connect', () => {
      socket.off('error', retry)
      // A broken connection means a dead process, whose exit says why.
      socket.on('error', () => this.#child.kill('SIGKILL'))
      socket.on('data', (chunk: Buffer) => this.#receive(chunk))
      done(socket)
    })
  }

  #receive(chunk: Buffer) {
    this.#received = Buffer.concat([this.#received, chunk])
    if (this.#received.length < LENGTH_BYTES) return
    const end = LENGTH_BYTES + this.#received.readUInt32LE(0)
    if (this.#received.length < end) return
    const response = this.#received.subarray(LENGTH_BYTES, end)
    this.#received = Buffer.alloc(0)
    this.#call?.resolve(response)
    this.#call = null
  }

  /** What has not been asked anything did not end because of what it was asked. */
  #deathBy(code: number | null, signal: string | null): ProofError {
    const what = `bb ended with ${signal ?? `code ${code}`}: ${this.#stderr.trim() || 'no message'}`
    if (!this.#wasAsked || FROM_OUTSIDE.has(signal)) return unavailable(what)
    return new ProofError('prover_crashed', what)
  }
}

/**
 * A long-lived `bb msgpack run`: requests and answers are msgpack behind a 4-byte little-endian length, one at
 * a time, over a Unix socket (with a socket, unlike with pipes, `bb` ends when its parent dies). It starts when it is
 * first asked; when it ends, the call under way fails, and the next one starts a new process.
 */
export class BbProcess {
  readonly #turns = new Turns(this)
  readonly #api = new Barretenberg(this, {})
  #run: Run | null = null
  #isClosed = false

  constructor(readonly options: BbOptions) {}

  /** Process id of the last that was started. */
  get pid(): number | undefined {
    return this.#run?.pid
  }

  /**
   * Asks when all who came before have their answers. Errors: those of the limits; `prover_crashed`; `prover_unavailable`
   * where nothing that was asked is at fault.
   */
  ask<T>(limits: Limits, question: (api: Barretenberg) => Promise<T>): Promise<T> {
    return this.#turns.take(limits, () => question(this.#api))
  }

  /** Only within `ask`. */
  async call(request: Uint8Array): Promise<Uint8Array> {
    if (this.#isClosed) throw new ProofError('cancelled', 'the prover was closed')
    if (this.#run === null || this.#run.isOver) this.#run = this.#start()
    return this.#run.ask(request)
  }

  /** Ends the process: the call under way fails with `error`. */
  kill(error: Error): void {
    this.#run?.end(error)
  }

  async destroy(): Promise<void> {
    this.#isClosed = true
    this.kill(new ProofError('cancelled', 'the prover was closed'))
    await this.#run?.gone
  }

  #start(): Run {
    try {
      return new Run(this.options)
    } catch (cause) {
      throw unavailable(`bb could not be started: ${cause}`, cause)
    }
  }
}
