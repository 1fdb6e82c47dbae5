import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Artifact, DirectSystem, Limits } from '@weft/proof'
import { createCommandSystem, readCommandConfig } from '@weft/system-command'
import { onTestFinished } from 'vitest'

export const never = new AbortController().signal
export const generous: Limits = { signal: never, memoryBytes: 2e9, timeMs: 60_000 }
export const artifact: Artifact = { name: 'program', bytes: Buffer.from('an artifact') }
export const WORD = `0x${'00'.repeat(31)}2a` as const

/** An empty folder, gone after all tests. */
export const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'weft-external-'))

/** Arguments that run a script of Node's; `output` and so on are its further arguments. */
export const node = (script: string, ...args: string[]): string[] => ['node', '-e', script, ...args]
export const shell = (script: string, ...args: string[]): string[] => ['sh', '-c', script, 'sh', ...args]

/** Writes a key and a verifier that need no circuit. */
export const SETUP = shell(
  `printf key >"$1/key.bin"; printf '{"gates":1000,"memoryBytes":1000000}' >"$1/circuit.json"
  printf '{"codeHash":"0x${'c0'.repeat(32)}","selector":"0x01020304","takes":"bytes","creationCode":"0x6000"}' >"$1/verifier.json"`,
  '{output}',
)

/** A proof of the one public input. */
export const PROVE = shell(
  `printf proof >"$1/proof.bin"; printf '["${WORD}"]' >"$1/public-inputs.json"`,
  '{output}',
)

export const CONFIG = { name: 'test', setup: SETUP, prove: PROVE, verify: ['true'], maxProofBytes: 1000 }

export interface External {
  readonly system: DirectSystem
  readonly folder: string
  /** Names in the folder of the jobs: none when nothing runs. */
  leftovers(): Promise<string[]>
}

export const writeConfig = async (folder: string, ...entries: object[]): Promise<string> => {
  const path = join(folder, 'systems.json')
  await writeFile(path, JSON.stringify({ systems: entries }))
  return path
}

/** The system of one entry of a config file; it ends with its test. */
export const externalOf = async (
  entry: object,
  verifyLimits = generous,
  path = process.env.PATH ?? '',
): Promise<External> => {
  const folder = await newFolder()
  const [config] = await readCommandConfig(await writeConfig(folder, { ...CONFIG, ...entry }))
  if (config === undefined) throw new Error('no system')
  const workFolder = join(folder, 'work')
  await mkdir(workFolder)
  const options = {
    cacheFolder: join(folder, 'cache'),
    cacheBytes: 1e9,
    workFolder,
    path,
    threads: 3,
    verifyLimits,
  }
  const system = createCommandSystem({ config, ...options })
  onTestFinished(() => system.close())
  return { system, folder, leftovers: () => readdir(workFolder) }
}

/** Proves with a system whose `prove` is this command. */
export const proveBy = async (prove: string[], limits = generous, entry: object = {}) => {
  const external = await externalOf({ prove, ...entry })
  const { key } = await external.system.setup(artifact, generous)
  return { ...external, key, proof: external.system.prove(artifact, key, {}, limits) }
}

/** Whether a process is there; a zombie is not. */
export const isAlive = async (pid: number): Promise<boolean> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => null)
  return status !== null && !/^State:\s+Z/m.test(status)
}
