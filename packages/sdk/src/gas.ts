import { type Bytes32, CONTRACT, type Delivery, GROTH16 } from '@weft/protocol'

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
  /** A Groth16 key registered. */
  registerKey: 372_987,
} as const

/**
 * The same where each program has a verifier contract of its own: for one proof recorded, and once for a program, its
 * contract deployed and registered. A Noir proof grows with each doubling of its circuit's gates; measured from 2^5 to 2^17.
 */
export const MEASURED_CONTRACT_GAS: Readonly<Record<string, Readonly<Record<'record' | 'setup', Growth>>>> = {
  honk: { record: { gas: 471_000, perDoubling: 18_450 }, setup: { gas: 2_510_000, perDoubling: 46_800 } },
  'honk-zk': {
    record: { gas: 520_000, perDoubling: 24_330 },
    setup: { gas: 2_849_000, perDoubling: 46_800 },
  },
  plonk: { record: { gas: 340_478, perDoubling: 0 }, setup: { gas: 1_408_632, perDoubling: 0 } },
  fflonk: { record: { gas: 261_884, perDoubling: 0 }, setup: { gas: 3_236_059, perDoubling: 0 } },
}

interface Growth {
  readonly gas: number
  readonly perDoubling: number
}

/** The smallest Noir circuit is one of 2^5 gates. */
const MIN_LOG_GATES = 5

const grown = ({ gas, perDoubling }: Growth, gates: number): number =>
  gas + perDoubling * Math.max(MIN_LOG_GATES, Math.ceil(Math.log2(gates)))

/** What every transaction costs. */
const TRANSACTION = 21_000

/** What `count` proofs cost that share transactions, where one and 32 cost so much. */
const between = (one: number, of32: number, count: number): number => one + ((of32 - one) / 31) * (count - 1)

/** Payment in a transaction of its own, where it costs so much together with a settlement. */
const apart = (paid: number): number => paid - MEASURED_GAS.settlementWithoutVerifier + TRANSACTION

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
      : between(record, records32, count) + apart(paid)
  return Math.ceil(total / count)
}

/** One proof recorded by a verifier contract of its program's own; null for a system that nobody measured. */
export const recordGasOf = (system: string, gates: number): number | null => {
  const measured = MEASURED_CONTRACT_GAS[system]
  return measured === undefined ? null : grown(measured.record, gates)
}

/** The same recorded and paid. */
export const gasOfContract = (system: string, gates: number): number | null => {
  const record = recordGasOf(system, gates)
  return record === null ? null : record + apart(MEASURED_GAS.request)
}

/** What the first proof of a program costs on top, for its key or its verifier; null for a system that nobody measured. */
export const setupGasOf = (
  system: { readonly id: Bytes32; readonly name: string },
  gates: number,
): number | null => {
  if (system.id !== CONTRACT) return system.id === GROTH16 ? MEASURED_GAS.registerKey : 0
  const measured = MEASURED_CONTRACT_GAS[system.name]
  return measured === undefined ? null : grown(measured.setup, gates)
}
