import cors from '@fastify/cors'
import fastify, { type FastifyError, type FastifyInstance } from 'fastify'
import type { Logger } from '../ports.js'
import { Allowance } from './allowance.js'
import { dispatch, refusal } from './dispatch.js'
import { RPC } from './error.js'
import type { MethodContext } from './methods.js'

export interface RpcOptions {
  readonly host: string
  /** 0 for any free one. */
  readonly port: number
  readonly maxBodyBytes: number
  /** Calls in one batch. */
  readonly maxCalls: number
  /** Values that the calls of one batch, or a single one, answer: see `Allowance`. */
  readonly maxValues: number
}

const REQUEST_TIMEOUT_MS = 30_000

const parseFailed = Symbol('not JSON')

const parse = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return parseFailed
  }
}

/** HTTP's own refusals, as JSON-RPC errors. */
const httpRefusal = ({ statusCode = 500 }: FastifyError, maxBodyBytes: number) => {
  if (statusCode === 413)
    return { code: RPC.limit, message: `request too large: send at most ${maxBodyBytes} bytes` }
  if (statusCode === 415) return { code: RPC.invalidRequest, message: 'send content-type: application/json' }
  if (statusCode < 500)
    return { code: RPC.invalidRequest, message: 'invalid request: send a JSON-RPC 2.0 call by POST' }
  return { code: RPC.internal, message: 'internal error: see the log of the rollup' }
}

/** JSON-RPC over HTTP: POST /, single calls and batches. Bodies are capped while they stream. */
export const createRpcServer = async (
  { maxBodyBytes, maxCalls, maxValues }: RpcOptions,
  context: Omit<MethodContext, 'allowance'>,
  logger: Logger,
): Promise<FastifyInstance> => {
  const app = fastify({
    bodyLimit: maxBodyBytes,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: true,
  })
  // Web pages talk to a public RPC endpoint; it has no cookies and no secrets.
  await app.register(cors, { origin: '*', methods: ['POST'] })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (_: unknown, body: Buffer) =>
    parse(body),
  )
  app.post('/', async (request, reply) => {
    if (request.body === parseFailed || request.body === undefined) {
      return refusal({ code: RPC.parse, message: 'parse error: the body is not JSON' })
    }
    const allowance = new Allowance(maxValues)
    const answer = await dispatch(request.body, maxCalls, { ...context, allowance }, logger)
    return answer === undefined ? reply.code(204).send() : answer
  })
  app.setNotFoundHandler((_, reply) =>
    reply
      .code(404)
      .send(refusal({ code: RPC.invalidRequest, message: 'send JSON-RPC 2.0 calls by POST to /' })),
  )
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const status = error.statusCode ?? 500
    if (status >= 500) logger.error({ err: error, url: request.url }, 'a request failed unexpectedly')
    return reply.code(status).send(refusal(httpRefusal(error, maxBodyBytes)))
  })
  return app
}
