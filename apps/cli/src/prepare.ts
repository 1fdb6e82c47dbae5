import { join } from 'node:path'
import type { SrsKind } from '@weft/chain'
import { type BuiltIn, MERGE, PAD, PAYMENTS, type SegmentSize } from '@weft/circuits'
import { type Limits, type MergeProgram, type Program, prepareMerge, prepareProgram } from '@weft/proof'
import { createNoirSystem, ensureDevSrs, findBb, type NoirSystem, type Srs } from '@weft/system-noir'

/** Told before each step that takes seconds. */
export type Progress = (step: string) => void

export interface PrepareOptions {
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

const openSrs = async ({ cacheFolder, srs, threads }: PrepareOptions, progress: Progress): Promise<Srs> => {
  const bbPath = findBb(process.platform, process.arch)
  if (srs === 'ignition') return { kind: 'ignition', crsPath: join(cacheFolder, 'ignition-srs'), bbPath }
  progress('dev SRS: 2^21 points')
  return { kind: 'dev', ...(await ensureDevSrs(join(cacheFolder, 'dev-srs'), bbPath, threads)) }
}

/** The proof system on its SRS. Close it. */
export const openSystem = async (options: PrepareOptions, progress: Progress): Promise<NoirSystem> =>
  createNoirSystem({
    srs: await openSrs(options, progress),
    cacheFolder: join(options.cacheFolder, 'noir'),
    threads: options.threads,
  })

const prepareBuiltIn = async (system: NoirSystem, builtIn: BuiltIn, progress: Progress, limits: Limits) => {
  progress(`${builtIn.name}: circuit and verification key`)
  return prepareProgram(system, await system.compile(builtIn.folder), builtIn.work, limits)
}

export const preparePad = (system: NoirSystem, progress: Progress, signal: AbortSignal): Promise<Program> =>
  prepareBuiltIn(system, PAD, progress, preparing(signal))

export const preparePayments = (
  system: NoirSystem,
  size: SegmentSize,
  progress: Progress,
  signal: AbortSignal,
): Promise<Program> => prepareBuiltIn(system, PAYMENTS[size], progress, preparing(signal))

export const prepareMergeProgram = async (
  system: NoirSystem,
  progress: Progress,
  signal: AbortSignal,
): Promise<MergeProgram> => {
  progress('merge: circuit and verification keys, for merging and for Ethereum')
  return prepareMerge(system, await system.compile(MERGE.folder), MERGE.work, preparing(signal))
}
