import { randomBytes } from 'node:crypto'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Artifact, DirectSystem, Limits } from '@weft/proof'
import {
  type CircomDirectOptions,
  type CircomSystem,
  createCircomDirectSystems,
  createCircomSystem,
  type Protocol,
  packCircomArtifact,
} from '@weft/system-circom'
import { compileCircuit } from './circuits.js'

export const PROTOCOLS = ['groth16', 'plonk', 'fflonk'] as const
export const generous: Limits = { signal: new AbortController().signal, memoryBytes: 2e9, timeMs: 120_000 }
export const contribution = { name: 'test', entropy: 'test' }

export const openSystem = (): CircomSystem =>
  createCircomSystem({ threads: 2, keyCacheBytes: 1e8, randomBytes, verifyLimits: generous })

/** The direct systems, and what makes artifacts of test/circuits for them, by name and protocol. */
export interface Direct {
  system(protocol: Protocol): DirectSystem
  makeArtifact(name: string, protocol: Protocol): Promise<Artifact>
  close(): Promise<void>
}

export const openDirect = async (options: Partial<CircomDirectOptions> = {}): Promise<Direct> => {
  const circom = openSystem()
  const cacheFolder = await mkdtemp(join(tmpdir(), 'weft-circom-'))
  const systems = createCircomDirectSystems(circom, { cacheFolder, ...options })
  let powers: ReturnType<CircomSystem['makeInsecureDevPowers']> | null = null
  return {
    system: (protocol) => systems.find(({ name }) => name === protocol) as DirectSystem,
    async makeArtifact(name, protocol) {
      const circuit = await compileCircuit(name)
      powers ??= circom.makeInsecureDevPowers(10, generous)
      const ceremony = { powers: await powers, contribution }
      const zkey = await circom.setup({ protocol, r1cs: circuit.r1cs, ...ceremony }, generous)
      return { name, bytes: packCircomArtifact({ ...circuit, zkey }) }
    },
    close: () => circom.close(),
  }
}
