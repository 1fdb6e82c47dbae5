import {
  type Address,
  type Bytes32,
  decodePolicy,
  HIDDEN_BID,
  isBytes32,
  isSealed,
  type MarketDomain,
  OFFER,
  offerId,
  type Request,
  requestId,
  type Selection,
  sealBid,
} from '@weft/protocol'
import { checkFields, checkRequest, MAX_WORK, type MarketLimits } from './admission.js'
import { type Bid, compareBids, type Terms, termsOf } from './bid.js'
import { OfferBook } from './book.js'
import { escalate, searchEnd } from './escalation.js'
import { fillJobs, type JobNeed, reservedWei } from './fill.js'
import type { Input, MarketCode, Output } from './input.js'
import { greater } from './money.js'
import { POLICY_BY_NAME } from './policies/index.js'
import type { Match, Outcome, Ranked, Round } from './policy.js'
import { type Refusal, refuse } from './refusal.js'
import { Reputation, type ReputationRules } from './reputation.js'
import {
  closeSealedAuction,
  commitBid,
  openSealedAuction,
  revealBid,
  type SealedAuction,
} from './sealed-bid.js'
import { takeOver } from './takeover.js'

/** What a market starts from; with it and the inputs, everything else follows. */
export interface MarketRules {
  readonly domain: MarketDomain
  readonly limits: MarketLimits
  readonly reputation: ReputationRules
  /** Programs of each class. A program in none is a class of its own. */
  readonly classes: readonly { readonly class: Bytes32; readonly programs: readonly Bytes32[] }[]
  /** The key that signs commitments for the requests that name it. */
  readonly matcher: Address
  /** Provers that a match names at most. */
  readonly ranks: number
}

/** A matched job, and who was tried for it. */
interface Assignment {
  readonly match: Match
  readonly tried: Set<Address>
  /** Provers that have it now: one, or all entrants of a race; none when it is done. */
  holders: readonly Ranked[]
}

interface OpenRequest {
  readonly request: Request
  readonly terms: Terms
  readonly selection: Selection
  leftWei: bigint
  isCancelled: boolean
  sealed: SealedAuction | null
  readonly jobs: Map<Bytes32, Assignment>
}

const ZERO_ADDRESS: Address = `0x${'00'.repeat(20)}`
const DONE = { kind: 'done' } as const
/** Nothing of it is proven, or being proven. */
const isIdle = ({ jobs }: OpenRequest): boolean => jobs.size === 0
const keyOf = (request: Bytes32, job: Bytes32, prover: Address) => `${request}${job}${prover}`

/**
 * A market as a deterministic machine: the same rules and inputs give the same outputs on every machine, which is
 * what makes its log worth something. Time is in the inputs. Signatures are checked before (`checkSignature`).
 *
 * A request: admitted → (sealed: commits → reveals) → matched job by job, again and again while jobs are open →
 * each job released or taken over by its runners-up. Cancelled or past its deadline, it matches no more.
 */
export class Market {
  readonly book: OfferBook
  readonly reputation: Reputation
  readonly #requests = new Map<Bytes32, OpenRequest>()
  /** Requesters' nonces, with the second from which the request that used them is void. */
  readonly #nonces = new Map<string, number>()
  readonly #classes = new Map<Bytes32, Bytes32>()
  #nowMs = 0
  #epoch = 0

  constructor(readonly rules: MarketRules) {
    for (const { class: ofClass, programs } of rules.classes) {
      for (const program of programs) this.#classes.set(program, ofClass)
    }
    this.reputation = new Reputation(rules.reputation)
    this.book = new OfferBook({
      limits: rules.limits,
      classOf: (program) => this.classOf(program),
      newcomerWork: rules.reputation.newcomerWork,
    })
  }

  classOf(program: Bytes32): Bytes32 {
    return this.#classes.get(program) ?? program
  }

