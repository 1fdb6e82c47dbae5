import { readdir, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { MERGED_SYSTEM } from '@weft/api'
import { WeftError } from '@weft/protocol'
import type { ProgramSource, ProofDelivery } from '@weft/sdk'
import { HONK, HONK_ZK } from './noir-programs.js'
import { loadCircom } from './systems.js'

/** Where a person says that a program is. */
export interface SourceSettings {
  readonly system?: string | undefined
  readonly work?: bigint | undefined
  readonly zk: boolean
}

const CIRCOM_FILE = /\.(zkey|r1cs|wasm)$/

/** The names of what is there: of a file, its own alone. Throws `unknown_source`. */
const namesAt = async (path: string): Promise<string[]> => {
  try {
    return (await stat(path)).isDirectory() ? await readdir(path) : [basename(path)]
  } catch (cause) {
    throw new WeftError(
      'unknown_source',
      `${path} cannot be read: give a program’s id, project or artifact`,
      { path },
      { cause },
    )
  }
}

/** The proof system of what is at a path: Noir's, or circom's by its zkey. Errors: `unknown_source`, `system_missing`. */
const systemAt = async (path: string): Promise<string> => {
  const names = await namesAt(path)
  // In folders of circuits there is JSON of all kinds: an artifact of Noir's is named itself.
  const isArtifact = names.join() === basename(path) && path.endsWith('.json')
  if (names.includes('Nargo.toml') || isArtifact) return MERGED_SYSTEM
  if (!names.some((name) => CIRCOM_FILE.test(name) || name.endsWith('_js'))) {
    throw new WeftError(
      'unknown_source',
      `${path} has no program: Noir’s have a Nargo.toml or are one .json file, circom’s have a .wasm and a .zkey; for any other, name the --system`,
      { path },
    )
  }
  const { readCircomProgram } = await loadCircom()
  return (await readCircomProgram(path)).protocol
}

/** A program at a path as the sdk takes it. A Noir program that is delivered alone is one of another system. */
export const sourceOf = async (
  path: string,
  { system, work, zk }: SourceSettings,
  delivery: ProofDelivery = 'auto',
): Promise<ProgramSource> => {
  const found = system ?? (await systemAt(path))
  const isAlone = system === undefined && found === MERGED_SYSTEM && delivery === 'individual'
  return {
    ...{ path, zk, system: isAlone ? (zk ? HONK_ZK : HONK) : found },
    ...(work === undefined ? {} : { work }),
  }
}
