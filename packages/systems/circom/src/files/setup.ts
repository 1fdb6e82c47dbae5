import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Limits } from '@weft/proof'
import { readSections } from '../binfile.js'
import { MAX_FILE_BYTES } from '../container.js'
import { type Protocol, type R1csHeader, readR1csHeader } from '../headers.js'
import { groth16DomainOf } from '../program.js'
import type { Contribution } from '../prover/setup.js'
import { type CircomSystem, MAX_DEV_POWER } from '../system.js'
import { readCapped } from './read-file.js'

export interface CircomSetup {
  /** Path of the circuit. */
  readonly r1cs: string
  readonly protocol: Protocol
  /** Path of prepared powers of tau; or INSECURE ones, made here and kept in a folder: see `makeInsecureDevPowers`. */
  readonly powers: { readonly file: string } | { readonly devFolder: string }
  /** To Groth16's second phase; whoever knows its entropy, and nobody else's, can forge proofs. */
  readonly contribution: Contribution
}

/** What goes to another process in one message ends at 2 GiB. */
const MAX_POWERS_BYTES = 2 ** 31 - 2 ** 20

/** The smallest power of two that has room for so many rows. */
const powerOf = (rows: number): number => Math.ceil(Math.log2(Math.max(rows, 2)))

/** The power that a circuit needs. For PLONK and FFLONK an upper bound: what a term may take is one row. */
const neededPower = (protocol: Protocol, header: R1csHeader): number => {
  if (protocol === 'groth16') return powerOf(groth16DomainOf(header))
  const domain = Math.max(3, powerOf(header.constraints + header.terms + header.publicSignals + 2))
  // FFLONK commits to polynomials nine times as long, and powers of 2^p have points for twice that.
  return protocol === 'plonk' ? domain : domain + 3
}

/** Names temporary files apart: several keys may be made at once. */
let writes = 0

const devPowers = async (system: CircomSystem, folder: string, power: number, limits: Limits) => {
  const path = join(folder, `insecure-dev-${power}.ptau`)
  const known = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (known !== null) return known
  const powers = await system.makeInsecureDevPowers(power, limits)
  await mkdir(folder, { recursive: true })
  const temporary = `${path}.${process.pid}.${writes++}.tmp`
  await writeFile(temporary, powers)
  await rename(temporary, path)
  return powers
}

/**
 * A proving key (zkey) for a circuit in a file. Errors: CircomErrors of reading (`file_missing`, `file_too_large`);
 * `bad_artifact` for an r1cs that is none; `setup_failed`, as for powers that are too few; those of the limits.
 */
export const setupCircom = async (
  system: CircomSystem,
  { r1cs: path, protocol, powers, contribution }: CircomSetup,
  limits: Limits,
): Promise<Uint8Array> => {
  const r1cs = await readCapped(path, MAX_FILE_BYTES.r1cs)
  const header = readR1csHeader(readSections(r1cs, 'r1cs'))
  if ('file' in powers) {
    const file = await readCapped(powers.file, MAX_POWERS_BYTES)
    return system.setup({ protocol, r1cs, powers: file, contribution }, limits)
  }
  const power = Math.min(neededPower(protocol, header), MAX_DEV_POWER)
  const made = await devPowers(system, powers.devFolder, power, limits)
  return system.setup({ protocol, r1cs, powers: made, contribution }, limits)
}