  /** Answers the next input. Refusals change nothing but the time. */
  apply(input: Input): Output {
    if (input.atMs < this.#nowMs) {
      return refuse('time_went_back', 'inputs come in the order of their times', {
        atMs: input.atMs,
        nowMs: this.#nowMs,
      })
    }
    this.#passTo(input.atMs)
    switch (input.kind) {
      case 'account':
        this.book.setAccount(input.prover, input.account)
        return DONE
      case 'availability':
        this.book.setAvailable(input.prover, input.isAvailable)
        return DONE
      case 'offer': {
        const malformed = checkFields(OFFER, input.offer)
        if (malformed) return malformed
        const id = offerId(this.rules.domain, input.offer)
        return this.book.add(id, input.offer, this.#nowMs) ?? { kind: 'admitted', id }
      }
      case 'request':
        return this.#admit(input.request, input.provers)
      case 'cancel':
        return this.#cancel(input.owner, input.intent)
      case 'commit':
      case 'reveal':
        return this.#sealed(input)
      case 'match':
        return this.#match(input.request, input.jobs, input.seed)
      case 'release':
        return this.#release(input.request, input.job)
      case 'take-over':
        return this.#takeOver(input)
      case 'event':
        this.#record(input.prover, this.classOf(input.program), input.event, input.work)
        return DONE
    }
  }

  #passTo(nowMs: number): void {
    this.#nowMs = nowMs
    this.book.expire(nowMs)
    const epoch = Math.floor(nowMs / this.rules.reputation.epochMs)
    if (epoch === this.#epoch) return
    this.#epoch = epoch
    this.#forget(Math.floor(nowMs / 1000))
    for (const { prover, class: ofClass } of this.reputation.known()) this.#setRights(prover, ofClass)
  }

  /** Drops what can have no effect any more, once an epoch. */
  #forget(nowS: number): void {
    for (const [nonce, voidS] of this.#nonces) if (voidS <= nowS) this.#nonces.delete(nonce)
    for (const [id, { request, jobs }] of this.#requests) {
      const isHeld = [...jobs.values()].some((assignment) => assignment.holders.length > 0)
      if (request.proofDeadline <= nowS && !isHeld) this.#requests.delete(id)
    }
  }

  #setRights(prover: Address, ofClass: Bytes32): void {
    this.book.setRights(prover, ofClass, this.reputation.rights(prover, ofClass, this.#nowMs))
  }

  #record(prover: Address, ofClass: Bytes32, event: Parameters<Reputation['record']>[2], work: bigint): void {
    this.reputation.record(prover, ofClass, event, work, this.#nowMs)
    this.#setRights(prover, ofClass)
  }

  #admit(request: Request, provers: readonly Address[]): Output {
    const { limits, domain, matcher } = this.rules
    const refusal = checkRequest(request, provers, this.#nowMs, limits)
    if (refusal) return refusal
    if (request.matcher !== ZERO_ADDRESS && request.matcher !== matcher) {
      return refuse('foreign_matcher', `name ${matcher} as the matcher, or nobody`, {
        matcher: request.matcher,
      })
    }
    const nonce = `${request.owner}${request.nonce}`
    if (this.#nonces.has(nonce)) {
      return refuse('nonce_used', 'sign the request with another nonce', { nonce: request.nonce })
    }
    this.#nonces.set(nonce, request.offerDeadline)
    const id = requestId(domain, request)
    const selection = decodePolicy(request.policy) as Selection
    const deadlineMs = request.offerDeadline * 1000
    this.#requests.set(id, {
      request,
      terms: termsOf(request, provers, this.#nowMs, limits),
      selection,
      leftWei: request.maxTotalWei,
      isCancelled: false,
      sealed: isSealed(selection.policy)
        ? openSealedAuction(id, deadlineMs, deadlineMs + limits.revealS * 1000)
        : null,
      jobs: new Map(),
    })
    return { kind: 'admitted', id }
  }

  #cancel(owner: Address, intent: Bytes32): Output {
    const offer = this.book.offer(intent)
    const request = this.#requests.get(intent)
    if (offer === undefined && request === undefined) {
      return refuse('unknown_intent', 'no such request or offer, or it has expired', { intent })
    }
    if ((offer?.prover ?? request?.request.owner) !== owner) {
      return refuse('not_the_owner', 'only its signer cancels an intent', { intent, owner })
    }
    if (offer) this.book.withdraw(intent)
    if (request) request.isCancelled = true
    return DONE
  }

