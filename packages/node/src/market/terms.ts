import type { Job, Lease, Terms } from '@weft/api'
import {
  type Address,
  type Bytes32,
  commitmentId,
  type MarketDomain,
  MWORK,
  REQUEST_EXPIRY_S,
  requestId,
  WeftError,
} from '@weft/protocol'

const ZERO_ADDRESS: Address = `0x${'00'.repeat(20)}`

/** Why a node does not take on a lease; it is given back, and nobody is to blame. */
export class Declined extends WeftError {
  override readonly name = 'Declined'
}

/** What the node holds a lease's terms against. */
export interface TermsRules {
  readonly domain: MarketDomain
  readonly prover: Address
  /** Who signs commitments for this coordinator. */
  readonly matcher: Address
  /** Proves work that nobody pays for: the pad of a lone claim. */
  readonly unpaidProgram: Bytes32
}

/** The part of a request's and a job's facts that moves. */
export interface Offered {
  /** The least that this node has asked for it; null if it never offered to prove the program. */
  readonly quoteWei: bigint | null
  /** When this job would be done. */
  readonly doneAtMs: number
  /** The most collateral that the operator allows for a job. */
  readonly maxCollateralWei: bigint
}

const decline: (code: string, message: string, details?: WeftError['details']) => never = (
  code,
  message,
  details = {},
) => {
  throw new Declined(code, message, details)
}

/** The program of the claim that a job is part of; null for a parallel merge, which is part of many. */
const programOf = (job: Job): Bytes32 | null => {
  if (job.kind === 'segment') return job.program
  if (job.merge.mode === 'parallel') return null
  const { claim } = job.merge.left
  return claim.kind === 'parallel' ? null : claim.program
}

/**
 * Refuses work that nobody would pay for: under a market only entries under a commitment are paid, and those of
 * parallel merges. Throws Declined `no_terms`.
 */
export const checkUnpaid = ({ job }: Lease, unpaidProgram: Bytes32): void => {
  if (job.kind === 'merge' ? job.merge.mode === 'parallel' : job.program === unpaidProgram) return
  decline('no_terms', 'the lease has no commitment: without one nobody pays for this job')
}

/** Refuses terms that are not this job's, this prover's and this market's. Throws Declined. */
export const checkIdentity = ({ job, terms }: Lease & { readonly terms: Terms }, rules: TermsRules): void => {
  const { commitment, request } = terms
  if (job.kind === 'segment' && job.target === 'evm' && request.matcher === ZERO_ADDRESS)
    decline(
      'no_matcher',
      'the request has no matcher: L1 would not pay for a proof that does not name its prover',
    )
  if (commitment.prover !== rules.prover) decline('foreign_prover', 'the commitment is another prover’s')
  if (commitment.job !== job.id) decline('foreign_job', 'the commitment is for another job')
  if (requestId(rules.domain, request) !== commitment.request)
    decline(
      'foreign_request',
      'the commitment is for another request than the one shown, or on another chain',
    )
  if (programOf(job) !== request.program)
    decline('foreign_program', 'the job is not part of the request: it would not be paid')
  if (request.matcher !== rules.matcher && request.matcher !== ZERO_ADDRESS) {
    decline('foreign_matcher', `the request trusts ${request.matcher} to match it, not this coordinator`, {
      matcher: request.matcher,
    })
  }
}

/**
 * From when on the job is late, in milliseconds since 1970. A winner shares its request's lateness too; whoever comes
 * to the rescue does not, but is paid nothing once the request has expired.
 */
export const deadlineMsOf = ({ commitment, request }: Terms): number => {
  const end = commitment.rank === 0 ? request.proofDeadline : request.proofDeadline + REQUEST_EXPIRY_S
  return 1000 * Math.min(commitment.deadline, end)
}

