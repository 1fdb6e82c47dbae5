/**
 * Work of one merge, in gates: what the merge circuit declares of itself and L1 charges for a parallel merge.
 * `circuits/lib/src/claims.nr` and the settlement contract hold the same number.
 */
export const MERGE_WORK = 1_750_000n

/** What each of `count` claims pays for the parallel merges above it, in gates, rounded up (for the provers). */
export const sharedWorkPerClaimUp = (count: number): bigint => {
  const total = BigInt(count - 1) * MERGE_WORK
  return (total + BigInt(count) - 1n) / BigInt(count)
}

/**
 * Work of a proof that does not say what work it took, in the unit of prices: the price of a million units of work
 * is the price of the proof. The market contract holds the same number.
 */
export const DIRECT_WORK = 1_000_000n
