import fastifyWebsocket from '@fastify/websocket'
import {
  ApiError,
  type ApiEvent,
  type CallAnswer,
  EVENTS_PATH,
  OCTETS,
  ROUTES,
  type RouteName,
  type RouteSpec,
  toWire,
} from '@weft/api'
import { WeftError } from '@weft/protocol'
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify'

/** A request as the schemas of its route read it. */
export interface Request {
  readonly params: Record<string, string>
  readonly query: Record<string, string>
  // biome-ignore lint/suspicious/noExplicitAny: handlers know their route's body
  readonly body: any
  readonly token: string | undefined
}

export type Handlers = {
  [N in RouteName]?: (request: Request) => Promise<CallAnswer<N> | Uint8Array> | CallAnswer<N> | Uint8Array
}

const answer = async (
  spec: RouteSpec,
  handler: (r: Request) => unknown,
  request: FastifyRequest,
  reply: FastifyReply,
) => {
  const { body } = request
  const isJson = spec.body !== undefined && spec.body !== OCTETS
  const value = await handler({
    params: request.params as Record<string, string>,
    query: request.query as Record<string, string>,
    body: isJson ? (spec.body as Exclude<typeof spec.body, string | undefined>).parse(body) : body,
    token: request.headers.authorization?.replace('Bearer ', ''),
  })
  if (value === undefined) return reply.code(204).send()
  if (spec.answer === OCTETS)
    return reply.type('application/octet-stream').send(Buffer.from(value as Uint8Array))
  return reply.type('application/json').send(toWire(value))
}

/**
 * A scripted coordinator over real HTTP and WebSocket: routes are the API's own, what they answer is the test's.
 * Handlers can be replaced between requests.
 */
export const createScriptedServer = async (handlers: Handlers, port = 0) => {
  const app = Fastify({ bodyLimit: 2 ** 26, forceCloseConnections: true })
  await app.register(fastifyWebsocket)
  app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_, body, done) =>
    done(null, body),
  )
  app.setErrorHandler((error, _, reply) => {
    const refusal =
      error instanceof WeftError
        ? error
        : new ApiError('internal', error instanceof Error ? error.message : 'failed')
    const status = refusal instanceof ApiError ? refusal.status : 500
    return reply.code(status).send({ error: refusal.toJSON() })
  })
  for (const [name, spec] of Object.entries(ROUTES) as [RouteName, RouteSpec][]) {
    app.route({
      method: spec.method,
      url: spec.path,
      handler: (request, reply) => {
        const handler = handlers[name] as ((r: Request) => unknown) | undefined
        if (!handler) throw new ApiError('unknown_route', `the test has no ${name}`)
        return answer(spec, handler, request, reply)
      },
    })
  }
  const sockets = new Set<{ send(text: string): void; terminate(): void }>()
  app.get(EVENTS_PATH, { websocket: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  const url = await app.listen({ host: '127.0.0.1', port })
  return {
    url,
    handlers,
    sockets,
    tell: (event: ApiEvent) => {
      for (const socket of sockets) socket.send(toWire(event))
    },
    close: () => app.close(),
  }
}

export type ScriptedServer = Awaited<ReturnType<typeof createScriptedServer>>
