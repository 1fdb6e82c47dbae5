import type { Input, Match, Output, Ranked } from '@weft/market'
import type { Address, Bytes32 } from '@weft/protocol'

/** Who a job of a request was given to, and who stands behind them. */
export interface Assignment {
  readonly match: Match
  /** Ranks of earlier matches of the same job come before: L1 tells a rescuer by its higher rank. */
  readonly base: number
  readonly matchedMs: number
  /** Who has it now: one, or all entrants of a race; nobody once it is done. */
  holders: readonly Ranked[]
  /** When they got it. */
  sinceMs: number
}

/** A prover's place in an assignment, as it stands in commitments. */
export const rankIn = ({ base }: Assignment, ranked: Ranked): number => base + ranked.position

/** Whether anybody in the match has not had the job. */
export const hasRunnerUp = ({ match, holders }: Assignment): boolean => {
  const last = holders.reduce((most, { position }) => Math.max(most, position), -1)
  return match.ranks.some(({ position }) => position > last)
}

/** Every assignment, as the log tells it. */
export class Board {
  readonly #jobs = new Map<Bytes32, Map<Bytes32, Assignment>>()
  readonly #ranks = new Map<string, number>()

  of(request: Bytes32): ReadonlyMap<Bytes32, Assignment> {
    return this.#jobs.get(request) ?? new Map()
  }

  get(request: Bytes32, job: Bytes32): Assignment | undefined {
    return this.#jobs.get(request)?.get(job)
  }

  /** A prover's place among those that a job was ever given to since it was matched last. */
  rankedOf(request: Bytes32, job: Bytes32, prover: Address): Ranked | undefined {
    return this.get(request, job)?.match.ranks.find((rank) => rank.prover === prover)
  }

  observe(input: Input, output: Output): void {
    if (input.kind === 'match' && output.kind === 'decided') {
      for (const { job, match } of output.filled.fills) this.#add(input.request, job, match, input.atMs)
    } else if (input.kind === 'release' && output.kind === 'done') {
      const assignment = this.get(input.request, input.job)
      if (assignment) assignment.holders = []
    } else if (input.kind === 'take-over') this.#takeOver(input, output)
  }

  /** Forgets a request that is over. */
  remove(request: Bytes32): void {
    for (const job of this.of(request).keys()) this.#ranks.delete(request + job)
    this.#jobs.delete(request)
  }

  #add(request: Bytes32, job: Bytes32, match: Match, atMs: number): void {
    const base = this.#ranks.get(request + job) ?? 0
    this.#ranks.set(request + job, base + match.ranks.length)
    const jobs = this.#jobs.get(request) ?? new Map<Bytes32, Assignment>()
    const holders = match.ranks.slice(0, match.active)
    this.#jobs.set(request, jobs.set(job, { match, base, matchedMs: atMs, holders, sinceMs: atMs }))
  }

  #takeOver({ request, job, atMs }: Extract<Input, { kind: 'take-over' }>, output: Output): void {
    const assignment = this.get(request, job)
    if (!assignment) return
    if (output.kind === 'taken-over') {
      assignment.holders = assignment.match.ranks.filter(({ position }) => position === output.position)
      assignment.sinceMs = atMs
    } else if (output.kind === 'refused' && output.code === 'no_runner_up') {
      this.#jobs.get(request)?.delete(job)
    }
  }
}
