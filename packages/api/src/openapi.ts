import { z } from 'zod'
import { ERROR_STATUS, errorBody } from './errors.js'
import { event } from './event.js'
import { COMMON_CODES, EVENTS_PATH, NOTHING, OCTETS, ROUTES, type RouteSpec } from './routes.js'

type Json = { [key: string]: unknown }

/** As the value travels: of a codec, the wire side. */
const schemaOf = (type: z.ZodType): Json => {
  const { $schema: _, ...schema } = z.toJSONSchema(type, { io: 'input', target: 'draft-2020-12' }) as Json
  return schema
}

const contentOf = (type: z.ZodType | typeof OCTETS): Json =>
  type === OCTETS
    ? { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } }
    : { 'application/json': { schema: schemaOf(type) } }

const parametersOf = (spec: RouteSpec): Json[] =>
  (['params', 'query'] as const).flatMap((place) =>
    Object.entries(spec[place]?.shape ?? {}).map(([name, type]) => ({
      name,
      in: place === 'params' ? 'path' : 'query',
      required: place === 'params',
      schema: schemaOf(type as z.ZodType),
    })),
  )

/** Refusals by HTTP status; the description lists the codes. */
const refusalsOf = (spec: RouteSpec): Json => {
  const byStatus = new Map<number, string[]>()
  for (const code of new Set([...spec.codes, ...COMMON_CODES])) {
    const status = ERROR_STATUS[code]
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.join(', '),
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      },
    ]),
  )
}

const operationOf = (name: string, spec: RouteSpec): Json => ({
  operationId: name,
  summary: spec.summary,
  ...(spec.auth ? { security: [{ session: [] }] } : {}),
  parameters: parametersOf(spec),
  ...(spec.body ? { requestBody: { required: true, content: contentOf(spec.body) } } : {}),
  responses: {
    ...(spec.answer === NOTHING ? {} : { 200: { description: 'OK', content: contentOf(spec.answer) } }),
    ...(spec.answer === NOTHING || spec.orNothing ? { 204: { description: 'OK, without a body' } } : {}),
    ...refusalsOf(spec),
  },
})

const eventsOperation: Json = {
  operationId: 'events',
  summary: 'WebSocket: one event a message, as JSON text. `since` resumes behind that sequence number.',
  parameters: [
    { name: 'since', in: 'query', required: false, schema: { type: 'string', pattern: '^[0-9]{1,16}$' } },
  ],
  responses: { 101: { description: 'Messages: see components/schemas/Event' } },
}

/** The OpenAPI 3.1 document of the whole interface, made from the schemas that validate. */
export const openApi = (version: string): Json => {
  const paths: Record<string, Json> = {}
  for (const [name, spec] of Object.entries(ROUTES) as [string, RouteSpec][]) {
    const path = spec.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [spec.method.toLowerCase()]: operationOf(name, spec) }
  }
  paths[EVENTS_PATH] = { get: eventsOperation }
  return {
    openapi: '3.1.0',
    info: { title: 'Weft coordinator', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: { Error: schemaOf(errorBody), Event: schemaOf(event) },
      securitySchemes: { session: { type: 'http', scheme: 'bearer' } },
    },
  }
}
