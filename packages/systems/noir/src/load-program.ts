import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { type Artifact, type Limits, ProofError } from '@weft/proof'
import { type Abi, countPublicInputs, parseAbi } from './abi.js'
import { type Circuit, toDebugArtifact, unpackBytecode } from './artifact.js'
import { speaksClaims } from './claim-interface.js'
import { compileSources, NOIR_VERSION } from './compile.js'
import { readProject } from './project.js'

export interface LoadOptions {
  /** What is compiled is kept here. */
  readonly cacheFolder: string
  /** Folders outside of the project that its path dependencies may lead to; they are trusted. */
  readonly libraries: readonly string[]
  readonly signal: Limits['signal']
}

/** A Noir program of any author. */
export interface NoirProgram {
  readonly name: string
  /** With the debug information of the source, if there was any; see `stripDebug`. */
  readonly artifact: Artifact
  readonly abi: Abi
  /** Number of public inputs of its proofs, the return value's included. */
  readonly publicInputs: number
  /** Whether its proofs can be merged as they are; others need `wrapProgram`. */
  readonly isClaim: boolean
}

/** The largest artifact that is read, in bytes, and the longest name that one gives its program. */
const MAX_ARTIFACT_BYTES = 64 * 2 ** 20
const MAX_NAME = 64

const bad = (file: string, what: string, cause?: unknown) =>
  new ProofError('bad_artifact', `${file}: ${what}`, { file }, { cause })

const readJson = async (path: string, file: string): Promise<Record<string, unknown>> => {
  if ((await stat(path)).size > MAX_ARTIFACT_BYTES)
    throw bad(file, `an artifact has at most ${MAX_ARTIFACT_BYTES} bytes`)
  try {
    const json: unknown = JSON.parse(await readFile(path, 'utf8'))
    if (typeof json === 'object' && json !== null) return json as Record<string, unknown>
  } catch (cause) {
    throw bad(file, 'not JSON: give a folder or the artifact that the compiler wrote', cause)
  }
  throw bad(file, 'not an artifact: give the JSON that the compiler wrote')
}

/** Only one version of ACIR is understood by the simulator and by `bb`. */
const checkVersion = (version: unknown, file: string) => {
  const [release] = typeof version === 'string' ? version.split('+') : []
  if (release === NOIR_VERSION) return
  const found = release === undefined ? 'an unknown version' : release.slice(0, 40)
  throw new ProofError(
    'bad_artifact',
    `${file}: compiled by Noir ${found}: compile it with ${NOIR_VERSION}`,
    { file, found, needed: NOIR_VERSION },
  )
}

const readArtifact = async (path: string): Promise<{ name: string; circuit: Circuit }> => {
  const file = basename(path)
  const json = await readJson(path, file)
  checkVersion(json.noir_version, file)
  if (typeof json.bytecode !== 'string') throw bad(file, 'no bytecode: give the artifact of a program')
  const { noir_version, abi, bytecode, debug_symbols, file_map } = json
  // Without debug information an artifact is as good; it is not read before something fails.
  const debug =
    typeof debug_symbols === 'string' && typeof file_map === 'object' ? { debug_symbols, file_map } : {}
  const circuit = { noir_version, abi, bytecode, ...debug } as Circuit
  return { name: file.replace(/\.json$/, '').slice(0, MAX_NAME), circuit }
}

const describe = (name: string, circuit: Circuit): NoirProgram => {
  const abi = parseAbi(circuit.abi)
  unpackBytecode(name, circuit.bytecode)
  const artifact = toDebugArtifact(name, circuit)
  return { name, artifact, abi, publicInputs: countPublicInputs(abi), isClaim: speaksClaims(abi) }
}

/**
 * Loads a program: a folder with Nargo.toml and src, whose path dependencies stay inside it or lead to one of the
 * `libraries`, or the JSON that the compiler of this version wrote. Nothing but Nargo.toml and src is read, nothing is
 * downloaded, and links are refused. Errors: `compile_failed` with the compiler's own message, file, line and column;
 * `bad_artifact`, with the version needed; `cancelled`.
 */
export const loadProgram = async (path: string, options: LoadOptions): Promise<NoirProgram> => {
  const found = await stat(path).catch((cause) => {
    throw new ProofError('compile_failed', `nothing at ${path}: give a folder or an artifact`, {}, { cause })
  })
  if (!found.isDirectory()) {
    const { name, circuit } = await readArtifact(path)
    return describe(name, circuit)
  }
  const project = await readProject(path, options.libraries)
  return describe(project.name, await compileSources(project, options.cacheFolder, options.signal))
}
