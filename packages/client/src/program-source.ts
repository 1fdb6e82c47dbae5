import { readdir, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { MERGED_SYSTEM } from '@weft/api'
import { WeftError } from '@weft/protocol'
import type { ProgramSource } from '@weft/sdk'
import { loadCircom } from './direct-systems.js'
import { HONK, HONK_ZK } from './noir-programs.js'

/** Where a program is, whatever its proof system. */
export interface ClientSource extends ProgramSource {
  /** For a Noir program that is only ever proven for Ethereum alone: no wrapper is made for merging it. */
  readonly alone?: boolean
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
      `${path} has no program: Noir’s have a Nargo.toml or are one .json file, circom’s have a .wasm and a .zkey; for any other, name its system`,
      { path },
    )
  }
  const { readCircomProgram } = await loadCircom()
  return (await readCircomProgram(path)).protocol
}

/** A program at a path, with its proof system: by what is there, unless told. Errors: `unknown_source`, `system_missing`. */
export const sourceOf = async ({ alone = false, ...source }: ClientSource): Promise<ProgramSource> => {
  if (source.system !== undefined) return source
  const system = await systemAt(source.path)
  const isLone = alone && system === MERGED_SYSTEM
  return { ...source, system: isLone ? (source.zk === false ? HONK : HONK_ZK) : system }
}
