import type { Opening, RecordOpening } from '@weft/api'
import {
  type Bytes32,
  claimHash,
  claimsRootOf,
  jobOf,
  publicInputsHash,
  type Statement,
  WeftError,
} from '@weft/protocol'

type Path = Pick<Opening, 'index' | 'siblings'>

const refuse = (why: string, root: Bytes32): never => {
  throw new WeftError('bad_opening', `${why}: the coordinator is not to be trusted, use another`, { root })
}

/** Throws `bad_opening`. */
const checkPath = (leaf: Bytes32, { index, siblings }: Path, root: Bytes32): void => {
  const outside = index >> BigInt(siblings.length) !== 0n
  if (!outside && claimsRootOf(leaf, { index, siblings }) === root) return
  refuse('the opening’s path does not lead from what was proven to its root', root)
}

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
  const { claim, claimsRoot } = opening
  checkPath(claimHash(claim), opening, claimsRoot)
  for (const part of ['program', 'pre', 'post', 'data'] as const) {
    if (asked !== null && claim[part] !== asked[part]) {
      refuse(`the opening’s claim has another ${part}`, claimsRoot)
    }
  }
  return opening
}

/** The same for a proof that nothing merges: its public inputs have to be those of the statement. */
export const checkRecord = (opening: RecordOpening, asked: Statement): RecordOpening => {
  const { job, root, publicInputs } = opening
  if (jobOf(asked) !== job) refuse('the opening is of another statement', root)
  if (publicInputsHash(publicInputs) !== asked.data) refuse('the opening has other public inputs', root)
  checkPath(job, opening, root)
  return opening
}
