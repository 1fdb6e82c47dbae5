import cors from '@fastify/cors'
import rateLimit from '@fastify/rate-limit'
import websocket from '@fastify/websocket'
import { openApi, ROUTES, type RouteName } from '@weft/api'
import { type FastifyInstance, fastify } from 'fastify'
import type { Context } from '../context.js'
import { sealedUpBytes } from '../market/private-inputs.js'
import type { Sessions } from '../sessions.js'
import { serveEvents } from './events.js'
import type { Handlers } from './handlers.js'
import { answerErrors, serveRoutes } from './serve.js'

const OCTET_STREAM = 'application/octet-stream'

/** Bytes of JSON for one segment of a batch, generously. */
const SEGMENT_JSON = 512

/** A slow client may take so long over a request; long waits are bounded by `maxWaitMs` instead. */
const REQUEST_TIMEOUT_MS = 120_000

export interface Server {
  readonly app: FastifyInstance
  /** Ends connections that would keep it from closing. */
  readonly hangUp: () => void
}

/** The HTTP server over the API's table of routes. */
export const createServer = async (
  context: Context,
  handlers: Handlers,
  sessions: Sessions,
): Promise<Server> => {
  const { options, limits, deps } = context
  const app = fastify({ logger: false, requestTimeout: REQUEST_TIMEOUT_MS, forceCloseConnections: true })
  answerErrors(app, (error, url) => {
    const stack = error instanceof Error ? error.stack : undefined
    deps.log.error({ url, error: String(error), stack }, 'a request failed')
  })
  await app.register(rateLimit, { max: limits.requestsPerMinute, timeWindow: 60_000 })
  if (options.corsOrigins?.length) await app.register(cors, { origin: [...options.corsOrigins] })
  await app.register(websocket, { options: { maxPayload: 1024 } })

  const names = Object.keys(ROUTES) as RouteName[]
  const special: readonly RouteName[] = ['putBlob', 'sealInputs', 'submitProof']
  serveRoutes(
    app,
    names.filter((name) => !special.includes(name)),
    handlers,
    sessions,
    { submitBatch: 64 * 1024 + SEGMENT_JSON * limits.maxSegments },
  )
  await app.register(async (proofs) => {
    proofs.addContentTypeParser(OCTET_STREAM, { parseAs: 'buffer' }, (_request, body, done) =>
      done(null, body),
    )
    serveRoutes(proofs, ['submitProof'], handlers, sessions, { submitProof: context.maxProofBytes })
  })
  await app.register(async (blobs) => {
    // Handed on as a stream; the handler caps it while it reads.
    blobs.addContentTypeParser(OCTET_STREAM, (_request, payload, done) => done(null, payload))
    const putBlob = Math.max(limits.maxInputBytes, limits.maxProgramBytes)
    const sealInputs = sealedUpBytes(limits.maxInputBytes)
    serveRoutes(blobs, ['putBlob', 'sealInputs'], handlers, sessions, { putBlob, sealInputs })
  })
  const document = JSON.stringify(openApi(options.version))
  app.get('/v1/openapi.json', (_request, reply) =>
    reply.header('content-type', 'application/json').send(document),
  )
  let hangUp: () => void = () => undefined
  await app.register(async (events) => {
    hangUp = serveEvents(events, context)
  })
  return { app, hangUp: () => hangUp() }
}
