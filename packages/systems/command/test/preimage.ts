import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { DirectSystem } from '@weft/proof'
import { createCommandSystem, readCommandConfig } from '@weft/system-command'

const SCRIPT = fileURLToPath(new URL('./preimage.mjs', import.meta.url))

/** An external prover of preimages: any artifact is a program, inputs are `{ secret }`. Close it. */
export const preimageSystem = async (folder: string): Promise<DirectSystem> => {
  const command = (name: string, ...args: string[]) => ['node', SCRIPT, name, ...args]
  const entry = {
    name: 'preimage',
    setup: command('setup', '{artifact}', '{output}'),
    execute: command('execute', '{artifact}', '{inputs}', '{output}'),
    prove: command('prove', '{artifact}', '{inputs}', '{output}'),
    verify: command('verify', '{key}', '{publicInputs}', '{proof}'),
    maxProofBytes: 100,
    gates: 1000,
    memoryBytes: 1e6,
  }
  const path = join(folder, 'preimage.json')
  await writeFile(path, JSON.stringify({ systems: [entry] }))
  const [config] = await readCommandConfig(path)
  if (config === undefined) throw new Error('no system')
  return createCommandSystem({
    config,
    cacheFolder: join(folder, 'preimage-cache'),
    cacheBytes: 1e8,
    workFolder: join(folder, 'preimage-work'),
    path: process.env.PATH ?? '',
    threads: 1,
    verifyLimits: { signal: new AbortController().signal, memoryBytes: 1e9, timeMs: 60_000 },
  })
}
