import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Cost, ProofError } from '@weft/proof'
import { hexToBytes, isHex } from '@weft/protocol'
import type { CommandConfig } from './config.js'
import type { CommandKey } from './key.js'

/** The verifier of the config file; null if it has none. Errors: `setup_failed` for a file that is no creation code. */
export const configuredVerifier = async ({
  name,
  folder,
  verifier,
}: CommandConfig): Promise<Omit<CommandKey, 'file'> | null> => {
  if (verifier === undefined) return null
  const { codeHash, selector, takes, creationCode } = verifier
  if (creationCode === undefined) return { codeHash, selector, takes, creationCode: new Uint8Array() }
  const path = resolve(folder, creationCode)
  const bad = (why: string) =>
    new ProofError('setup_failed', `${name}: ${path} ${why}: write the creation code there as hexadecimal`)
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw bad(error.message)
  })
  const code = `0x${text.trim().replace(/^0x/, '').toLowerCase()}`
  if (!isHex(code) || code === '0x') throw bad('is something else')
  return { codeHash, selector, takes, creationCode: hexToBytes(code) }
}

/** What a proof costs: as `setup` wrote, or else as configured. Errors: `setup_failed` if neither says. */
export const costOf = (
  config: CommandConfig,
  written: { readonly [key in keyof Cost]?: number | undefined },
): Cost => {
  const gates = written.gates ?? config.gates
  const memoryBytes = written.memoryBytes ?? config.memoryBytes
  if (gates !== undefined && memoryBytes !== undefined) return { gates, memoryBytes }
  const message = 'give gates and memoryBytes in the config file, or have setup write a circuit.json'
  throw new ProofError('setup_failed', `${config.name}: ${message}`)
}
