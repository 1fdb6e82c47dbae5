import { ApiError } from '@weft/api'
import type { Context } from './context.js'
import type { Handlers } from './http/handlers.js'
import type { Leasing } from './leasing.js'
import type { Nodes } from './nodes.js'
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
}

const noMarket = (): never => {
  throw new ApiError(
    'no_market',
    'this coordinator is paid from deposits: hand in batches (POST /v1/batches)',
  )
}

/** What each route does. */
export const createHandlers = (context: Context, parts: Parts): Handlers => {
  const { options, limits, timing, deps, journal } = context
  const { programs, sessions, nodes, leasing, orders, submissions, proofs, views } = parts
  return {
    health: () => ({ ok: true, version: options.version }),
    network: () => ({
      version: options.version,
      chainId: options.chainId,
      settlement: options.settlement,
      srs: options.srs,
      warning: views.warning,
      system: options.system,
      mergeProgram: options.merge.id,
      market: null,
      maxProofBytes: options.maxProofBytes,
      maxInputBytes: limits.maxInputBytes,
      heartbeatMs: timing.heartbeatMs,
    }),
    status: () => views.status(),

    challenge: () => sessions.challenge(),
    openSession: ({ body }) => sessions.open(body),
    registerNode: async ({ caller, body }) => {
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
    heartbeat: ({ caller, params }) => leasing.heartbeat(caller, params.id),
    releaseLease: async ({ caller, params, body }) => {
      journal.assertAvailable()
      const { job, failed } = leasing.release(caller, params.id, body.reason)
      if (failed)
        orders.fail(job, `${job.blames.size} provers report ${body.reason} for segment ${job.spec.id}`)
      leasing.offer()
      await journal.commit()
      return undefined
    },
    submitProof: ({ caller, params, query, octets }) =>
      proofs.submit(caller, params.id, octets, query.next === '1'),

    commitLease: noMarket,
    submitRequest: noMarket,
    requests: noMarket,
    request: noMarket,
    submitOffer: noMarket,
    offers: noMarket,
    cancelIntent: noMarket,
    sealBid: noMarket,
    revealBid: noMarket,
    prover: noMarket,
    marketLog: noMarket,
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