  #sealed(input: Extract<Input, { kind: 'commit' | 'reveal' }>): Output {
    const open = this.#requests.get(input.request)
    if (!open?.sealed || open.isCancelled) {
      return refuse('unknown_intent', 'no such request with sealed bids', { request: input.request })
    }
    const refusal = this.#refuseBidder(input)
    if (refusal) return refusal
    const next =
      input.kind === 'commit'
        ? commitBid(open.sealed, input.prover, input.commitment, this.#nowMs)
        : revealBid(open.sealed, this.#openedBid(open, input), this.#nowMs)
    if ('kind' in next) return next
    open.sealed = next
    return DONE
  }

  #refuseBidder(input: Extract<Input, { kind: 'commit' | 'reveal' }>): Output | null {
    if (input.kind === 'reveal') {
      const isSalt = typeof input.salt === 'string' && isBytes32(input.salt)
      return isSalt
        ? checkFields(HIDDEN_BID, input.bid)
        : refuse('weak_salt', 'use 256 random bits of salt', { prover: input.bid.prover })
    }
    const { minStakeWei } = this.rules.limits
    const stakeWei = this.book.stakeOf(input.prover)
    return stakeWei < minStakeWei
      ? refuse('too_little_stake', `stake at least ${minStakeWei} wei`, { stakeWei })
      : null
  }

