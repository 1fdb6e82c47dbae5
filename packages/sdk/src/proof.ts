import type { Connection, Opening, OrderView } from '@weft/api'
import { type Bytes32, type Claim, type MarketDomain, requestId, WeftError } from '@weft/protocol'
import { checkOpening, claimOpening } from './opening.js'
import type { ProgramStatement } from './program-system.js'

/** The one question to L1 that makes a proof count: the settlement's `isProven`. Errors: `l1_unavailable`. */
export type IsProven = (opening: Pick<Opening, 'claim' | 'index' | 'siblings'>) => Promise<boolean>

/** A proof that was settled, as its request's coordinator opens it. */
export interface Proof {
  readonly request: Bytes32
  readonly claim: Claim
  /** What a contract needs to ask L1 the same: see `isProven` of the settlement. */
  readonly opening: Opening
  /** Asks L1 whether the claim is proven; nobody else's word counts. Errors: `l1_unavailable`. */
  verifyOnChain(): Promise<boolean>
}

/**
 * Refuses an order that is not the request of that id: the id binds owner, program, pre and data. Its post is the
 * coordinator's word, until the claim is opened. Throws `bad_answer`.
 */
export const checkOrder = (order: OrderView, id: Bytes32, domain: MarketDomain): OrderView => {
  if (order.id === id && requestId(domain, order.request) === id) return order
  throw new WeftError(
    'bad_answer',
    'the coordinator shows another request than that of the id: use another coordinator',
    { request: id },
  )
}

/** A request's opening, checked. Errors: `not_settled`, `unknown_batch`, `bad_opening`. */
export const openProof = async (
  connection: Connection,
  { id, request, post }: OrderView,
  asked: ProgramStatement | null,
  isProven: IsProven,
  signal: AbortSignal,
): Promise<Proof> => {
  const opening = claimOpening(await connection.ask(signal, (api) => api.opening({ params: { id }, signal })))
  const { program, pre, data } = request
  if (asked !== null && (asked.pre !== pre || asked.data !== data)) {
    throw new WeftError('bad_opening', 'the request is of another statement than the one asked for', {
      request: id,
    })
  }
  checkOpening(opening, { program, pre, data, post: asked?.post ?? post })
  return { request: id, claim: opening.claim, opening, verifyOnChain: () => isProven(opening) }
}
