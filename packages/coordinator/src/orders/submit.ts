import {
  ApiError,
  type BatchAccepted,
  type BatchRequest,
  batchTypedData,
  PRIVATE_INPUTS,
  type SignedRequest,
} from '@weft/api'
import type { BadSegments, BatchPlan, JobKey, Proof } from '@weft/plan'
import { type Address, type Bytes32, jobOf, requestId } from '@weft/protocol'
import { recoverTypedDataAddress } from 'viem'
import type { Context } from '../context.js'
import * as tables from '../db/tables.js'
import { knownProofs } from '../known-proofs.js'
import { deskOf } from '../market/desk-of.js'
import type { Programs } from '../programs.js'
import { recover } from '../sessions.js'
import { askL1 } from './ask-l1.js'
import { batchId, isDirect, jobCount, type Trace, traceOf, workUp } from './batch.js'
import type { Orders } from './orders.js'

const FAULTS: Readonly<Record<BadSegments['code'], string>> = {
  gap: 'each segment has to start where the one before it ends',
  repeated_statement:
    'no two segments or merges of a batch can state the same: split the batch where its states and data repeat',
  too_much_work:
    'the work of all segments and their merges overflows 64 bits: ask for fewer segments at once',
  not_alone: 'nothing merges proofs of this program: ask for each by itself, with one segment',
  not_stateless:
    'nothing merges proofs of this program: pre and post are zero, data the hash of its public inputs',
}

/** Accepts batches: everything that is checked before a tenant's money is at stake. */
export class Submissions {
  constructor(
    readonly context: Context,
    readonly programs: Programs,
    readonly orders: Orders,
  ) {}

  /** Errors: see the route `submitBatch`. */
  async submit(request: BatchRequest): Promise<BatchAccepted> {
    if (this.context.market) {
      throw new ApiError(
        'market_only',
        'this coordinator serves a market: sign a request (POST /v1/requests)',
      )
    }
    const id = batchId(request)
    const planned = this.#check(request)
    if (isDirect(planned)) {
      throw new ApiError(
        'unsupported',
        'proofs that nothing merges are paid through a market: ask a coordinator that serves one',
      )
    }
    const before = await this.#stateOf(id, planned.top.spec.id)
    if (before !== 'known') {
      await this.#checkTenant(request)
      await this.#checkFunds(request, planned)
      const known = await this.#knownProofs(planned)
      this.#accept(id, request, planned, before === 'failed', known)
      await this.context.journal.commit()
    }
    return { id, jobs: jobCount(planned) }
  }

  /** Errors: see the route `submitRequest`. */
  async submitSigned(signed: SignedRequest): Promise<BatchAccepted> {
    const desk = deskOf(this.context)
    const id = requestId(desk.ledger.rules.domain, signed.request)
    const planned = this.#check(traceOf(signed))
    const before = await this.#stateOf(id, planned.top.spec.id, signed)
    if (before !== 'known') {
      await desk.intake.checkRequest(signed, workUp(planned), planned.top)
      // Proofs of before were made for other requests, at other prices: nothing is known.
      this.#accept(id, signed, planned, before === 'failed', new Map())
      await this.context.journal.commit()
    }
    return { id, jobs: jobCount(planned) }
  }

