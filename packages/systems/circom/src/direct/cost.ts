import type { Cost } from '@weft/proof'
import type { Protocol, ZkeyHeader } from '../headers.js'
import type { CircomProgram } from '../program.js'

interface Measured {
  /** What proving time grows with. */
  readonly rows: (header: ZkeyHeader) => number
  /** Gates of UltraHonk that take as long as a row, and as what every proof takes. */
  readonly gatesPerRow: number
  readonly fixedGates: number
}

/**
 * By the processor's time of all threads, beside 44,730 gates of UltraHonk in 1.43 s on the same machine, and a tenth to a
 * third more than was measured.
 */
const MEASURED: Readonly<Record<Protocol, Measured>> = {
  // Semaphore: depth 1, 3,809 rows in 0.20 s; depth 10, 8,080 in 0.45; depth 20, 14,646 in 0.75; depth 32, 25,802 in 1.19.
  groth16: {
    rows: ({ wires, domainSize }) => wires + domainSize,
    gatesPerRow: 1.8,
    fixedGates: 2_000,
  },
  // 128 rows in 0.18 s, 1,024 in 0.71, 4,096 in 2.72.
  plonk: { rows: ({ domainSize }) => domainSize, gatesPerRow: 22, fixedGates: 5_000 },
  // 128 rows in 0.23 s, 1,024 in 1.19, 4,096 in 4.44.
  fflonk: { rows: ({ domainSize }) => domainSize, gatesPerRow: 36, fixedGates: 6_000 },
}

/** Threads with WebAssembly of their own, and the witness' process: 0.37 GB at the smallest circuit. */
const FIXED_MEMORY_BYTES = 6e8
/** Keys are parsed, shared between threads, and copied into those that sum up their points. */
const MEMORY_PER_ZKEY_BYTE = 10

export const costOf = ({ protocol, header, zkey }: CircomProgram): Cost => {
  const { rows, gatesPerRow, fixedGates } = MEASURED[protocol]
  return {
    gates: Math.ceil(fixedGates + gatesPerRow * rows(header)),
    memoryBytes: FIXED_MEMORY_BYTES + MEMORY_PER_ZKEY_BYTE * zkey.length,
  }
}
