import type { Payouts } from '@weft/api'
import {
  type Address,
  type Bytes32,
  CLAIM_TAGS,
  hashWords,
  type PayoutPath,
  payoutRootOf,
  uintToBytes32,
} from '@weft/protocol'
import type { EarningsState, OwnEntry } from './state.js'

/** An entry with its path, as L1 takes it. */
export const pathOf = (prover: Address, { work, job, position, siblings }: OwnEntry): PayoutPath => ({
  entry: { prover, work, job },
  position,
  siblings,
})

/** Whether all entries are the prover's and lead to the root. */
const isGenuine = (prover: Address, root: Bytes32, entries: readonly OwnEntry[]): boolean =>
  entries.length > 0 &&
  entries.every((entry) => {
    if (entry.position >> BigInt(2 * entry.siblings.length) !== 0n) return false
    try {
      return payoutRootOf(pathOf(prover, entry)) === root
    } catch {
      return false
    }
  })

/** The hash of a claim of which only this is known, see `claimHash` of the protocol. */
const hashOf = ({ job, work, payouts }: { job: Bytes32; work: bigint; payouts: Bytes32 }): Bytes32 =>
  hashWords(CLAIM_TAGS.claim, job, uintToBytes32(work), payouts)

/**
 * Adds what a coordinator says a prover has coming; what does not add up is left out and counted. Whether any of it is
 * true, L1 says later: a claim never proven is never opened.
 */
export const learn = (state: EarningsState, prover: Address, told: Payouts): { readonly refused: number } => {
  let refused = 0
  const known = new Set([
    ...state.paid,
    ...state.claims.map((c) => c.claimHash),
    ...state.pools.map((p) => p.claimsRoot),
  ])
  for (const { job, work, payouts, entries } of told.claims) {
    const claimHash = hashOf({ job, work, payouts })
    if (!isGenuine(prover, payouts, entries)) refused += 1
    else if (!known.has(claimHash)) {
      state.claims.push({ claimHash, job, work, payouts, entries, tenants: [], isNew: true })
    }
  }
  for (const { claimsRoot, payouts, entries } of told.shared) {
    if (!isGenuine(prover, payouts, entries)) refused += 1
    else if (!known.has(claimsRoot)) {
      state.pools.push({ claimsRoot, payouts, entries, seenWei: 0n, drawnWei: 0n, isDirty: true })
    }
  }
  state.cursor = told.cursor ?? state.cursor
  return { refused }
}
