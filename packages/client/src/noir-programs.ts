import { MERGED_SYSTEM } from '@weft/api'
import { LIBRARY } from '@weft/circuits'
import type { Artifact, DirectSystem, Inputs, Limits } from '@weft/proof'
import { type Address, publicInput, WeftError } from '@weft/protocol'
import {
  directProgramSystem,
  type Execution,
  type ExpectedClaim,
  type PreparedProgram,
  type ProgramStatement,
  type ProgramSystem,
} from '@weft/sdk'
import {
  createHonkDirectSystem,
  loadProgram,
  type NoirSystem,
  stripDebug,
  wrapProgram,
  wrappedStatement,
} from '@weft/system-noir'
import { preparing } from './noir.js'

/** Stands for the prover while a program is executed to see what it claims. */
const NOBODY: Address = `0x${'00'.repeat(20)}`

/** Executing is no proving: what takes longer is no program for a prover either. */
const EXECUTION = { timeMs: 600_000, memoryBytes: 4e9 } as const

const executing = (signal: AbortSignal): Limits => ({ ...EXECUTION, signal })

const never = new AbortController().signal

const isSame = (a: ProgramStatement, b: ProgramStatement) =>
  a.pre === b.pre && a.post === b.post && a.data === b.data

const badClaim = (name: string, why: string) =>
  new WeftError('bad_claim', `${name} claims something else with these inputs: ${why}`, { program: name })

/** What of a wrapper's artifact is the program inside; null for a program that makes its claim by itself. */
const innerOf = ({ name, bytes }: Artifact): { readonly artifact: Artifact; readonly zk: boolean } | null => {
  const bad = (cause?: unknown) =>
    new WeftError('bad_artifact', `${name} is no artifact: use another coordinator`, {}, { cause })
  let json: {
    readonly inner?: { readonly abi: unknown; readonly bytecode: unknown; readonly zk: unknown } | null
  } | null
  try {
    json = JSON.parse(Buffer.from(bytes).toString())
  } catch (cause) {
    throw bad(cause)
  }
  if (json === null || json.inner === null) throw bad()
  if (json.inner === undefined) return null
  const { abi, bytecode, zk } = json.inner
  return { artifact: { name, bytes: Buffer.from(JSON.stringify({ name, abi, bytecode })) }, zk: zk === true }
}

/** A program that is wrapped claims its public inputs: they are known from executing it. */
const executeInner = async (
  system: NoirSystem,
  artifact: Artifact,
  inputs: object,
  { statement: expected }: ExpectedClaim,
  limits: Limits,
): Promise<Execution> => {
  const { publicInputs } = await system.run(artifact, inputs as Inputs, limits)
  const statement = wrappedStatement(publicInputs)
  if (expected !== null && !isSame(expected, statement)) {
    throw badClaim(artifact.name, 'it is wrapped, and claims its public inputs; leave the statement out')
  }
  return { statement, inputs: { inner: inputs } }
}

/** A program that makes its claim by itself shows its hash alone: it has to be that of what is expected. */
const executeClaim = async (
  system: NoirSystem,
  artifact: Artifact,
  inputs: object,
  { statement, work }: ExpectedClaim,
  limits: Limits,
): Promise<Execution> => {
  const { name } = artifact
  if (statement === null) {
    throw new WeftError(
      'statement_needed',
      `${name} makes its claim by itself, and shows a hash of it alone: say what it claims with these inputs`,
      { program: name },
    )
  }
  if (Object.hasOwn(inputs, 'prover')) {
    throw new WeftError('bad_inputs', 'inputs.prover: the node that proves fills it in: leave it out', {
      path: 'inputs.prover',
    })
  }
  const { publicInputs } = await system.run(artifact, { ...(inputs as Inputs), prover: NOBODY }, limits)
  const claimed = publicInput({ kind: 'transition', ...statement, prover: NOBODY, work })
  if (publicInputs.length === 1 && publicInputs[0] === claimed) return { statement, inputs }
  throw badClaim(name, `check pre, post and data, and that it declares a work of ${work} gates`)
}

/** Names of Noir's direct systems. */
export const HONK_ZK = 'honk-zk'
export const HONK = 'honk'

/** The direct systems of Noir's programs. */
export const honkSystems = (system: NoirSystem): DirectSystem[] => [
  createHonkDirectSystem(system, true),
  createHonkDirectSystem(system, false),
]

/** What the network needs of an artifact; `executed` is what runs here, with debug information if there is any. */
const prepare = async (
  system: NoirSystem,
  artifact: Artifact,
  executed: {
    readonly artifact: Artifact
    readonly isWrapped: boolean
    readonly work: bigint | null
    readonly zk: boolean
  },
  limits: Limits,
): Promise<PreparedProgram> => {
  const key = await system.setup(artifact, 'recursive', limits)
  const { gates } = await system.estimate(artifact, limits)
  const { isWrapped, zk } = executed
  const execute = isWrapped ? executeInner : executeClaim
  const alone = { system: zk ? HONK_ZK : HONK, artifact: executed.artifact.bytes }
  return {
    name: artifact.name,
    artifact: artifact.bytes,
    key: key.bytes,
    keyHash: key.hash,
    gates,
    work: executed.work,
    zk,
    ...(isWrapped ? { alone } : {}),
    execute: (inputs, expected, signal) =>
      execute(system, executed.artifact, inputs, expected, executing(signal)),
  }
}

/**
 * Noir programs for requesters: those that return the library's `Claim` as they are, all others in a wrapper that
 * claims their public inputs, with zero knowledge unless told. Compiled programs are kept in `cacheFolder`.
 */
export const noirPrograms = (system: NoirSystem, cacheFolder: string): ProgramSystem => ({
  name: MERGED_SYSTEM,
  id: system.id,
  async load({ path, zk = true }, signal) {
    const limits = preparing(signal)
    const program = await loadProgram(path, { cacheFolder, libraries: [LIBRARY], signal })
    const { artifact, isClaim } = program
    if (isClaim) {
      return prepare(
        system,
        stripDebug(artifact),
        { artifact, isWrapped: false, work: null, zk: false },
        limits,
      )
    }
    const wrapped = await wrapProgram(system, program, { library: LIBRARY, cacheFolder, zk, limits })
    return prepare(system, wrapped.artifact, { artifact, isWrapped: true, work: wrapped.work, zk }, limits)
  },
  async open(name, bytes, signal) {
    const artifact = { name, bytes }
    const inner = innerOf(artifact)
    const executed = { artifact, isWrapped: inner !== null, work: null, zk: false, ...inner }
    return prepare(system, artifact, executed, preparing(signal))
  },
})

/**
 * Noir programs whose proofs go to Ethereum alone, each behind a verifier of its own: with zero knowledge (`honk-zk`) and
 * without (`honk`).
 */
export const honkPrograms = (system: NoirSystem, cacheFolder: string): ProgramSystem[] => {
  const read = async (path: string) => {
    const { artifact } = await loadProgram(path, { cacheFolder, libraries: [LIBRARY], signal: never })
    return artifact
  }
  // Errors here name places in the source, which nobody else gets.
  return honkSystems(system).map((one) =>
    directProgramSystem(one, read, { zk: one.name === HONK_ZK, published: stripDebug }),
  )
}
