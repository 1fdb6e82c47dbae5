import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { WeftError } from '@weft/protocol'
import { ENDS_WITH_STDIN } from '../runtime.js'

const MAIN = fileURLToPath(new URL('../main.js', import.meta.url))

/** One line of a `weft … --json` process. */
export type ProcessEvent = { readonly event: string } & Readonly<Record<string, unknown>>

/** A `weft` subcommand in a process of its own. */
export class WeftProcess {
  readonly #child: ChildProcess
  readonly #ready: Promise<ProcessEvent>
  /** Resolves with what a person reads of how it ended. */
  readonly ended: Promise<string>
  #isExpected = false

  constructor(
    readonly name: string,
    args: readonly string[],
    readonly logFile: string,
    onEvent: (event: ProcessEvent) => void,
  ) {
    this.#child = spawn(process.execPath, [MAIN, ...args, '--json'], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, [ENDS_WITH_STDIN]: '1' },
      // Ctrl-C reaches the demo alone, which ends the others in order.
      detached: true,
    })
    const log = createWriteStream(logFile)
    this.#child.stderr?.pipe(log)
    this.ended = new Promise((resolve) => {
      this.#child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`))
    })
    this.#ready = new Promise((resolve, reject) => {
      const fail = (what: string, code = 'process_ended') =>
        reject(new WeftError(code, `${name} ${what}; its log is ${logFile}`, { process: name }))
      const lines = createInterface({ input: this.#child.stdout as NodeJS.ReadableStream })
      lines.on('line', (line) => {
        const event = JSON.parse(line) as ProcessEvent
        onEvent(event)
        if (event.event === 'ready') resolve(event)
        if (event.event === 'error') fail(`failed: ${String(event.message)}`, String(event.code))
      })
      this.ended.then((how) => fail(`ended at its start (${how})`))
    })
    // Whoever waits hears of it; nobody has to wait.
    this.#ready.catch(() => undefined)
  }

  ready(): Promise<ProcessEvent> {
    return this.#ready
  }

  /** For commands that end by themselves: resolves when it has, rejects where it has failed. */
  async succeeded(): Promise<void> {
    this.#isExpected = true
    const how = await this.ended
    if (how === 'exit code 0') return
    throw new WeftError('process_failed', `${this.name} failed (${how}); its log is ${this.logFile}`, {
      process: this.name,
    })
  }

  /** Rejects when the process ends unasked. */
  async watch(): Promise<never> {
    const how = await this.ended
    if (this.#isExpected) return new Promise(() => undefined)
    throw new WeftError('process_ended', `${this.name} ended unasked (${how})`, { process: this.name })
  }

  /** SIGKILL, as a power cut would. */
  kill(): void {
    this.#isExpected = true
    this.#child.kill('SIGKILL')
  }

  /** SIGTERM, and SIGKILL for what does not end within `patienceMs`. */
  async stop(patienceMs: number): Promise<void> {
    this.#isExpected = true
    this.#child.kill('SIGTERM')
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), patienceMs)
    await this.ended
    clearTimeout(timer)
  }
}
