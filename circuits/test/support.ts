import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type InputMap, Noir } from '@noir-lang/noir_js'
import type { BuiltIn } from '@weft/circuits'
import type { Inputs, Limits } from '@weft/proof'
import { type Address, type Bytes32, isBytes32 } from '@weft/protocol'
import { createNoirSystem, ensureDevSrs, findBb, type NoirSystem } from '@weft/system-noir'

export const CACHE = fileURLToPath(new URL('../../.cache/weft', import.meta.url))
export const PROVER: Address = `0x${'a1'.repeat(20)}`

export const limits: Limits = {
  signal: new AbortController().signal,
  memoryBytes: 8e9,
  timeMs: 600_000,
}

/** The real proof system on the dev SRS, both cached in the work tree. */
export const realSystem = async (): Promise<NoirSystem> => {
  await mkdir(CACHE, { recursive: true })
  const srs = await ensureDevSrs(`${CACHE}/dev-srs`, findBb(process.platform, process.arch), 2)
  return createNoirSystem({ srs: { kind: 'dev', ...srs }, cacheFolder: `${CACHE}/noir`, threads: 2 })
}

/** Runs a program without proving: its public field, or the error of the constraint that has no witness. */
export const runner = async (system: NoirSystem, program: BuiltIn) => {
  const artifact = await system.compile(program.folder)
  const noir = new Noir(JSON.parse(Buffer.from(artifact.bytes).toString()))
  return async (inputs: Inputs): Promise<Bytes32> => {
    const { returnValue } = await noir.execute(inputs as InputMap)
    const field = `0x${BigInt(returnValue as string)
      .toString(16)
      .padStart(64, '0')}`
    if (!isBytes32(field)) throw new Error(`not a field: ${field}`)
    return field
  }
}
