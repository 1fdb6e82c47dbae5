/** What an EIP-1559 transaction offers per gas, in wei. */
export interface Fees {
  readonly maxFeePerGas: bigint
  readonly maxPriorityFeePerGas: bigint
}

/** Room for the base fee to double before the transaction has to be replaced. */
export const feesFor = (baseFeePerGas: bigint, tipPerGas: bigint): Fees => ({
  maxFeePerGas: 2n * baseFeePerGas + tipPerGas,
  maxPriorityFeePerGas: tipPerGas,
})

/** One eighth more, rounded up: nodes replace a pending transaction for 10 % more of both fees. */
const moreUp = (wei: bigint) => (wei * 9n + 7n) / 8n + (wei === 0n ? 1n : 0n)
const max = (a: bigint, b: bigint) => (a > b ? a : b)

/**
 * Fees that replace a transaction at `old`, at least what is right `now`; null when they would exceed the cap, which
 * leaves the transaction as it is.
 */
export const bump = (old: Fees, now: Fees, capPerGas: bigint): Fees | null => {
  const maxPriorityFeePerGas = max(moreUp(old.maxPriorityFeePerGas), now.maxPriorityFeePerGas)
  const maxFeePerGas = max(max(moreUp(old.maxFeePerGas), now.maxFeePerGas), maxPriorityFeePerGas)
  return maxFeePerGas > capPerGas ? null : { maxFeePerGas, maxPriorityFeePerGas }
}