/** Refuses terms that this node has not offered. Throws Declined. */
export const checkValue = ({ job, terms }: Lease & { readonly terms: Terms }, offered: Offered): void => {
  const { commitment, request } = terms
  const { priceWei, collateralWei } = commitment
  const { quoteWei, doneAtMs, maxCollateralWei } = offered
  if (quoteWei === null) decline('no_quote', 'this node does not offer to prove the program')
  // L1 never pays more than the request's maximum, whatever the commitment says.
  if (priceWei < quoteWei || request.maxPriceWei < quoteWei) {
    const maxPriceWei = String(request.maxPriceWei)
    const details = { priceWei: String(priceWei), maxPriceWei, quoteWei: String(quoteWei) }
    decline('price_below_quote', `this node asked ${quoteWei} wei for a million units of work`, details)
  }
  if (job.work * quoteWei > request.maxTotalWei * MWORK)
    decline('total_too_low', 'the request pays less in all than this node asks for this job alone')
  if (collateralWei > maxCollateralWei) {
    const details = { collateralWei: String(collateralWei), maxCollateralWei: String(maxCollateralWei) }
    decline(
      'collateral_above_limit',
      `the job asks for ${collateralWei} wei of collateral: raise the limit to take such jobs`,
      details,
    )
  }
  if (collateralWei < request.collateralWei)
    decline(
      'collateral_too_low',
      'the commitment has less collateral than the request asks for: L1 would not pay it',
    )
  const deadlineMs = deadlineMsOf(terms)
  if (doneAtMs > deadlineMs) {
    decline('deadline_too_close', 'the job cannot be done in time after what is promised already', {
      deadlineMs,
      doneAtMs,
    })
  }
}

/** An account's money that is not leaving. */
export interface Account {
  readonly balanceWei: bigint
  readonly leavingWei: bigint
}

/** What L1 says about the parties to a commitment. */
export interface TermsL1 {
  accountOf(account: Address): Promise<Account>
  /** A request that was posted on L1, with its money set aside; null for one that was not. */
  postedOf(request: Bytes32): Promise<{ readonly amountWei: bigint } | null>
  isSignedBy(signer: Address, digest: Bytes32, signature: string): Promise<boolean>
}

const freeWei = ({ balanceWei, leavingWei }: Account): bigint => balanceWei - leavingWei

/** Refuses a commitment that the matcher has not signed. Throws Declined. */
export const checkMatched = async (
  terms: Terms,
  { domain, matcher }: TermsRules,
  l1: TermsL1,
): Promise<void> => {
  // Without a matcher, L1 asks for the prover's signature alone.
  if (terms.request.matcher === ZERO_ADDRESS) return
  const digest = commitmentId(domain, terms.commitment)
  // L1 takes the signature of a key here, never a contract's: a question that L1 cannot answer now is a no.
  const isMatched = await l1.isSignedBy(matcher, digest, terms.counterSignature).catch(() => false)
  if (!isMatched)
    decline('not_matched', 'the matcher has not signed this commitment: L1 would not pay under it')
}

/**
 * Refuses terms whose parties have not the money: the owner for the request, this prover for `promisedWei` of
 * collateral and this job's. Throws Declined; `l1_unavailable`.
 */
export const checkFunds = async (terms: Terms, promisedWei: bigint, l1: TermsL1): Promise<void> => {
  const { commitment, request } = terms
  const [owner, prover, posted] = await Promise.all([
    l1.accountOf(request.owner),
    l1.accountOf(commitment.prover),
    l1.postedOf(commitment.request),
  ])
  if (posted === null && freeWei(owner) < request.maxTotalWei) {
    decline('owner_cannot_pay', 'the request’s owner has less in its account than the request may cost', {
      owner: request.owner,
      freeWei: String(freeWei(owner)),
      maxTotalWei: String(request.maxTotalWei),
    })
  }
  const neededWei = promisedWei + commitment.collateralWei
  if (freeWei(prover) < neededWei) {
    decline(
      'collateral_beyond_balance',
      'this prover’s account does not cover the collateral: run `weft deposit`',
      {
        freeWei: String(freeWei(prover)),
        neededWei: String(neededWei),
      },
    )
  }
}
