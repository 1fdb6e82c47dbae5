import { randomBytes } from 'node:crypto'
import type { Limits } from '@weft/proof'
import { type CircomSystem, createCircomSystem, type Protocol, packCircomArtifact } from '@weft/system-circom'
import { compileCircuit } from './circuits.js'

export const PROTOCOLS = ['groth16', 'plonk', 'fflonk'] as const
export const generous: Limits = { signal: new AbortController().signal, memoryBytes: 2e9, timeMs: 120_000 }
export const contribution = { name: 'test', entropy: 'test' }

export const openSystem = (): CircomSystem =>
  createCircomSystem({ threads: 2, keyCacheBytes: 1e8, randomBytes, verifyLimits: generous })

/** Artifacts of test/circuits by name, for one protocol each. */
export const artifactMaker = async (system: CircomSystem) => {
  const powers = await system.makeInsecureDevPowers(10, generous)
  return async (name: string, protocol: Protocol) => {
    const circuit = await compileCircuit(name)
    const zkey = await system.setup({ protocol, r1cs: circuit.r1cs, powers, contribution }, generous)
    return { name, bytes: packCircomArtifact({ ...circuit, zkey }) }
  }
}
