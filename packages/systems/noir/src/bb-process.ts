import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ProofError } from '@weft/proof'

export interface BbOptions {
  readonly bbPath: string
  readonly crsPath: string
  readonly threads: number
}

interface Call {
  readonly request: Uint8Array
  readonly resolve: (response: Uint8Array) => void
  readonly reject: (error: Error) => void
}

const STDERR_TAIL = 2000

/** How often and how many times to look for the socket of a starting process. */
const CONNECT_EVERY_MS = 10
const CONNECT_TRIES = 1000

/** Connects as soon as `bb` listens. */
const connectTo = (path: string, isWanted: () => boolean): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const attempt = (left: number) => {
      const socket = connect(path)
      socket.once('connect', () => resolve(socket))
      socket.once('error', (error) => {
        if (left === 0 || !isWanted()) reject(error)
        else setTimeout(attempt, CONNECT_EVERY_MS, left - 1)
      })
    }
    attempt(CONNECT_TRIES)
  })

/**
 * A long-lived `bb msgpack run`: requests and answers are msgpack behind a 4-byte little-endian length, one at
 * a time, over a Unix socket (with a socket, unlike with pipes, `bb` ends when its parent dies). A crash rejects
 * the call under way; the next call starts a new process.
 */
export class BbProcess {
  #child: ChildProcess | null = null
  #socket: Promise<Socket> | null = null
  #current: Call | null = null
  #queue: Call[] = []
  #received: Buffer[] = []
  #receivedBytes = 0
  #stderr = ''
  #closed = false

  constructor(readonly options: BbOptions) {}

  /** Process id while one runs. */
  get pid(): number | undefined {
    return this.#child?.pid
  }

  call(request: Uint8Array): Promise<Uint8Array> {
    if (this.#closed) return Promise.reject(new ProofError('cancelled', 'the prover was closed'))
    return new Promise((resolve, reject) => {
      this.#queue.push({ request, resolve, reject })
      this.#next()
    })
  }

  /** Ends the process: the call under way fails with `error`, the ones waiting get a new process. */
  kill(error: Error): void {
    const child = this.#child
    this.#child = null
    this.#socket = null
    child?.kill('SIGKILL')
    this.#fail(error)
    this.#next()
  }

  destroy(): Promise<void> {
    this.#closed = true
    const child = this.#child
    const ended = new Promise<void>((resolve) => {
      if (child === null || child.exitCode !== null || child.signalCode !== null) resolve()
      else child.once('exit', () => resolve())
    })
    const error = new ProofError('cancelled', 'the prover was closed')
    for (const call of this.#queue.splice(0)) call.reject(error)
    this.kill(error)
    return ended
  }

  #next() {
    if (this.#current !== null) return
    const call = this.#queue.shift()
    if (call === undefined) return
    this.#current = call
    this.#socket ??= this.#start()
    const length = Buffer.alloc(4)
    length.writeUInt32LE(call.request.length)
    this.#socket.then(
      (socket) => {
        socket.write(length)
        socket.write(call.request)
      },
      // The process never listened; its exit has already failed the call.
      () => undefined,
    )
  }

  /** Starts a process; the promise is its socket. */
  #start(): Promise<Socket> {
    const { bbPath, crsPath, threads } = this.options
    const path = join(tmpdir(), `weft-bb-${randomUUID()}.sock`)
    const child = spawn(bbPath, ['msgpack', 'run', '--input', path], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { HOME: crsPath, CRS_PATH: crsPath, HARDWARE_CONCURRENCY: String(threads) },
    })
    this.#child = child
    this.#received = []
    this.#receivedBytes = 0
    this.#stderr = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString()).slice(-STDERR_TAIL)
    })
    const exited = (what: string) => {
      void rm(path, { force: true })
      this.#exited(child, what)
    }
    child.on('error', (cause) => exited(`bb could not be started: ${cause.message}`))
    child.on('exit', (code, signal) => exited(`bb ended with ${signal ?? `code ${code}`}`))
    return connectTo(path, () => child === this.#child).then((socket) => {
      socket.on('data', (chunk: Buffer) => this.#receive(child, chunk))
      // A broken connection means a dead process, whose exit says why.
      socket.on('error', () => child.kill('SIGKILL'))
      return socket
    })
  }

  #receive(child: ChildProcess, chunk: Buffer) {
    if (child !== this.#child) return
    this.#received.push(chunk)
    this.#receivedBytes += chunk.length
    if (this.#receivedBytes < 4) return
    const bytes = this.#received.length === 1 ? chunk : Buffer.concat(this.#received)
    this.#received = [bytes]
    const length = bytes.readUInt32LE(0)
    if (bytes.length < 4 + length) return
    this.#received = []
    this.#receivedBytes = 0
    const call = this.#current
    this.#current = null
    call?.resolve(bytes.subarray(4, 4 + length))
    this.#next()
  }

  #exited(child: ChildProcess, what: string) {
    if (child !== this.#child) return
    this.#child = null
    this.#socket = null
    this.#fail(new ProofError('prover_crashed', `${what}: ${this.#stderr.trim() || 'no message'}`))
    this.#next()
  }

  #fail(error: Error) {
    const call = this.#current
    this.#current = null
    call?.reject(error)
  }
}
