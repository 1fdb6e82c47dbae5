import type { Opening, RecordOpening } from '@weft/api'
import { claimHash, claimsRootOf, type Statement, WeftError } from '@weft/protocol'

/** The opening of a claim. Throws `bad_answer` for the record of a proof that nothing merges. */
export const claimOpening = (opening: Opening | RecordOpening): Opening => {
  if (!('kind' in opening)) return opening
  throw new WeftError(
    'bad_answer',
    'the coordinator opens a record where a claim was asked for: use another coordinator',
    { job: opening.job },
  )
}

/**
 * Refuses an opening that L1 would refuse, or that opens another statement: a coordinator is not to be believed.
 * Whether its claims root is recorded, L1 alone says. Throws `bad_opening`.
 */
export const checkOpening = (opening: Opening, asked: Statement | null): Opening => {
  const { claim, index, siblings } = opening
  const refuse = (why: string) => {
    throw new WeftError('bad_opening', `${why}: the coordinator is not to be trusted, use another`, {
      claimsRoot: opening.claimsRoot,
    })
  }
  const outside = index >> BigInt(siblings.length) !== 0n
  if (outside || claimsRootOf(claimHash(claim), { index, siblings }) !== opening.claimsRoot) {
    refuse('the opening’s path does not lead from its claim to its claims root')
  }
  for (const part of ['program', 'pre', 'post', 'data'] as const) {
    if (asked !== null && claim[part] !== asked[part]) refuse(`the opening’s claim has another ${part}`)
  }
  return opening
}
