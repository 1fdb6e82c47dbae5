import type { Delivery } from '@weft/protocol'

/** Where the figures come from. */
export const GAS_SOURCE = 'npm run bench -- settlement; contracts/snapshots/gas.json'

/** Measured, in gas of whole transactions: what each figure stands for is to be found there under nearly the same name. */
export const MEASURED_GAS = {
  /** A settlement of 2 to 32 claims with its verifier, and without. */
  settlement: 888_000,
  settlementWithoutVerifier: 76_842,
  /** Settlement and payment of one request and of 32, without verifier. */
  request: 153_368,
  requests32: 1_468_287,
  /** One Groth16 proof recorded, and 32 of as many programs in one batch. */
  record: 270_799,
  records32: 4_015_691,
} as const

/** What every transaction costs. */
const TRANSACTION = 21_000

/** What `count` proofs cost that share transactions, where one and 32 cost so much. */
const between = (one: number, of32: number, count: number): number => one + ((of32 - one) / 31) * (count - 1)

/**
 * A proof's equal part of the transactions that verify and pay it, when `count` share them. Rounded up. What is recorded
 * is paid in a transaction of its own.
 */
export const gasOf = (delivery: Delivery, count: number): number => {
  const { request, requests32, settlement, settlementWithoutVerifier, record, records32 } = MEASURED_GAS
  const paid = between(request, requests32, count)
  const total =
    delivery === 'aggregated'
      ? settlement - settlementWithoutVerifier + paid
      : between(record, records32, count) + paid - settlementWithoutVerifier + TRANSACTION
  return Math.ceil(total / count)
}
