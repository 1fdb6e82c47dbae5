import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url))
const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

export type Line = { readonly event: string } & Readonly<Record<string, unknown>>

/** A `weft … --json` process as a user starts it. */
export class Weft {
  readonly lines: Line[] = []
  readonly ended: Promise<number | null>
  stderr = ''
  readonly #child: ChildProcess
  readonly #listeners = new Set<(line: Line) => void>()

  constructor(...args: string[]) {
    this.#child = spawn(process.execPath, [MAIN, ...args, '--json'], {
      cwd: ROOT,
      stdio: ['pipe', 'pipe', 'pipe'],
      // As the demo starts its processes: they end with the one that started them.
      env: { ...process.env, WEFT_ENDS_WITH_STDIN: '1' },
    })
    this.ended = new Promise((resolve) => this.#child.once('close', (code) => resolve(code)))
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.stderr += chunk.toString()
    })
    createInterface({ input: this.#child.stdout as NodeJS.ReadableStream }).on('line', (text) => {
      const line = JSON.parse(text) as Line
      this.lines.push(line)
      for (const listener of this.#listeners) listener(line)
    })
  }

  /** The first line of an event; rejects when the process ends without it. */
  async event(name: string): Promise<Line> {
    const before = this.lines.find(({ event }) => event === name)
    if (before !== undefined) return before
    return new Promise((resolve, reject) => {
      this.#listeners.add((line) => {
        if (line.event === name) resolve(line)
      })
      this.ended.then((code) => reject(new Error(`ended with ${code} before ${name}: ${this.stderr}`)))
    })
  }

  /** As when the process that started this one is gone. */
  abandon(): Promise<number | null> {
    this.#child.stdin?.end()
    return this.ended
  }

  kill(signal: NodeJS.Signals): Promise<number | null> {
    this.#child.kill(signal)
    return this.ended
  }
}
