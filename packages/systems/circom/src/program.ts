import { createHash } from 'node:crypto'
import { ProofError } from '@weft/proof'
import { readSections } from './binfile.js'
import { CircomError } from './error.js'
import { type Protocol, type R1csHeader, readR1csHeader, readZkeyHeader, type ZkeyHeader } from './headers.js'

/** A circuit as circom and snarkjs write it. */
export interface CircomArtifacts {
  readonly protocol: Protocol
  /** Circom 2's witness calculator. */
  readonly wasm: Uint8Array
  readonly zkey: Uint8Array
  /** If given, the zkey has to fit it. */
  readonly r1cs?: Uint8Array
}

/** A checked circuit; `load` makes it. */
export interface CircomProgram {
  readonly protocol: Protocol
  readonly wasm: Uint8Array
  readonly zkey: Uint8Array
  /** SHA-256 of each, hexadecimal: what the child processes know them by. */
  readonly wasmHash: string
  readonly zkeyHash: string
  readonly header: ZkeyHeader
}

const WASM_MAGIC = '\0asm'

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

const mismatch = (what: string, zkey: number, r1cs: number) =>
  new CircomError(
    'zkey_mismatch',
    `the zkey has ${zkey} ${what} and the r1cs ${r1cs}: set the circuit up again, or give its own zkey`,
    { what, zkey, r1cs },
  )

/** The domain of Groth16: a row for each constraint, each public signal and the constant one. */
export const groth16DomainOf = ({ constraints, publicSignals }: R1csHeader): number => {
  let size = 2
  while (size < constraints + publicSignals + 1) size *= 2
  return size
}

/** Errors: `zkey_mismatch`. */
const checkFit = (zkey: ZkeyHeader, r1cs: R1csHeader): void => {
  if (zkey.publicSignals !== r1cs.publicSignals) {
    throw mismatch('public signals', zkey.publicSignals, r1cs.publicSignals)
  }
  if (zkey.wires !== r1cs.wires) throw mismatch('wires', zkey.wires, r1cs.wires)
  if (zkey.protocol !== 'groth16') return
  if (zkey.domainSize !== groth16DomainOf(r1cs)) {
    throw mismatch('rows in the domain', zkey.domainSize, groth16DomainOf(r1cs))
  }
  // Groth16 adds a row to A for every public signal and the constant one.
  const expected = r1cs.coefficients + r1cs.publicSignals + 1
  if (zkey.coefficients !== expected) throw mismatch('coefficients', zkey.coefficients, expected)
}

/** Checks a circuit's files and that they fit together. Errors: `bad_artifact`, `zkey_mismatch`. */
export const load = ({ protocol, wasm, zkey, r1cs }: CircomArtifacts): CircomProgram => {
  if (Buffer.from(wasm.subarray(0, 4)).toString('latin1') !== WASM_MAGIC) {
    throw new ProofError('bad_artifact', 'the wasm is no WebAssembly: give what circom wrote with --wasm', {
      file: 'wasm',
    })
  }
  const header = readZkeyHeader(readSections(zkey, 'zkey'))
  if (header.protocol !== protocol) {
    throw new ProofError('bad_artifact', `the zkey is for ${header.protocol}: ask for that, or set up anew`, {
      file: 'zkey',
      protocol: header.protocol,
    })
  }
  if (r1cs !== undefined) checkFit(header, readR1csHeader(readSections(r1cs, 'r1cs')))
  return { protocol, wasm, zkey, wasmHash: sha256(wasm), zkeyHash: sha256(zkey), header }
}
