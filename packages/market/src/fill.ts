import type { Bytes32 } from '@weft/protocol'
import { greater } from './money.js'
import type { Match, NoMatch, Outcome } from './policy.js'

/** One job of a batch to be matched. */
export interface JobNeed {
  readonly job: Bytes32
  readonly work: bigint
}

export interface Fill {
  readonly job: Bytes32
  readonly match: Match
}

/** A batch partly or wholly matched. What is open can be tried again, with what is left of the maximum total. */
export interface Fills {
  readonly fills: readonly Fill[]
  readonly open: readonly { readonly job: Bytes32; readonly noMatch: NoMatch }[]
  readonly leftWei: bigint
}

/** What is set aside for a match until it is settled: the dearest of its ranks, since any of them may prove. */
export const reservedWei = (match: Match): bigint =>
  match.ranks.reduce((most, rank) => greater(most, rank.costWei), match.feeWei)

/**
 * Matches the jobs of a batch one by one, large ones first (they find the fewest offers), then by id. `select`
 * decides a job within the budget it is given; `take` then sets the winner's work aside, so that an offer takes as
 * many jobs as it has room for and the rest go to the next. The sum of all costs stays within `budgetWei`, whoever
 * of the ranks proves.
 */
export const fillJobs = (
  jobs: readonly JobNeed[],
  budgetWei: bigint,
  select: (job: JobNeed, budgetWei: bigint) => Outcome,
  take: (job: JobNeed, match: Match) => void,
): Fills => {
  const inOrder = [...jobs].sort((a, b) =>
    a.work !== b.work ? (a.work > b.work ? -1 : 1) : a.job < b.job ? -1 : 1,
  )
  const fills: Fill[] = []
  const open: { job: Bytes32; noMatch: NoMatch }[] = []
  let leftWei = budgetWei
  for (const job of inOrder) {
    const outcome = select(job, leftWei)
    if (outcome.kind === 'match') {
      take(job, outcome)
      leftWei -= reservedWei(outcome)
      fills.push({ job: job.job, match: outcome })
    } else open.push({ job: job.job, noMatch: outcome })
  }
  return { fills, open, leftWei }
}
