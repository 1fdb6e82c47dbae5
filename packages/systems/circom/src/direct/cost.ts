import type { Cost } from '@weft/proof'
import type { Protocol } from '../headers.js'
import type { CircomProgram } from '../program.js'

interface Measured {
  /** Gates of UltraHonk that take as long as a row of the domain, and as what a proof takes whatever its size. */
  readonly gatesPerRow: number
  readonly fixedGates: number
  /** Peak memory for each byte of the zkey, beside what processes take. */
  readonly bytesPerZkeyByte: number
}

const MEASURED: Readonly<Record<Protocol, Measured>> = {
  groth16: { gatesPerRow: 5, fixedGates: 10_000, bytesPerZkeyByte: 4 },
  plonk: { gatesPerRow: 60, fixedGates: 20_000, bytesPerZkeyByte: 4 },
  fflonk: { gatesPerRow: 60, fixedGates: 20_000, bytesPerZkeyByte: 4 },
}

/** Threads with their own WebAssembly, the witness' process, buffers. */
const FIXED_MEMORY_BYTES = 6e8

export const costOf = ({ protocol, header, zkey }: CircomProgram): Cost => {
  const { gatesPerRow, fixedGates, bytesPerZkeyByte } = MEASURED[protocol]
  return {
    gates: fixedGates + gatesPerRow * header.domainSize,
    memoryBytes: FIXED_MEMORY_BYTES + bytesPerZkeyByte * zkey.length,
  }
}
