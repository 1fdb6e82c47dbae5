import { join } from 'node:path'
import type { SrsKind } from '@weft/chain'
import type { Limits } from '@weft/proof'
import { createNoirSystem, ensureDevSrs, findBb, type NoirSystem, type Srs } from '@weft/system-noir'

/** Told before each step that takes seconds. */
export type Progress = (step: string) => void

export interface NoirOptions {
  readonly cacheFolder: string
  readonly srs: SrsKind
  readonly threads: number
}

/** Everything in it may take minutes on a slow machine, but not hours. */
const TIME_MS = 30 * 60_000
const MEMORY_BYTES = 16e9

/** Limits of preparing, which is our own work. */
export const preparing = (signal: AbortSignal): Limits => ({
  signal,
  memoryBytes: MEMORY_BYTES,
  timeMs: TIME_MS,
})

const openSrs = async ({ cacheFolder, srs, threads }: NoirOptions, progress: Progress): Promise<Srs> => {
  const bbPath = findBb(process.platform, process.arch)
  if (srs === 'ignition') return { kind: 'ignition', crsPath: join(cacheFolder, 'ignition-srs'), bbPath }
  progress('dev SRS: 2^21 points')
  return { kind: 'dev', ...(await ensureDevSrs(join(cacheFolder, 'dev-srs'), bbPath, threads)) }
}

/** Noir's proof system on its SRS. Close it. */
export const openNoir = async (options: NoirOptions, progress: Progress): Promise<NoirSystem> =>
  createNoirSystem({
    srs: await openSrs(options, progress),
    cacheFolder: join(options.cacheFolder, 'noir'),
    threads: options.threads,
  })
