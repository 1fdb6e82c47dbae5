import { type Load, slowerUpMs } from './capacity.js'
import {
  gatesPerMegaworkUp,
  MAX_TURNAROUND_MS,
  type NodePricing,
  type ProgramCost,
  priceUpWei,
  turnaroundUpMs,
} from './pricing.js'

/** What a node asks for a program's work now. */
export interface Quote {
  /** For a million units of work. */
  readonly priceWei: bigint
  /** Milliseconds for a million units of work. */
  readonly turnaroundMs: bigint
  /** Jobs in progress at a time. */
  readonly capacity: number
}

/** What a node's quotes are made of. */
export interface QuoteRules {
  readonly pricing: NodePricing
  /** Added to the measured time, in millionths of it: for inputs, witnesses and uploads. */
  readonly slackPpm: number
  readonly gatesPerSecond: number
  readonly maxGates: number
}

/**
 * A quote for all that an offer for a program promises: its proofs and, where they are merged, the merges above them too.
 * Null where this node cannot prove all of it, or nothing is paid for one. Throws `price_too_high`, `too_slow`.
 */
export const quoteOf = (
  { pricing, slackPpm, gatesPerSecond, maxGates }: QuoteRules,
  programs: readonly ProgramCost[],
  load: Load,
): Quote | null => {
  const gatesPerMegawork = gatesPerMegaworkUp(programs)
  if (gatesPerMegawork === null || programs.some(({ gates }) => gates > maxGates)) return null
  const speed = { gatesPerSecond, gatesPerMegawork }
  return {
    priceWei: priceUpWei(pricing, speed),
    turnaroundMs: slowerUpMs(load, turnaroundUpMs(speed, slackPpm)),
    capacity: load.capacity,
  }
}

/** What setting a program up takes besides what grows with the program: compiling its verifier, reading its keys. */
const SETUP_MS = 15_000n

/**
 * The quote for a program whose proofs nothing merges, a million units of work each, as long as it is not set up: the first
 * proof waits for that, which is taken to last as long as a proof, and some time more.
 */
export const withSetup = (quote: Quote): Quote => {
  const turnaroundMs = 2n * quote.turnaroundMs + SETUP_MS
  return { ...quote, turnaroundMs: turnaroundMs < MAX_TURNAROUND_MS ? turnaroundMs : MAX_TURNAROUND_MS }
}

/** Whether two quotes differ by more than a twentieth, or in capacity: less is not worth another offer. */
export const isNoticeable = (placed: Quote, now: Quote): boolean => {
  const differs = (a: bigint, b: bigint) => (a > b ? a - b : b - a) * 20n > a
  return (
    placed.capacity !== now.capacity ||
    differs(placed.priceWei, now.priceWei) ||
    differs(placed.turnaroundMs, now.turnaroundMs)
  )
}
