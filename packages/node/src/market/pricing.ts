import { maxOf, WeftError } from '@weft/protocol'

/** What running a node costs, and what its operator wants to earn with it. */
export interface NodePricing {
  /** Rent or wear of the machine. */
  readonly hardwareWeiPerHour: bigint
  /** Drawn while proving, in whole watts. */
  readonly powerWatts: number
  readonly powerWeiPerKwh: bigint
  /** Added to the cost, in millionths of it. */
  readonly marginPpm: number
  /** The least that is charged for a million units of work. */
  readonly floorWei: bigint
}

/** How fast a node does the work of a program. */
export interface Speed {
  /** As measured. */
  readonly gatesPerSecond: number
  /** Gates that a million units of work take. */
  readonly gatesPerMegawork: bigint
}

/** What a program costs to prove, and what it declares. */
export interface ProgramCost {
  readonly gates: number
  readonly work: bigint
}

const MEGA = 1_000_000n
const MAX_PRICE_WEI = maxOf('uint96') as bigint
/** The longest turnaround that an offer and a sealed bid carry alike; 49 days. */
export const MAX_TURNAROUND_MS = maxOf('uint32') as bigint

const ceilDiv = (a: bigint, b: bigint): bigint => (a + b - 1n) / b

const isCount = (value: number) => Number.isSafeInteger(value) && value >= 0

/** Throws `bad_pricing` for amounts that are negative or no whole numbers. */
export const checkPricing = (pricing: NodePricing): void => {
  const { hardwareWeiPerHour, powerWatts, powerWeiPerKwh, marginPpm, floorWei } = pricing
  const isFine =
    isCount(powerWatts) &&
    isCount(marginPpm) &&
    hardwareWeiPerHour >= 0n &&
    powerWeiPerKwh >= 0n &&
    floorWei >= 0n
  if (isFine) return
  throw new WeftError(
    'bad_pricing',
    'the amounts of a node’s pricing are whole numbers from 0 up: correct them',
    {
      powerWatts,
      marginPpm,
      hardwareWeiPerHour: String(hardwareWeiPerHour),
      powerWeiPerKwh: String(powerWeiPerKwh),
      floorWei: String(floorWei),
    },
  )
}

/**
 * Gates that a million units of work take at most, rounded up (for the prover): of the programs given, the one that
 * declares the least work for its gates. Null where one declares none: nothing is paid for it.
 */
export const gatesPerMegaworkUp = (programs: readonly ProgramCost[]): bigint | null => {
  let most = 0n
  for (const { gates, work } of programs) {
    if (work === 0n) return null
    const each = ceilDiv(BigInt(gates) * MEGA, work)
    if (each > most) most = each
  }
  return most === 0n ? null : most
}

/**
 * The price of a million units of work, in wei: hardware and power for the time that it takes, and the margin, rounded
 * up (for the prover); at least the floor, and at least 1, since no offer is for nothing. Throws `price_too_high` for
 * more than an offer can say (2^96 - 1).
 */
export const priceUpWei = (pricing: NodePricing, { gatesPerSecond, gatesPerMegawork }: Speed): bigint => {
  const { hardwareWeiPerHour, powerWatts, powerWeiPerKwh, marginPpm, floorWei } = pricing
  // Watt-hours are thousandths of the kilowatt-hours that are paid for.
  const milliWeiPerHour = hardwareWeiPerHour * 1000n + BigInt(powerWatts) * powerWeiPerKwh
  const costWei = ceilDiv(
    milliWeiPerHour * gatesPerMegawork * (MEGA + BigInt(marginPpm)),
    1000n * 3600n * BigInt(gatesPerSecond) * MEGA,
  )
  const priceWei = [1n, floorWei, costWei].reduce((a, b) => (a > b ? a : b))
  if (priceWei <= MAX_PRICE_WEI) return priceWei
  throw new WeftError(
    'price_too_high',
    'a million units of work cost more than an offer can say: lower the pricing',
    {
      priceWei: String(priceWei),
    },
  )
}

/**
 * Milliseconds for a million units of work, `slackPpm` millionths more than measured, rounded up (for the prover: it
 * must not promise a moment that it misses); at least 1. Throws `too_slow` above 49 days.
 */
export const turnaroundUpMs = ({ gatesPerSecond, gatesPerMegawork }: Speed, slackPpm: number): bigint => {
  const turnaroundMs = ceilDiv(
    1000n * gatesPerMegawork * (MEGA + BigInt(slackPpm)),
    BigInt(gatesPerSecond) * MEGA,
  )
  if (turnaroundMs <= MAX_TURNAROUND_MS) return turnaroundMs === 0n ? 1n : turnaroundMs
  throw new WeftError('too_slow', 'this machine is too slow to offer anything: use a faster one', {
    turnaroundMs: String(turnaroundMs),
  })
}
