import { WeftError } from '@weft/protocol'
import type { z } from 'zod'
import { ApiError, errorBody } from './errors.js'
import { type OctetStream, readCapped } from './octets.js'
import { toWire } from './primitives.js'
import { NOTHING, OCTETS, ROUTES, type RouteName, type RouteSpec, type Routes } from './routes.js'

type Part<R, K extends string> = R extends { readonly [_ in K]: infer S }
  ? S extends z.ZodType
    ? { readonly [_ in K]: z.output<S> }
    : { readonly [_ in K]: Uint8Array | OctetStream }
  : unknown

/** What a call of a route takes: its `params`, `query` and `body`, as far as it has them. */
export type CallInput<N extends RouteName> = Part<Routes[N], 'params'> &
  Part<Routes[N], 'query'> &
  Part<Routes[N], 'body'> & { readonly signal?: AbortSignal }

type Answered<R extends RouteSpec> = R['answer'] extends z.ZodType
  ? z.output<R['answer']>
  : R['answer'] extends typeof OCTETS
    ? OctetStream
    : undefined

/** What a call of a route resolves to. */
export type CallAnswer<N extends RouteName> =
  | Answered<Routes[N]>
  | (Routes[N] extends { readonly orNothing: true } ? undefined : never)

/**
 * One function per route. They reject with an ApiError for a refusal, and with a WeftError
 * `coordinator_unreachable` or `bad_answer` where there is none that can be read.
 */
export type ApiClient = {
  readonly [N in RouteName]: (
    ...input: keyof Omit<CallInput<N>, 'signal'> extends never ? [CallInput<N>?] : [CallInput<N>]
  ) => Promise<CallAnswer<N>>
}

export interface ApiClientOptions {
  /** Of the coordinator, without `/v1`. */
  readonly url: string
  /** Asked for every call that needs one. */
  readonly token?: () => string | undefined
  /** Keeps connections alive, as Node's and browsers' own do. */
  readonly fetch?: typeof fetch
  /** The longest JSON answer that is read. */
  readonly maxAnswerBytes?: number
}

/** As `CallInput`, for every route at once. */
interface AnyInput {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string | undefined>>
  readonly body?: unknown
  readonly signal?: AbortSignal
}

const urlOf = (base: string, spec: RouteSpec, input: AnyInput): string => {
  const path = spec.path.replace(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(input.params?.[name] ?? ''),
  )
  const query = Object.entries(input.query ?? {}).filter(
    (pair): pair is [string, string] => pair[1] !== undefined,
  )
  const suffix = query.length === 0 ? '' : `?${new URLSearchParams(query)}`
  return base.replace(/\/+$/, '') + path + suffix
}

const requestOf = (spec: RouteSpec, input: AnyInput, token: string | undefined): RequestInit => {
  const headers: Record<string, string> = {}
  if (spec.auth && token !== undefined) headers.authorization = `Bearer ${token}`
  const init: RequestInit & { duplex?: 'half' } = { method: spec.method, headers }
  if (input.signal) init.signal = input.signal
  if (spec.body === OCTETS) {
    headers['content-type'] = 'application/octet-stream'
    init.body = input.body as Uint8Array<ArrayBuffer> | OctetStream
    init.duplex = 'half'
  } else if (spec.body) {
    headers['content-type'] = 'application/json'
    init.body = toWire(input.body)
  }
  return init
}

const badAnswer = (spec: RouteSpec, response: Response, cause?: unknown) =>
  new WeftError(
    'bad_answer',
    `${spec.method} ${spec.path} was answered with something else than the API says: is this a coordinator of this version?`,
    { status: response.status },
    { cause },
  )

const jsonOf = async (spec: RouteSpec, response: Response, maxBytes: number): Promise<unknown> => {
  if (!response.body) throw badAnswer(spec, response)
  const bytes = await readCapped(response.body as OctetStream, maxBytes)
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw badAnswer(spec, response, cause)
  }
}

const refusalOf = async (spec: RouteSpec, response: Response, maxBytes: number): Promise<WeftError> => {
  const parsed = errorBody.safeParse(await jsonOf(spec, response, maxBytes))
  if (!parsed.success) return badAnswer(spec, response, parsed.error)
  const { code, message, details } = parsed.data.error
  return new ApiError(code, message, details)
}

const answerOf = async (spec: RouteSpec, response: Response, maxBytes: number): Promise<unknown> => {
  if (!response.ok) throw await refusalOf(spec, response, maxBytes)
  if (response.status === 204) {
    if (spec.answer === NOTHING || spec.orNothing) return undefined
    throw badAnswer(spec, response)
  }
  if (spec.answer === OCTETS) return response.body
  if (spec.answer === NOTHING) throw badAnswer(spec, response)
  const parsed = spec.answer.safeParse(await jsonOf(spec, response, maxBytes))
  if (!parsed.success) throw badAnswer(spec, response, parsed.error)
  return parsed.data
}

/** A client typed and checked by the same table that serves the API. */
export const createApiClient = (options: ApiClientOptions): ApiClient => {
  const send = options.fetch ?? fetch
  const maxBytes = options.maxAnswerBytes ?? 64 * 2 ** 20
  const call = async (spec: RouteSpec, input: AnyInput): Promise<unknown> => {
    const init = requestOf(spec, input, options.token?.())
    let response: Response
    try {
      response = await send(urlOf(options.url, spec, input), init)
    } catch (cause) {
      if (input.signal?.aborted) throw cause
      throw new WeftError(
        'coordinator_unreachable',
        `no answer from the coordinator at ${options.url}: check the address, and try again later`,
        { url: options.url },
        { cause },
      )
    }
    return answerOf(spec, response, maxBytes)
  }
  const entries = Object.entries(ROUTES).map(([name, spec]) => [
    name,
    (input: AnyInput = {}) => call(spec, input),
  ])
  return Object.fromEntries(entries) as ApiClient
}
