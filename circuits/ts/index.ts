import { fileURLToPath } from 'node:url'
import { MERGE_WORK } from '@weft/protocol'

/** A built-in program: where its sources are, and the work its claim declares, in gates. */
export interface BuiltIn {
  readonly name: string
  readonly folder: string
  readonly work: bigint
}

const builtIn = (name: string, work: bigint): BuiltIn => ({
  name,
  folder: fileURLToPath(new URL(`../programs/${name}`, import.meta.url)),
  work,
})

/** The Noir library that programs depend on by path, for claims and what goes with them. */
export const LIBRARY = fileURLToPath(new URL('../lib', import.meta.url))

/** Composes two proofs' claims. */
export const MERGE = builtIn('merge', MERGE_WORK)

/** The smallest program: any output. */
export const PAD = builtIn('pad', 60_000n)

/** The payments rollup's segments by number of transfers. */
export const PAYMENTS = {
  2: builtIn('payments_2', 260_000n),
  4: builtIn('payments_4', 450_000n),
} as const

/** Transfers in a payments segment. */
export type SegmentSize = keyof typeof PAYMENTS
