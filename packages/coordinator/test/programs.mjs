// The programs that all tests of the coordinator serve; plain JavaScript, as processes of their own run it too.
import { prepareMerge, prepareProgram } from '@weft/proof'
import { fakeSystem } from '@weft/proof/testing'
import { MERGE_WORK, toAddress } from '@weft/protocol'

export const DEPLOYMENT = { chainId: 31337, settlement: toAddress(`0x${'5e'.repeat(20)}`) }

export const LIMITS = {
  signal: { aborted: false, addEventListener: () => undefined, removeEventListener: () => undefined },
  memoryBytes: 1e9,
  timeMs: 1e6,
}

export const system = fakeSystem('honest')
const compile = async (name, work) => prepareProgram(system, await system.compile(name), work, LIMITS)
export const segmentProgram = await compile('transfers', 500n)
export const padProgram = await compile('pad', 60n)
export const mergeProgram = await prepareMerge(
  system,
  await system.compile('the merge circuit'),
  MERGE_WORK,
  LIMITS,
)