  #openedBid(open: OpenRequest, input: Extract<Input, { kind: 'reveal' }>): Bid {
    const { request, bid, salt } = input
    const { prover, collateralWei } = bid
    return {
      ...bid,
      id: sealBid(request, bid, salt),
      roomWork: this.book.roomOf(prover, open.request.program, collateralWei),
      stakeWei: this.book.stakeOf(prover),
      salt,
    }
  }

  #match(id: Bytes32, jobs: readonly JobNeed[], seed: Bytes32 | null): Output {
    const open = this.#requests.get(id)
    if (!open || open.isCancelled) return refuse('unknown_intent', 'no such open request', { request: id })
    const refusal = this.#refuseMatch(open, jobs)
    if (refusal) return refusal
    const saw = open.selection.policy === 'order-book' ? [] : this.#bidsFor(open, jobs)
    const taken = new Map<Bytes32, Bid>()
    const filled = fillJobs(
      jobs,
      open.leftWei,
      (job, budgetWei) => this.#select(open, id, job, budgetWei, saw, seed),
      (job, match) => {
        if (open.selection.policy === 'order-book')
          for (const bid of this.#bidsOf(match)) taken.set(bid.id, bid)
        this.#assign(open, id, job, match)
      },
    )
    open.leftWei = filled.leftWei
    const [first] = filled.open
    return {
      kind: 'decided',
      request: id,
      policy: open.selection.policy,
      saw: [...saw, ...taken.values()].sort(compareBids),
      filled,
      escalation: first
        ? escalate(open.terms, searchEnd(open.request, isIdle(open)), first.noMatch, this.#nowMs)
        : null,
    }
  }

  #refuseMatch(open: OpenRequest, jobs: readonly JobNeed[]): Refusal<MarketCode> | null {
    if (open.sealed && this.#nowMs < open.sealed.revealUntilMs) {
      const { revealUntilMs } = open.sealed
      return refuse('still_revealing', 'match when the reveal phase is over', { revealUntilMs })
    }
    // A lottery's seed and sealed bids are known only after the offer deadline.
    const isLater = open.sealed !== null || open.selection.policy === 'lottery'
    const { deadline, atMs } = searchEnd(open.request, isIdle(open) && !isLater)
    if (this.#nowMs >= atMs) {
      const reason = `the ${deadline} deadline has passed: the requester has to sign again`
      return refuse(`${deadline}_deadline_passed`, reason, { deadline: atMs / 1000 })
    }
    const ids = new Set(jobs.map((job) => job.job))
    for (const { job, work } of jobs) {
      if (work <= 0n || work > MAX_WORK || ids.size < jobs.length) {
        return refuse('bad_job', `name each job once, with 1 to ${MAX_WORK} units of work`, { job, work })
      }
      if (open.jobs.has(job)) return refuse('job_matched', 'leave out jobs that are matched', { job })
    }
    return null
  }

  /** Everything that bids for the request, as it stands before the decision. */
  #bidsFor(open: OpenRequest, jobs: readonly JobNeed[]): Bid[] {
    if (!open.sealed) return this.book.bids(open.request.program)
    const closed = closeSealedAuction(open.sealed, this.#nowMs)
    if (closed.kind === 'refused') return []
    const work = jobs.map((job) => job.work).reduce(greater, 0n)
    const ofClass = this.classOf(open.request.program)
    for (const prover of closed.silent) this.#record(prover, ofClass, 'default', work)
    // A default counts once, however often the request is matched.
    open.sealed = { ...open.sealed, commitments: new Map(closed.bids.map((bid) => [bid.prover, bid.id])) }
    return closed.bids.map((bid) => ({ ...bid, roomWork: this.#roomNow(open, bid) }))
  }

  #select(
    open: OpenRequest,
    id: Bytes32,
    job: JobNeed,
    budgetWei: bigint,
    saw: readonly Bid[],
    seed: Bytes32 | null,
  ): Outcome {
    const round: Omit<Round, 'bids'> = {
      request: id,
      terms: open.terms,
      work: job.work,
      nowMs: this.#nowMs,
      budgetWei,
      ranks: this.rules.ranks,
      winners: open.selection.winners,
      seed,
    }
    if (open.selection.policy === 'order-book') return this.book.match(open.request.program, round)
    const bids = saw.map((bid) => ({ ...bid, roomWork: this.#roomNow(open, bid) }))
    return POLICY_BY_NAME[open.selection.policy].select({ ...round, bids })
  }

  /** Jobs of the same decision have taken room since its bids were listed. */
  #roomNow(open: OpenRequest, bid: Bid): bigint {
    return open.sealed
      ? this.book.roomOf(bid.prover, open.request.program, bid.collateralWei)
      : (this.book.bid(bid.id)?.roomWork ?? 0n)
  }

  #bidsOf(match: Match): Bid[] {
    return match.ranks.flatMap((rank) => this.book.bid(rank.bid) ?? [])
  }

  #assign(open: OpenRequest, id: Bytes32, job: JobNeed, match: Match): void {
    const holders = match.ranks.slice(0, match.active)
    for (const rank of holders) this.#hold(open, id, job.job, match.work, rank)
    open.jobs.set(job.job, { match, tried: new Set(holders.map((rank) => rank.prover)), holders })
  }

  #hold(open: OpenRequest, id: Bytes32, job: Bytes32, work: bigint, rank: Ranked): void {
    const key = keyOf(id, job, rank.prover)
    if (open.sealed) this.book.reserveFor(key, rank.prover, open.request.program, work, rank.collateralWei)
    else this.book.reserve(key, rank.bid, work)
  }

  #letGo(id: Bytes32, job: Bytes32, assignment: Assignment): void {
    for (const rank of assignment.holders) this.book.release(keyOf(id, job, rank.prover))
    assignment.holders = []
  }

  #release(id: Bytes32, job: Bytes32): Output {
    const assignment = this.#requests.get(id)?.jobs.get(job)
    if (!assignment) return refuse('job_not_matched', 'no prover has this job', { request: id, job })
    this.#letGo(id, job, assignment)
    return DONE
  }

  #takeOver({ request: id, job, event }: Extract<Input, { kind: 'take-over' }>): Output {
    const open = this.#requests.get(id)
    const assignment = open?.jobs.get(job)
    if (!open || !assignment || assignment.holders.length === 0)
      return refuse('job_not_matched', 'no prover has this job', { request: id, job })
    const { match } = assignment
    const ofClass = this.classOf(open.request.program)
    if (event !== null)
      for (const rank of assignment.holders) this.#record(rank.prover, ofClass, event, match.work)
    this.#letGo(id, job, assignment)
    const deadlineMs = open.request.proofDeadline * 1000
    const next = takeOver(match, assignment.tried, this.#nowMs, deadlineMs, (rank) =>
      this.#canTake(open, rank, match),
    )
    if (next.kind === 'exhausted') {
      // Its share of the maximum total is free for another match of the job.
      open.jobs.delete(job)
      open.leftWei += reservedWei(match)
      return refuse('no_runner_up', next.reason, { request: id, job })
    }
    assignment.tried.add(next.rank.prover)
    assignment.holders = [next.rank]
    this.#hold(open, id, job, match.work, next.rank)
    return { kind: 'taken-over', prover: next.rank.prover, position: next.rank.position, isLate: next.isLate }
  }

  #canTake(open: OpenRequest, rank: Ranked, match: Match): boolean {
    const room = open.sealed
      ? this.book.roomOf(rank.prover, open.request.program, rank.collateralWei)
      : (this.book.bid(rank.bid)?.roomWork ?? 0n)
    return room >= match.work
  }
}
