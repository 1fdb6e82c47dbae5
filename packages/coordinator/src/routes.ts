import { ApiError, MERGED_SYSTEM } from '@weft/api'
import type { Context } from './context.js'
import type { Delivery } from './direct/delivery.js'
import type { Handlers } from './http/handlers.js'
import type { Leasing } from './leasing.js'
import type { Desk } from './market/desk.js'
import { deskOf } from './market/desk-of.js'
import type { Nodes } from './nodes.js'
import { blameText } from './orders/blame.js'
import type { Orders } from './orders/orders.js'
import type { Submissions } from './orders/submit.js'
import type { Programs } from './programs.js'
import type { Proofs } from './proofs.js'
import type { Sessions } from './sessions.js'
import type { Views } from './views.js'

export interface Parts {
  readonly programs: Programs
  readonly sessions: Sessions
  readonly nodes: Nodes
  readonly leasing: Leasing
  readonly orders: Orders
  readonly submissions: Submissions
  readonly proofs: Proofs
  readonly views: Views
  readonly delivery: Delivery
}

/** What each route does. */
export const createHandlers = (context: Context, parts: Parts): Handlers => {
  const { options, limits, timing, deps, journal } = context
  const { programs, sessions, nodes, leasing, orders, submissions, proofs, views } = parts
  /** Something in the book has changed: what waits may be matched now. */
  const rematch = async (desk: Desk): Promise<void> => {
    desk.matching.changed()
    desk.matching.pump()
    leasing.offer()
    await journal.commit()
  }
  return {
    health: () => ({ ok: true, version: options.version }),
    network: () => ({
      version: options.version,
      chainId: options.chainId,
      settlement: options.settlement,
      srs: options.srs,
      warning: views.warning,
      system: options.system,
      systems: [{ name: MERGED_SYSTEM, id: options.system }, ...context.systems.list()],
      mergeProgram: options.merge.id,
      market: options.market
        ? {
            contract: options.market.contract,
            matcher: deskOf(context).ledger.rules.matcher,
            minStakeWei: deskOf(context).ledger.rules.limits.minStakeWei,
            revealS: deskOf(context).ledger.rules.limits.revealS,
          }
        : null,
      windows: { aggregatedMs: timing.windowMs, batchedMs: timing.deliveryWindowMs },
      maxProofBytes: context.maxProofBytes,
      maxInputBytes: limits.maxInputBytes,
      heartbeatMs: timing.heartbeatMs,
    }),
    status: () => views.status(),

    challenge: () => sessions.challenge(),
    openSession: ({ body }) => sessions.open(body),
    registerNode: async ({ caller, body }) => {
      await context.market?.privateInputs.checkKey(caller.address, body)
      await nodes.register(caller, body, () => sessions.store(caller))
      return undefined
    },

    programs: () => programs.list(),
    program: ({ params }) => programs.get(params.id),
    registerProgram: async ({ body }) => {
      await programs.register(body)
      return undefined
    },

    putBlob: async ({ params, octets }) => {
      const { digest } = params
      if (deps.blobs.has(digest)) octets.resume()
      else await deps.blobs.put(digest, octets, Math.max(limits.maxInputBytes, limits.maxProgramBytes))
      return undefined
    },
    getBlob: ({ params }) => {
      const blob = deps.blobs.open(params.digest)
      if (!blob) throw new ApiError('unknown_blob', 'no such blob here', { digest: params.digest })
      return blob
    },

    lease: async ({ caller, query, signal }) => {
      const waitMs = Math.min(Number(query.waitMs ?? 0), timing.maxWaitMs)
      return (await leasing.next(caller, waitMs, signal)) ?? undefined
    },
    sealedInputs: ({ caller, params }) => deskOf(context).privateInputs.open(leasing.held(caller, params.id)),
    heartbeat: ({ caller, params }) => leasing.heartbeat(caller, params.id),
    releaseLease: async ({ caller, params, body }) => {
      journal.assertAvailable()
      const { reason, message = '' } = body
      const { job, failed } = leasing.release(caller, params.id, reason, message)
      if (failed && (reason === 'unsatisfied' || reason === 'bad_inputs')) {
        const failure = { code: reason, message }
        orders.failJob(job, blameText(job, failure), failure)
      }
      leasing.offer()
      await journal.commit()
      return undefined
    },
    submitProof: ({ caller, params, query, octets }) =>
      proofs.submit(caller, params.id, octets, query.next === '1'),

    commitLease: async ({ caller, params, body }) => {
      journal.assertAvailable()
      await deskOf(context).sign(leasing.held(caller, params.id), body.signature)
      return undefined
    },
    submitRequest: async ({ body }) => {
      const accepted = await submissions.submitSigned(body)
      leasing.offer()
      return accepted
    },
    requests: ({ query }) => deskOf(context).views.list(query.owner),
    request: ({ params }) => deskOf(context).views.order(params.id),
    recipients: ({ params }) => {
      const desk = deskOf(context)
      const order = desk.orders.get(params.id)
      if (!order)
        throw new ApiError('unknown_intent', 'no such request is under way here', { request: params.id })
      return desk.privateInputs.recipients(order)
    },
    sealInputs: async ({ caller, params, query, octets }) => {
      const { orders: ordered, privateInputs } = deskOf(context)
      await privateInputs.put(ordered.get(params.id), caller.address, query, params.digest, octets)
      leasing.offer()
      return undefined
    },
    submitOffer: async ({ body }) => {
      const desk = deskOf(context)
      const id = await desk.intake.offer(body)
      await rematch(desk)
      return { id }
    },
    offers: ({ query }) => deskOf(context).views.offers(query.target, query.prover),
    cancelIntent: async ({ body }) => {
      const desk = deskOf(context)
      await desk.intake.cancel(body)
      desk.cancelled(body.intent)
      await rematch(desk)
      return undefined
    },
    sealBid: async ({ params, body }) => {
      await deskOf(context).intake.commit(params.id, body.prover, body.commitment, body.signature)
      await journal.commit()
      return undefined
    },
    revealBid: async ({ params, body }) => {
      deskOf(context).intake.reveal(params.id, body.bid, body.salt)
      await journal.commit()
      return undefined
    },
    prover: ({ params }) => deskOf(context).views.prover(params.prover),
    marketLog: ({ query }) => deskOf(context).ledger.page(Number(query.from ?? 0)),
    submitBatch: async ({ body }) => {
      const accepted = await submissions.submit(body)
      leasing.offer()
      return accepted
    },
    batch: ({ params }) => views.batch(params.id),
    opening: ({ params }) => views.opening(params.id),
    aggregate: ({ params }) => views.aggregate(params.id),
    payouts: ({ params, query }) => views.payouts(params.prover, Number(query.after ?? 0)),
  }
}
