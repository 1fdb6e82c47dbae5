import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { MERGE, PAD, PAYMENTS, type SegmentSize } from '@weft/circuits'
import { type Limits, type MergeProgram, type Program, prepareMerge, prepareProgram } from '@weft/proof'
import { createNoirSystem, ensureDevSrs, findBb, type NoirSystem } from '@weft/system-noir'

/** Where benchmarks keep circuits, keys and the dev SRS: the work tree's own cache. */
export const CACHE = fileURLToPath(new URL('../../.cache/weft', import.meta.url))

export const CORES = cpus().length

/** An hour and more memory than any job takes: nothing is limited while it is measured. */
export const LIMITS: Limits = { signal: new AbortController().signal, memoryBytes: 16e9, timeMs: 3_600_000 }

export const openSystem = async (threads: number): Promise<NoirSystem> => {
  const srs = await ensureDevSrs(`${CACHE}/dev-srs`, findBb(process.platform, process.arch), CORES)
  return createNoirSystem({ srs: { kind: 'dev', ...srs }, cacheFolder: `${CACHE}/noir`, threads })
}

export interface Programs {
  readonly merge: MergeProgram
  readonly pad: Program
  readonly payments: Program
}

export const preparePrograms = async (system: NoirSystem, size: SegmentSize): Promise<Programs> => {
  const program = async ({ folder, work }: typeof PAD) =>
    prepareProgram(system, await system.compile(folder), work, LIMITS)
  return {
    merge: await prepareMerge(system, await system.compile(MERGE.folder), MERGE.work, LIMITS),
    pad: await program(PAD),
    payments: await program(PAYMENTS[size]),
  }
}

/** Says what it does, on the standard error: the standard output is for the result. */
export const say = (text: string) => process.stderr.write(`${text}\n`)

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2
}

export const rounded = (value: number, digits = 3): number => Number(value.toFixed(digits))
