import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../apps/cli/dist/main.js', import.meta.url))

/** One line of a `weft … --json` process. */
export type Line = { readonly event: string } & Readonly<Record<string, unknown>>

/** A `weft` command in a process of its own, as a user starts it. */
export class WeftProcess {
  readonly #child: ChildProcess
  readonly #lines: Line[] = []
  readonly #closed: Promise<unknown>

  constructor(
    folder: string,
    args: readonly string[],
    readonly onLine: (line: Line) => void = () => undefined,
  ) {
    this.#child = spawn(process.execPath, [MAIN, ...args, '--json'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    this.#closed = once(this.#child, 'close')
    createInterface({ input: this.#child.stdout as NodeJS.ReadableStream }).on('line', (text) => {
      const line = JSON.parse(text) as Line
      this.#lines.push(line)
      this.#child.emit('weft', line)
      onLine(line)
    })
  }

  /** The first line of an event. Rejects where the process ends without one. */
  async event(name: string): Promise<Line> {
    const known = () => this.#lines.find(({ event }) => event === name)
    while (known() === undefined) {
      const ended = this.#closed.then(() => {
        if (known() === undefined) throw new Error(`ended before ${name}`)
      })
      await Promise.race([once(this.#child, 'weft'), ended])
    }
    return known() as Line
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGTERM')
    await this.#closed
  }
}
