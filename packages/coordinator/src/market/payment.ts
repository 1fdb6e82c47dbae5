import { payoutPathsOf } from '@weft/plan'
import { type Order, type PricedEntry, ZERO_BYTES32 } from '@weft/protocol'
import type { Context } from '../context.js'
import { type ClaimOpening, topOf } from '../orders/archive.js'
import type { Ledger } from './ledger.js'
import { type MarketOrder, signedBy } from './order.js'

const ZERO_ADDRESS = ZERO_BYTES32.slice(0, 42)

/** Entries whose prover has committed, in the order that L1 wants. What is left out, its prover can claim later. */
const entriesOf = (context: Context, order: MarketOrder, matcher: string): PricedEntry[] => {
  const { plan, mergeKey } = context
  const { request } = order.signed
  const isSettler = request.matcher === matcher || request.matcher === ZERO_ADDRESS
  const entries: PricedEntry[] = []
  for (const path of payoutPathsOf(plan, topOf(context, order.batch), mergeKey)) {
    const signed = signedBy(order, path.entry.job, path.entry.prover)
    if (!signed) {
      context.deps.log.error({ request: order.id, job: path.entry.job }, 'a proof without a commitment')
      continue
    }
    const { priceWei, deadline, collateralWei, rank } = signed.commitment
    // The matcher's own transaction says as much as its signature.
    const counterSignature = isSettler ? '0x' : signed.counterSignature
    entries.push({
      path,
      priceWei,
      deadline,
      collateralWei,
      rank,
      signature: signed.signature,
      counterSignature,
    })
  }
  return entries.sort((a, b) => (a.path.position < b.path.position ? -1 : 1))
}

/** What L1 needs to pay for a request whose claim is in a proof that is about to be settled, at `place` among all claims. */
export const orderFor = (
  context: Context,
  ledger: Ledger,
  order: MarketOrder,
  opening: Pick<ClaimOpening, 'claim'>,
  place: bigint,
): Order => ({
  request: order.signed.request,
  signature: order.signed.signature,
  place,
  post: opening.claim.post,
  work: opening.claim.work,
  payouts: opening.claim.payouts,
  allowed: order.signed.provers,
  entries: entriesOf(context, order, ledger.rules.matcher),
})
