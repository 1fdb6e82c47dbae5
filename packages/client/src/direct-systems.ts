import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join, parse } from 'node:path'
import type { Artifact, DirectSystem } from '@weft/proof'
import { WeftError } from '@weft/protocol'
import { directProgramSystem } from '@weft/sdk'
import { externalSystems } from './external-systems.js'
import type { OpenSystems } from './lazy-systems.js'

/** What opening proof systems takes. */
export interface SystemsOptions {
  /** Of one proof. */
  readonly threads: number
  readonly cacheFolder: string
}

/** What opening those of a text takes. */
export interface NamedSystemsOptions extends SystemsOptions {
  /** Names with commas between: `circom`, `external:FILE`; or `none`; or `auto`, which is circom where it is installed. */
  readonly systems: string
}

/** Proof systems whose proofs nothing merges. */
export interface DirectSystems extends OpenSystems {
  /** The same as provers need them; requesters read programs from where their authors have them. */
  readonly systems: readonly DirectSystem[]
}

export type Circom = typeof import('@weft/system-circom')

const CIRCOM = '@weft/system-circom'
const EXTERNAL = 'external:'
/** What proving keys may take in memory. */
const KEY_CACHE_BYTES = 2e9
const VERIFICATION = { timeMs: 60_000, memoryBytes: 4e9 } as const
const never = new AbortController().signal

/** Whether circom's package is there. */
export const hasCircom = (): boolean => {
  try {
    import.meta.resolve(CIRCOM)
    return true
  } catch {
    return false
  }
}

/**
 * Circom's package, which is under the GPL: nothing of it is loaded unless it is there and asked for. Throws
 * `system_missing`.
 */
export const loadCircom = async (): Promise<Circom> => {
  if (hasCircom()) return import('@weft/system-circom')
  throw new WeftError(
    'system_missing',
    `circom programs need the package ${CIRCOM} (GPL-3.0-or-later): npm install ${CIRCOM}`,
    { package: CIRCOM },
  )
}

/** What makes witnesses, proofs and keys of circom's circuits. Close it. Throws `system_missing`. */
export const openCircomSystem = async ({ threads }: Pick<SystemsOptions, 'threads'>) => {
  const { createCircomSystem } = await loadCircom()
  const verifyLimits = { ...VERIFICATION, signal: never }
  return createCircomSystem({ threads, keyCacheBytes: KEY_CACHE_BYTES, randomBytes, verifyLimits })
}

/** Circom's three. Close them. Throws `system_missing`. */
export const openCircom = async (options: SystemsOptions): Promise<DirectSystems> => {
  const circom = await loadCircom()
  const system = await openCircomSystem(options)
  const cacheFolder = join(options.cacheFolder, 'circom')
  const systems = circom.createCircomDirectSystems(system, { cacheFolder })
  return {
    systems,
    programs: systems.map((one) => directProgramSystem(one, circom.readCircomProgram, { zk: true })),
    close: () => system.close(),
  }
}

/** An artifact that is one file, named after it. */
const readFileArtifact = async (path: string): Promise<Artifact> => ({
  name: parse(path).name,
  bytes: await readFile(path),
})

const openExternal = async (
  config: string,
  { threads, cacheFolder }: SystemsOptions,
): Promise<DirectSystems> => {
  const path = process.env.PATH ?? ''
  const systems = await externalSystems(config, { cacheFolder, threads, path })
  return {
    systems,
    programs: systems.map((one) => directProgramSystem(one, readFileArtifact)),
    close: async () => {
      await Promise.all(systems.map((one) => one.close()))
    },
  }
}

const badSystem = (name: string) =>
  new WeftError('bad_config', `${name} is no proof system: give circom, external:FILE, none or auto`, {
    system: name,
  })

const openOne = (name: string, options: SystemsOptions): Promise<DirectSystems> => {
  if (name === 'circom') return openCircom(options)
  if (name.startsWith(EXTERNAL)) return openExternal(name.slice(EXTERNAL.length), options)
  throw badSystem(name)
}

const namesOf = (text: string): string[] => {
  if (text === 'none') return []
  if (text === 'auto') return hasCircom() ? ['circom'] : []
  return text.split(',').map((name) => name.trim())
}

/** Opens what a text names. Close it. Errors: `bad_config`, `system_missing`. */
export const openDirectSystems = async (options: NamedSystemsOptions): Promise<DirectSystems> => {
  const opened: DirectSystems[] = []
  const close = async () => {
    await Promise.all(opened.map((one) => one.close()))
  }
  try {
    for (const name of namesOf(options.systems)) opened.push(await openOne(name, options))
  } catch (error) {
    await close()
    throw error
  }
  return {
    systems: opened.flatMap(({ systems }) => systems),
    programs: opened.flatMap(({ programs }) => programs),
    close,
  }
}
