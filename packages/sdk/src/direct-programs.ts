import type { Artifact, DirectSystem, Inputs, Limits } from '@weft/proof'
import { DIRECT_WORK, directStatement, WeftError } from '@weft/protocol'
import type { PreparedProgram, ProgramStatement, ProgramSystem } from './program-system.js'

/** What of a direct system a requester needs: nobody here proves or verifies. */
export type DirectExecutor = Pick<DirectSystem, 'name' | 'id' | 'setup' | 'execute'>

/** What takes longer, or more memory, to execute is no program for a prover either. */
const LIMITS = { timeMs: 600_000, memoryBytes: 4e9 } as const

const limited = (signal: AbortSignal): Limits => ({ ...LIMITS, signal })

const checkExpected = (name: string, { pre, post, data }: ProgramStatement, expected: ProgramStatement) => {
  if (expected.pre === pre && expected.post === post && expected.data === data) return
  throw new WeftError(
    'bad_claim',
    `${name} states its public inputs, and these are others than expected: leave the statement out`,
    { program: name },
  )
}

export interface DirectProgramOptions {
  /** Whether the system's proofs say nothing of private inputs; unless told they might. */
  readonly zk?: boolean
  /** What of an artifact goes to the network, of the same program; all of it unless told. */
  readonly published?: (artifact: Artifact) => Artifact
}

const prepare = async (
  system: DirectExecutor,
  artifact: Artifact,
  { zk = false, published = (same) => same }: DirectProgramOptions,
  signal: AbortSignal,
): Promise<PreparedProgram> => {
  const shown = published(artifact)
  const { key, cost } = await system.setup(shown, limited(signal))
  return {
    name: artifact.name,
    artifact: shown.bytes,
    key: key.bytes,
    keyHash: key.hash,
    gates: cost.gates,
    work: DIRECT_WORK,
    zk,
    async execute(inputs, { statement: expected }, executing) {
      const statement = directStatement(await system.execute(artifact, inputs as Inputs, limited(executing)))
      if (expected !== null) checkExpected(artifact.name, statement, expected)
      return { statement, inputs }
    },
  }
}

/** Programs of a direct system for requesters; `read` takes a path as their authors give it. */
export const directProgramSystem = (
  system: DirectExecutor,
  read: (path: string) => Promise<Artifact>,
  options: DirectProgramOptions = {},
): ProgramSystem => ({
  name: system.name,
  id: system.id,
  load: async ({ path }, signal) => prepare(system, await read(path), options, signal),
  open: (name, bytes, signal) => prepare(system, { name, bytes }, options, signal),
})
