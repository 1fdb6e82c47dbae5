import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Limits } from '@weft/proof'
import { fill, type Values } from './arguments.js'
import type { CommandConfig } from './config.js'
import { withFolder } from './folder.js'
import type { Ended, Runner } from './runner.js'

export interface JobOptions {
  readonly config: CommandConfig
  /** Each job has a folder of its own in it, with its inputs. */
  readonly workFolder: string
  /** Where commands are found: PATH. */
  readonly path: string
  /** Threads of one proof. */
  readonly threads: number
}

/** One command with a folder that is there as long as it is needed. */
export interface Job {
  /** Where the command writes. */
  readonly output: string
  /** Writes a file for the command, which runs in the same folder; its path. */
  give(name: string, content: Uint8Array | string): Promise<string>
  /** Errors: those of `Runner.run`. */
  run(argv: readonly string[], values: Values, limits: Limits): Promise<Ended>
}

export const withJob = <T>(
  runner: Runner,
  { config, workFolder, path, threads }: JobOptions,
  work: (job: Job) => Promise<T>,
): Promise<T> =>
  withFolder(resolve(workFolder), async (folder) => {
    const output = join(folder, 'output')
    await mkdir(output)
    return work({
      output,
      async give(name, content) {
        await writeFile(join(folder, name), content)
        return join(folder, name)
      },
      run(argv, given, limits) {
        const values = { ...given, config: config.folder, threads: String(threads) }
        const env = Object.entries(config.env).map(([name, value]) => [name, fill(value, values)])
        const command = {
          argv: argv.map((argument) => fill(argument, values)),
          folder,
          env: { PATH: path, ...Object.fromEntries(env) },
          maxDiskBytes: config.maxDiskBytes,
        }
        return runner.run(command, limits)
      },
    })
  })
