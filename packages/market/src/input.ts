import {
  type Address,
  type Bytes32,
  cancellationId,
  type HiddenBid,
  type MarketDomain,
  type Offer,
  offerId,
  type PolicyName,
  type Request,
  requestId,
  type SignatureChecker,
  sealedBidId,
} from '@weft/protocol'
import type { AdmissionRefusal } from './admission.js'
import type { Bid } from './bid.js'
import type { Escalation, SearchEnd } from './escalation.js'
import type { Fills, JobNeed } from './fill.js'
import type { Account } from './prover-state.js'
import { type Refusal, refuse } from './refusal.js'
import type { ReputationEvent } from './reputation.js'
import type { RevealCode, SealedCode } from './sealed-bid.js'

/** What happens to a market: everything that its decisions depend on, in the order in which it came. */
export type Input = { readonly atMs: number } & (
  | { readonly kind: 'account'; readonly prover: Address; readonly account: Account }
  | {
      /** Nothing new is given to a prover that is silent, suspended or declines. */
      readonly kind: 'availability'
      readonly prover: Address
      readonly isAvailable: boolean
      readonly reason: string
    }
  | { readonly kind: 'offer'; readonly offer: Offer; readonly signature: string }
  | {
      readonly kind: 'request'
      readonly request: Request
      /** Whose hash the request signs; empty for everybody. */
      readonly provers: readonly Address[]
      readonly signature: string
    }
  | { readonly kind: 'cancel'; readonly owner: Address; readonly intent: Bytes32; readonly signature: string }
  | {
      readonly kind: 'commit'
      readonly request: Bytes32
      readonly prover: Address
      readonly commitment: Bytes32
      readonly signature: string
    }
  | { readonly kind: 'reveal'; readonly request: Bytes32; readonly bid: HiddenBid; readonly salt: Bytes32 }
  | {
      /** Matches jobs of a request, or those that are still open. */
      readonly kind: 'match'
      readonly request: Bytes32
      readonly jobs: readonly JobNeed[]
      /** For a lottery. */
      readonly seed: Bytes32 | null
    }
  | {
      /** A prover is done with a job of a request, or was relieved of it. */
      readonly kind: 'release'
      readonly request: Bytes32
      readonly job: Bytes32
    }
  | {
      readonly kind: 'take-over'
      readonly request: Bytes32
      readonly job: Bytes32
      /** Why the prover before it is relieved; null where it is not at fault. */
      readonly event: Exclude<ReputationEvent, 'on_time'> | null
    }
  | {
      readonly kind: 'event'
      readonly prover: Address
      readonly program: Bytes32
      readonly event: ReputationEvent
      readonly work: bigint
    }
)

/** A decision: what was matched, from which bids, and what happens with the rest. */
export interface Decision {
  readonly kind: 'decided'
  readonly request: Bytes32
  readonly policy: PolicyName
  /**
   * The bids that it saw, in the order of bids. An order book's decision saw the whole book, which the entries
   * before it hold: only the bids of its ranks are repeated here.
   */
  readonly saw: readonly Bid[]
  readonly filled: Fills
  /** What happens with the jobs that are open; null if none is. */
  readonly escalation: Escalation | null
}

export type MarketCode =
  | RevealCode
  | SealedCode
  | 'too_little_stake'
  | 'time_went_back'
  | 'unknown_intent'
  | 'not_the_owner'
  | `${SearchEnd['deadline']}_deadline_passed`
  | 'still_revealing'
  | 'bad_job'
  | 'job_matched'
  | 'job_not_matched'
  | 'no_runner_up'

/** The market's answer. */
export type Output =
  | { readonly kind: 'done' }
  | { readonly kind: 'admitted'; readonly id: Bytes32 }
  | {
      readonly kind: 'taken-over'
      readonly prover: Address
      readonly position: number
      readonly isLate: boolean
    }
  | Decision
  | AdmissionRefusal
  | Refusal<MarketCode>

const signedBy = (domain: MarketDomain, input: Input): [Address, Bytes32, string] | null => {
  switch (input.kind) {
    case 'offer':
      return [input.offer.prover, offerId(domain, input.offer), input.signature]
    case 'request':
      return [input.request.owner, requestId(domain, input.request), input.signature]
    case 'cancel':
      return [input.owner, cancellationId(domain, input), input.signature]
    case 'commit':
      return [input.prover, sealedBidId(domain, input), input.signature]
    default:
      return null
  }
}

/**
 * Refuses an input whose signature is not its owner's. Every input of others passes here before it reaches the
 * market; whoever checks a log asks the same. Its fields must be well formed (`checkFields`).
 */
export const checkSignature = async (
  domain: MarketDomain,
  input: Input,
  checker: SignatureChecker,
): Promise<Refusal<'bad_signature'> | null> => {
  const signed = signedBy(domain, input)
  if (signed === null || (await checker.isSignedBy(...signed))) return null
  return refuse(
    'bad_signature',
    'sign the EIP-712 message of this chain and contract with the key of its owner',
    {
      owner: signed[0],
      digest: signed[1],
    },
  )
}
