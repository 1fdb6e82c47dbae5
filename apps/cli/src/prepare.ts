import { type BuiltIn, MERGE, PAD, PAYMENTS, type SegmentSize } from '@weft/circuits'
import { type Progress, preparing } from '@weft/client'
import { type Limits, type MergeProgram, type Program, prepareMerge, prepareProgram } from '@weft/proof'
import type { NoirSystem } from '@weft/system-noir'

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
