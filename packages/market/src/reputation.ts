import type { Address, Bytes32 } from '@weft/protocol'

/** What counts: events that L1 or a verifier decides, never an opinion. */
export const REPUTATION_EVENTS = ['on_time', 'late', 'default', 'invalid'] as const
export type ReputationEvent = (typeof REPUTATION_EVENTS)[number]

export interface ReputationRules {
  /** What an event adds to a score, as a multiple of the job's work. */
  readonly weights: Readonly<Record<ReputationEvent, number>>
  /** Decay is taken once per epoch, so that many small events and few large ones fade alike. */
  readonly epochMs: number
  /** Out of a million: what is left of a score after an epoch, rounded down. */
  readonly keepPpm: number
  /** Work that everybody may have in progress, whatever it did: how a new prover earns its way in. */
  readonly newcomerWork: number
  /** Work in progress allowed for each unit of score. */
  readonly leverage: number
  /** The most work in progress that any score allows. */
  readonly maxWork: number
}

/** A week's good work halves in about ten days; a default costs eight jobs like it. */
export const DEFAULT_REPUTATION: ReputationRules = {
  weights: { on_time: 1, late: -1, default: -8, invalid: -8 },
  epochMs: 86_400_000,
  keepPpm: 933_000,
  newcomerWork: 8_388_608,
  leverage: 2,
  maxWork: Number.MAX_SAFE_INTEGER,
}

/** A prover's standing in one class of programs: whole numbers only, so that every machine computes the same. */
export interface Standing {
  /** Never negative: nobody gains by throwing a bad key away for a new one. */
  readonly scoreWork: bigint
  /** The epoch up to which decay has been taken. */
  readonly epoch: number
  readonly counts: Readonly<Record<ReputationEvent, number>>
}

export const NEWCOMER: Standing = {
  scoreWork: 0n,
  epoch: 0,
  counts: { on_time: 0, late: 0, default: 0, invalid: 0 },
}

export const epochOf = (nowMs: number, rules: ReputationRules): number => Math.floor(nowMs / rules.epochMs)

/** The standing as it has faded by `epoch`. */
export const fade = (standing: Standing, epoch: number, rules: ReputationRules): Standing => {
  let { scoreWork } = standing
  const keep = BigInt(rules.keepPpm)
  for (let at = standing.epoch; at < epoch && scoreWork > 0n; at++)
    scoreWork = (scoreWork * keep) / 1_000_000n
  return { ...standing, scoreWork, epoch: Math.max(epoch, standing.epoch) }
}

/** The standing after an event about a job of `work`. */
export const record = (
  standing: Standing,
  event: ReputationEvent,
  work: bigint,
  nowMs: number,
  rules: ReputationRules,
): Standing => {
  const faded = fade(standing, epochOf(nowMs, rules), rules)
  const score = faded.scoreWork + work * BigInt(rules.weights[event])
  return {
    ...faded,
    scoreWork: score > 0n ? score : 0n,
    counts: { ...faded.counts, [event]: faded.counts[event] + 1 },
  }
}

/**
 * Bidding rights: the most work a prover may have in progress in a class. Grows with the work it delivered on time;
 * never below the newcomer's share, which is how a prover comes back too.
 */
export const rightsWork = (standing: Standing, rules: ReputationRules): number => {
  const earned = BigInt(rules.newcomerWork) + standing.scoreWork * BigInt(rules.leverage)
  return earned < BigInt(rules.maxWork) ? Number(earned) : rules.maxWork
}

/** Standings of all provers, by class. */
export class Reputation {
  readonly #standings = new Map<string, { prover: Address; class: Bytes32; standing: Standing }>()

  constructor(readonly rules: ReputationRules) {}

  standing(prover: Address, ofClass: Bytes32, nowMs: number): Standing {
    const known = this.#standings.get(prover + ofClass)?.standing ?? NEWCOMER
    return fade(known, epochOf(nowMs, this.rules), this.rules)
  }

  rights(prover: Address, ofClass: Bytes32, nowMs: number): number {
    return rightsWork(this.standing(prover, ofClass, nowMs), this.rules)
  }

  record(prover: Address, ofClass: Bytes32, event: ReputationEvent, work: bigint, nowMs: number): Standing {
    const before = this.#standings.get(prover + ofClass)?.standing ?? NEWCOMER
    const standing = record(before, event, work, nowMs, this.rules)
    this.#standings.set(prover + ofClass, { prover, class: ofClass, standing })
    return standing
  }

  /** Everyone whose standing is more than a newcomer's: whose rights fade. */
  *known(): Iterable<{ readonly prover: Address; readonly class: Bytes32 }> {
    yield* this.#standings.values()
  }
}
