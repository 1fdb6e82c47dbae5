import { Plan, type ProgramSize } from '@weft/plan'
import type { Bytes32 } from '@weft/protocol'
import { DirectSystems } from './direct/systems.js'
import { Events } from './events.js'
import { Journal } from './journal.js'
import type { Desk } from './market/desk.js'
import {
  type CoordinatorDeps,
  type CoordinatorOptions,
  DEFAULT_LIMITS,
  DEFAULT_TIMING,
  type Limits,
  type Timing,
} from './options.js'

/** What every part of one coordinator shares. */
export interface Context {
  readonly options: CoordinatorOptions
  readonly deps: CoordinatorDeps
  readonly timing: Timing
  readonly limits: Limits
  readonly plan: Plan
  readonly journal: Journal
  readonly events: Events
  /** The merge program as the plan sees it, and its key's hash, which travels through the claims. */
  readonly merge: ProgramSize
  readonly mergeKey: Bytes32
  readonly systems: DirectSystems
  /** The largest proof of any proof system. */
  readonly maxProofBytes: number
  /** Null where tenants pay from deposits. Set once, before anything is served. */
  market: Desk | null
}

export const createContext = (options: CoordinatorOptions, deps: CoordinatorDeps): Context => {
  const timing = { ...DEFAULT_TIMING, ...options.timing }
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const journal = new Journal(deps.database, deps.clock, deps.log)
  const { id, gates, work } = options.merge
  return {
    options,
    deps,
    timing,
    limits,
    journal,
    events: new Events(deps.clock, journal),
    merge: { id, gates, work },
    mergeKey: options.merge.key.hash,
    systems: new DirectSystems(deps.systems ?? [], {
      memoryBytes: limits.setupBytes,
      timeMs: timing.setupMs,
    }),
    maxProofBytes: Math.max(options.maxProofBytes, ...(deps.systems ?? []).map((s) => s.maxProofBytes)),
    market: null,
    plan: new Plan({
      straggler: { factor: timing.stragglerFactor, afterMs: timing.stragglerAfterMs },
      avoidMs: timing.avoidMs,
      blamesToFail: limits.blames,
    }),
  }
}
