import { z } from 'zod'
import type { Logger } from '../ports.js'
import { errorBody, RPC, RpcError, type RpcErrorBody } from './error.js'
import { METHODS, type MethodContext } from './methods.js'

const id = z.union([z.string(), z.number(), z.null()])

/** JSON-RPC 2.0, section 4. Without an id it is a notification, which is never answered. */
const call = z.object({
  jsonrpc: z.literal('2.0'),
  id: id.optional(),
  method: z.string(),
  params: z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]).optional(),
})
type Call = z.infer<typeof call>

export type Answer = { readonly jsonrpc: '2.0'; readonly id: string | number | null } & (
  | { readonly result: unknown }
  | { readonly error: RpcErrorBody }
)

export const refusal = (error: RpcErrorBody, to: string | number | null = null): Answer => ({
  jsonrpc: '2.0',
  id: to,
  error,
})

const run = async ({ method: name, params = [] }: Call, context: MethodContext): Promise<unknown> => {
  const method = METHODS.get(name)
  if (method === undefined) {
    const message = `the method ${name.slice(0, 64)} does not exist/is not available`
    throw new RpcError(RPC.methodNotFound, 'method_not_found', message)
  }
  if (!Array.isArray(params)) {
    throw new RpcError(RPC.invalidParams, 'invalid_params', 'invalid params: give an array, not an object')
  }
  return method(params, context)
}

const answer = async (body: unknown, context: MethodContext, logger: Logger): Promise<Answer | undefined> => {
  const { data: request, error: malformed } = call.safeParse(body)
  if (malformed) {
    const known = z.object({ id }).safeParse(body).data?.id ?? null
    return refusal(
      { code: RPC.invalidRequest, message: `invalid request: ${z.prettifyError(malformed)}` },
      known,
    )
  }
  let reply: { result: unknown } | { error: RpcErrorBody }
  try {
    reply = { result: await run(request, context) }
  } catch (error) {
    const refused = errorBody(error)
    if (refused === undefined)
      logger.error({ err: error, method: request.method }, 'a call failed unexpectedly')
    reply = { error: refused ?? { code: RPC.internal, message: 'internal error: see the log of the rollup' } }
  }
  return request.id === undefined ? undefined : { jsonrpc: '2.0', id: request.id, ...reply }
}

/**
 * Answers a request or a batch of them, side by side; undefined where nothing is to be answered. Refusals are
 * answers: this throws nothing.
 */
export const dispatch = async (
  body: unknown,
  maxCalls: number,
  context: MethodContext,
  logger: Logger,
): Promise<Answer | Answer[] | undefined> => {
  if (!Array.isArray(body)) return answer(body, context, logger)
  if (body.length === 0)
    return refusal({ code: RPC.invalidRequest, message: 'invalid request: an empty batch' })
  if (body.length > maxCalls) {
    return refusal({
      code: RPC.limit,
      message: `batch too large: ${body.length} calls; send at most ${maxCalls}`,
    })
  }
  const answers = await Promise.all(body.map((one) => answer(one, context, logger)))
  const owed = answers.filter((one) => one !== undefined)
  return owed.length === 0 ? undefined : owed
}
