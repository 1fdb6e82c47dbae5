import { join } from 'node:path'
import type { Hex } from '@weft/protocol'
import type { Output } from '../output.js'
import { type ProcessEvent, WeftProcess } from './process.js'

/** A batch that a rollup's contract has taken. */
export interface Final {
  readonly batch: number
  readonly preRoot: Hex
  readonly postRoot: Hex
  readonly l1Tx: Hex
}

/** How long a process may take to end in order. */
const STOP_MS = 10_000

/** Everything the demo starts, so that all of it is ended. */
export class Stage {
  readonly #processes: WeftProcess[] = []
  /** The first final batch of each rollup, by chain id. */
  readonly finals = new Map<number, Final>()
  #onFinal: () => void = () => undefined

  constructor(
    readonly folder: string,
    readonly output: Output,
  ) {}

  path(...names: string[]): string {
    return join(this.folder, ...names)
  }

  /** Starts `weft COMMAND`, with its arguments, with these settings; tells of its long steps. */
  start(
    name: string,
    command: string,
    settings: Readonly<Record<string, string | number>>,
    onEvent: (event: ProcessEvent) => void = () => undefined,
  ): WeftProcess {
    const flags = Object.entries(settings).flatMap(([flag, value]) => [`--${flag}`, String(value)])
    const started = new WeftProcess(
      name,
      [...command.split(' '), ...flags],
      this.path(`${name}.log`),
      (event) => {
        if (event.event === 'preparing') {
          this.output.event({ ...event, process: name }, `  ${name}: ${String(event.step)}`)
        }
        onEvent(event)
      },
    )
    this.#processes.push(started)
    return started
  }

  process(name: string): WeftProcess {
    const found = this.#processes.find((one) => one.name === name)
    if (found === undefined) throw new Error(`no process ${name}`)
    return found
  }

  /** Rejects when any process ends unasked. */
  watch(): Promise<never> {
    return Promise.race(this.#processes.map((one) => one.watch()))
  }

  recordFinal(chainId: number, final: Final): void {
    this.finals.set(chainId, final)
    this.#onFinal()
  }

  /** Resolves when so many rollups have a batch that is final on L1. */
  allFinal(rollups: number): Promise<void> {
    return new Promise((resolve) => {
      this.#onFinal = () => {
        if (this.finals.size === rollups) resolve()
      }
      this.#onFinal()
    })
  }

  /** The chain goes last. */
  async stop(): Promise<void> {
    const [chain, ...others] = this.#processes
    await Promise.all(others.map((one) => one.stop(STOP_MS)))
    await chain?.stop(STOP_MS)
  }
}
