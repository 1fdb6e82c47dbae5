import { MWORK } from '@weft/protocol'

/** The highest price at which `work` costs no more than `budgetWei`: costUpWei(it) ≤ budget < costUpWei(it + 1). */
export const priceDownWei = (budgetWei: bigint, work: bigint): bigint => (budgetWei * MWORK) / work

/** The lowest price at which `work` costs at least `costWei`. */
export const priceUpWei = (costWei: bigint, work: bigint): bigint =>
  costWei === 0n ? 0n : ((costWei - 1n) * MWORK) / work + 1n

/** How long `work` takes, rounded up (against the prover: it must not promise a moment that it misses). */
export const durationUpMs = (turnaroundMs: number, work: bigint): bigint =>
  (BigInt(turnaroundMs) * work + MWORK - 1n) / MWORK

/** The slowest turnaround that does `work` within `spanMs`: durationUpMs(it) ≤ span < durationUpMs(it + 1). */
export const turnaroundDownMs = (spanMs: bigint, work: bigint): bigint => (spanMs * MWORK) / work

/** `amountWei` in `count` equal shares, each rounded down; the remainder goes to the first. Sums to the amount. */
export const sharesWei = (amountWei: bigint, count: number): bigint[] => {
  const share = amountWei / BigInt(count)
  const first = amountWei - share * BigInt(count - 1)
  return Array.from({ length: count }, (_, i) => (i === 0 ? first : share))
}

// biome-ignore-start lint/complexity/useMathMinMax: Math knows no bigint
export const lesser = (a: bigint, b: bigint): bigint => (a < b ? a : b)
export const greater = (a: bigint, b: bigint): bigint => (a > b ? a : b)
// biome-ignore-end lint/complexity/useMathMinMax: Math knows no bigint