  /** Nothing is awaited here, so no other request comes between. */
  #accept(
    id: Bytes32,
    request: BatchRequest | SignedRequest,
    planned: BatchPlan,
    again: boolean,
    known: ReadonlyMap<JobKey, Proof>,
  ): void {
    const { journal, deps, market } = this.context
    journal.assertAvailable()
    // Again, for those that came meanwhile.
    if (this.#isLive(id, planned.top.spec.id, request)) return
    if (!('tenant' in request)) market?.intake.admit(request)
    const displaced = this.orders.byStatement(planned.top.spec.id)
    if (displaced) this.orders.fail(displaced, 'another request for the same statement pays more')
    const batch = this.orders.accept(
      { id, request, plan: planned, acceptedMs: deps.clock.nowMs() },
      known,
      again,
    )
    if (!('tenant' in request)) market?.opened(batch, request)
    const { tenant, segments } = traceOf(request)
    deps.log.info({ batch: id, tenant, segments: segments.length }, 'batch accepted')
  }

  /** What the request says of itself. Throws a refusal. */
  #check(request: Trace): BatchPlan {
    const { segments, program, pre, post, data } = request
    const { limits, deps } = this.context
    if (segments.length > limits.maxSegments) {
      throw new ApiError(
        'too_many_segments',
        `a batch has at most ${limits.maxSegments} segments: split it`,
        {
          maxSegments: limits.maxSegments,
        },
      )
    }
    const planned = this.programs.plan(program, segments)
    if ('kind' in planned) {
      const { code: fault, segment } = planned
      throw new ApiError('bad_segments', FAULTS[fault], { segment, fault })
    }
    const filler = this.orders.pad?.top.spec.key
    if (planned.jobs.some(({ key }) => key === filler)) {
      // An aggregate of the two of them would merge one proof with itself.
      throw new ApiError(
        'bad_segments',
        'this is the statement of the coordinator’s own filler: prove another',
        {
          fault: 'filler',
        },
      )
    }
    if (planned.top.spec.id !== jobOf({ program, pre, post, data })) {
      throw new ApiError('bad_segments', 'pre, post and data have to be those of all segments together', {
        fault: 'statement',
      })
    }
    this.#assertPrivateTaken(request)
    const missing = segments.find(({ inputs }) => inputs !== PRIVATE_INPUTS && !deps.blobs.has(inputs))
    if (missing) {
      throw new ApiError('missing_blob', 'upload every segment’s inputs before the batch', {
        digest: missing.inputs,
      })
    }
    return planned
  }

  /** Inputs are sealed to the prover that is matched, so there has to be one. */
  #assertPrivateTaken({ segments }: Trace): void {
    if (this.context.market?.privateInputs.areTaken) return
    if (!segments.some(({ inputs }) => inputs === PRIVATE_INPUTS)) return
    throw new ApiError(
      'unsupported',
      'private inputs are not taken here: use another coordinator, with a market',
    )
  }

  /**
   * Whether the batch is under way. Throws `statement_taken` where another one of its statement is, unless that gives
   * way: to a request that pays more, one does that nobody has committed to. So nobody blocks a statement for nothing.
   */
  #isLive(id: Bytes32, statement: Bytes32, asked: BatchRequest | SignedRequest | null = null): boolean {
    const live = this.orders.byStatement(statement)
    if (!live || live.id === id) return live !== undefined
    const order = this.context.market?.orders.get(live.id)
    const givesWay =
      asked !== null &&
      !('tenant' in asked) &&
      order?.commitments.size === 0 &&
      order.signed.request.maxPriceWei < asked.request.maxPriceWei
    if (!givesWay) throw taken(live.id)
    return false
  }

  /** `known`: under way or settled. A failed batch may be asked for again. */
  async #stateOf(
    id: Bytes32,
    statement: Bytes32,
    asked: SignedRequest | null = null,
  ): Promise<'known' | 'failed' | 'new'> {
    const { journal } = this.context
    if (this.#isLive(id, statement, asked)) {
      await journal.commit()
      return 'known'
    }
    const rows = await journal.select(
      tables.batches,
      "statement = $1 and state in ('settled', 'failed')",
      statement,
    )
    const settled = rows.find((row) => row.state === 'settled')
    if (settled && settled.id !== id) throw taken(settled.id)
    if (settled) return 'known'
    return rows.some((row) => row.id === id) ? 'failed' : 'new'
  }

  async #checkTenant(request: BatchRequest): Promise<void> {
    const { deps, options } = this.context
    if (request.deadlineMs <= deps.clock.nowMs()) {
      throw new ApiError(
        'deadline_passed',
        'the request’s deadline has passed: sign it again with a later one',
        {
          deadlineMs: request.deadlineMs,
        },
      )
    }
    const typed = batchTypedData(options, request)
    const signer = await recover(() => recoverTypedDataAddress({ ...typed, signature: request.signature }))
    const sequencer = await askL1(() => deps.tenants.sequencerOf(request.tenant))
    if (signer !== sequencer) {
      throw new ApiError('not_sequencer', 'the request has to be signed by the tenant’s sequencer', {
        signer,
        sequencer,
      })
    }
  }

  /** All that the tenant has under way has to be covered together. */
  async #checkFunds(request: BatchRequest, planned: BatchPlan): Promise<void> {
    const { deps } = this.context
    const work = workUp(planned) + this.#workUnderWay(request.tenant)
    const funds = await askL1(() => deps.tenants.fundsFor(request.tenant, request.program, work))
    if (funds.covered) return
    throw new ApiError(
      'insufficient_funds',
      'the deposit does not cover this batch and those under way: deposit more',
      {
        availableWei: funds.availableWei.toString(),
        neededWei: funds.neededWei.toString(),
      },
    )
  }

  #workUnderWay(tenant: Address): bigint {
    let work = 0n
    for (const batch of this.orders.batches.values()) {
      if (traceOf(batch.request).tenant === tenant) work += workUp(batch.plan)
    }
    return work
  }

  async #knownProofs({ jobs }: BatchPlan): Promise<Map<JobKey, Proof>> {
    return knownProofs(
      this.context,
      jobs.map((job) => job.key),
    )
  }
}

const taken = (id: Bytes32) =>
  new ApiError('statement_taken', 'a batch with this statement is under way or settled: follow that one', {
    batch: id,
  })
