import type { Bytes32 } from '@weft/protocol'

/*
 * What a node has promised, and what it may promise beyond that. All jobs are proven one after the other at the
 * measured speed. Each late or lost job makes the node more careful by one step:
 *
 *   caution   0    1    2     3      4      5      6
 *   slower    1  ×1.5 ×2.25 ×3.375 ×5.06  ×7.59   ×8
 *
 * and takes its capacity to 1; each job on time takes one step back and adds one to the capacity, up to what is
 * configured.
 */

const SLOWER_PPM = [1_000_000, 1_500_000, 2_250_000, 3_375_000, 5_062_500, 7_593_750, 8_000_000] as const
const PPM = 1_000_000

/** A lease that is not done. */
export interface Promised {
  readonly lease: string
  readonly job: Bytes32
  readonly gates: number
  readonly work: bigint
  /** When it was taken on. */
  readonly sinceMs: number
  /** Until when it has to be done; null without a commitment. */
  readonly deadlineMs: number | null
  /** Collateral that stands behind it. */
  readonly collateralWei: bigint
}

export interface Load {
  /** In the order in which they are worked off. */
  readonly promised: readonly Promised[]
  /** Index into the steps above. */
  readonly caution: number
  /** Jobs that may be in progress at a time. */
  readonly capacity: number
}

/** How a lease ended: `dropped` is nobody's fault and says nothing of the node's speed. */
export type Outcome = 'on_time' | 'late' | 'lost' | 'dropped'

export const idleLoad = (capacity: number): Load => ({ promised: [], caution: 0, capacity })

/** What this load makes of a time that holds for a punctual node; rounded up (for the prover). */
export const slowerUpMs = ({ caution }: Load, timeMs: bigint): bigint =>
  (timeMs * BigInt(slownessPpm(caution)) + BigInt(PPM - 1)) / BigInt(PPM)

const slownessPpm = (caution: number): number => SLOWER_PPM[caution] as number

const durationMs = ({ caution }: Load, gates: number, gatesPerSecond: number): number =>
  Math.ceil(((1000 * gates) / gatesPerSecond) * (slownessPpm(caution) / PPM))

/** When each promise is done, in order; never before now, for what takes longer than measured is not done yet. */
export const doneAtMs = (load: Load, nowMs: number, gatesPerSecond: number): number[] => {
  let freeMs = 0
  return load.promised.map(({ sinceMs, gates }) => {
    freeMs = Math.max(nowMs, Math.max(freeMs, sinceMs) + durationMs(load, gates, gatesPerSecond))
    return freeMs
  })
}

/** When a further job would be done. */
export const nextDoneAtMs = (load: Load, gates: number, nowMs: number, gatesPerSecond: number): number => {
  const freeMs = doneAtMs(load, nowMs, gatesPerSecond).at(-1) ?? nowMs
  return freeMs + durationMs(load, gates, gatesPerSecond)
}

export const promise = (load: Load, promised: Promised): Load => ({
  ...load,
  promised: [...load.promised, promised],
})

/** The load without a lease, more or less careful by how that went; a lease that it does not have changes nothing. */
export const fulfil = (load: Load, lease: string, outcome: Outcome, maxCapacity: number): Load => {
  const promised = load.promised.filter((each) => each.lease !== lease)
  if (promised.length === load.promised.length) return load
  switch (outcome) {
    case 'dropped':
      return { ...load, promised }
    case 'on_time':
      return {
        promised,
        caution: Math.max(0, load.caution - 1),
        capacity: Math.min(maxCapacity, load.capacity + 1),
      }
    default:
      return { promised, caution: Math.min(SLOWER_PPM.length - 1, load.caution + 1), capacity: 1 }
  }
}

export const promisedWork = ({ promised }: Load): bigint => promised.reduce((sum, { work }) => sum + work, 0n)

/** Collateral behind everything promised. */
export const promisedWei = ({ promised }: Load): bigint =>
  promised.reduce((sum, { collateralWei }) => sum + collateralWei, 0n)
