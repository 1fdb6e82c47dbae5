import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DirectSystem, Limits } from '@weft/proof'
import { createCommandSystem, readCommandConfig } from '@weft/system-command'

export interface ExternalOptions {
  readonly cacheFolder: string
  /** Threads of one proof. */
  readonly threads: number
  /** Where commands are found: PATH. */
  readonly path: string
}

/** A verification is short, on every proof system that L1 can verify. */
const VERIFICATION: Limits = { signal: new AbortController().signal, timeMs: 120_000, memoryBytes: 4e9 }

/** Of each system: artifacts, and what its commands keep of them. */
const CACHE_BYTES = 2 ** 33

/** The external provers of a config file, see docs/external-provers.md. Close them. Errors: `bad_config`. */
export const externalSystems = async (
  configPath: string,
  { cacheFolder, threads, path }: ExternalOptions,
): Promise<readonly DirectSystem[]> => {
  const options = {
    cacheFolder: join(cacheFolder, 'external'),
    cacheBytes: CACHE_BYTES,
    workFolder: tmpdir(),
    path,
    threads,
    verifyLimits: VERIFICATION,
  }
  const configs = await readCommandConfig(configPath)
  return configs.map((config) => createCommandSystem({ config, ...options }))
}
