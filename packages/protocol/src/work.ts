/**
 * Work of one merge, in gates: what the merge circuit declares of itself and L1 charges for a parallel merge.
 * `circuits/lib/src/claims.nr` and the settlement contract hold the same number.
 */
export const MERGE_WORK = 1_750_000n

/** The most work that a sequence can say, in gates: the merge circuit sums it in 64 bits. */
export const MAX_SEQUENCE_WORK = 2n ** 64n - 1n

/** What each of `count` claims pays for the parallel merges above it, in gates, rounded up (for the provers). */
export const sharedWorkPerClaimUp = (count: number): bigint => {
  const total = BigInt(count - 1) * MERGE_WORK
  return (total + BigInt(count) - 1n) / BigInt(count)
}

/** Prices and turnarounds are for a million units of work: whole numbers also for tokens with few decimals. */
export const MWORK = 1_000_000n

/** What `work` costs at most, rounded up: the market contract rounds each entry's fee down, so it never pays more. */
export const costUpWei = (priceWei: bigint, work: bigint): bigint => (priceWei * work + MWORK - 1n) / MWORK

/**
 * Work of a proof that does not say what work it took, in the unit of prices: the price of a million units of work
 * is the price of the proof. The market contract holds the same number.
 */
export const DIRECT_WORK = MWORK
