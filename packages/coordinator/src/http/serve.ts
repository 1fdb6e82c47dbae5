import {
  ApiError,
  ERROR_STATUS,
  type ErrorCode,
  OCTETS,
  ROUTES,
  type RouteName,
  type RouteSpec,
  toWire,
} from '@weft/api'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { Sessions } from '../sessions.js'
import type { Answer, Handlers } from './handlers.js'

const JSON_TYPE = 'application/json; charset=utf-8'

/** What every handler is called with, without the types of its own route. */
type AnyHandler = (call: Record<string, unknown>) => Promise<unknown> | unknown

/** A part of the request by its schema. Throws `bad_request`, naming the field. */
const parse = (type: z.ZodType, value: unknown, place: string): unknown => {
  const parsed = type.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const field = [place, ...(issue?.path ?? []).map(String)].join('.')
  throw new ApiError('bad_request', `${field}: ${issue?.message ?? 'not as the API says'}`, { field })
}

/** Aborts when the client hangs up before it was answered. */
const hangUp = (reply: FastifyReply): AbortSignal => {
  const controller = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort()
  })
  return controller.signal
}

const callOf = (spec: RouteSpec, request: FastifyRequest, reply: FastifyReply, sessions: Sessions) => {
  const call: Record<string, unknown> = {}
  if (spec.auth) call.caller = sessions.callerOf(request.headers.authorization)
  if (spec.params) call.params = parse(spec.params, request.params, 'path')
  if (spec.query) call.query = parse(spec.query, request.query, 'query')
  if (spec.body === OCTETS) call.octets = request.body
  else if (spec.body) call.body = parse(spec.body, request.body, 'body')
  if (spec.orNothing) call.signal = hangUp(reply)
  return call
}

const send = (spec: RouteSpec, reply: FastifyReply, answer: unknown): FastifyReply => {
  if (answer === undefined) return reply.code(204).send()
  if (spec.answer !== OCTETS) return reply.header('content-type', JSON_TYPE).send(toWire(answer))
  const { stream, bytes } = answer as Exclude<Answer<'getBlob'>, undefined>
  return reply
    .headers({
      'content-type': 'application/octet-stream',
      'content-length': bytes,
      'x-content-type-options': 'nosniff',
      'content-disposition': 'attachment',
      'cache-control': spec.auth ? 'no-store' : 'public, max-age=31536000, immutable',
    })
    .send(stream)
}

/** The largest body of each route, in bytes. */
export type BodyLimits = Readonly<Partial<Record<RouteName, number>>>

const SMALL_BODY = 64 * 1024

/** Whoever has a session may call as often as it likes, except for what it leaves something behind with. */
const isLimited = (name: RouteName, spec: RouteSpec): boolean => !spec.auth || name === 'registerNode'

/** Serves these routes of the table. Handlers' answers are typed by the table, so they are not checked again. */
export const serveRoutes = (
  app: FastifyInstance,
  names: readonly RouteName[],
  handlers: Handlers,
  sessions: Sessions,
  limits: BodyLimits,
): void => {
  for (const name of names) {
    const spec: RouteSpec = ROUTES[name]
    const handler = handlers[name] as AnyHandler
    app.route({
      method: spec.method,
      url: spec.path,
      bodyLimit: limits[name] ?? SMALL_BODY,
      config: { rateLimit: isLimited(name, spec) ? {} : false },
      handler: async (request, reply) =>
        send(spec, reply, await handler(callOf(spec, request, reply, sessions))),
    })
  }
}

/** Fastify's own refusals in the API's words. */
const fromFastify = (error: { statusCode?: number; message: string; code?: string }): ApiError | null => {
  const { statusCode } = error
  if (statusCode === 413)
    return new ApiError('payload_too_large', 'the body is larger than this route takes: send less')
  if (statusCode === 429) return new ApiError('rate_limited', 'too many requests: wait a minute')
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new ApiError('bad_request', error.message)
  }
  return null
}

const isOurs = (error: unknown): error is ApiError =>
  error instanceof ApiError && Object.hasOwn(ERROR_STATUS, error.code satisfies ErrorCode)

/** Every refusal leaves as `{error: {code, message, details}}`; faults of ours are logged and told as `internal`. */
export const answerErrors = (app: FastifyInstance, onFault: (error: unknown, url: string) => void): void => {
  app.setErrorHandler((error: Error, request, reply) => {
    let refusal = isOurs(error) ? error : fromFastify(error)
    if (!refusal) {
      onFault(error, request.url)
      refusal = new ApiError('internal', 'the coordinator failed at this request; its log has the details')
    }
    return reply
      .code(refusal.status)
      .header('content-type', JSON_TYPE)
      .send(toWire({ error: refusal.toJSON() }))
  })
  app.setNotFoundHandler((request, reply) => {
    const refusal = new ApiError(
      'unknown_route',
      `no route ${request.method} ${request.url}: see /v1/openapi.json`,
    )
    return reply
      .code(404)
      .header('content-type', JSON_TYPE)
      .send(toWire({ error: refusal.toJSON() }))
  })
}
