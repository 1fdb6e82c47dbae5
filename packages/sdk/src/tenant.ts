import {
  ApiError,
  createConnection,
  type Deployment,
  type Opening,
  type OrderView,
  type Signer,
} from '@weft/api'
import type { Bytes32, Statement, WeftError } from '@weft/protocol'
import { inputBlob, statementOf, type Trace } from './batch.js'
import { depositRequester } from './deposit.js'
import { type FollowOptions, followBatch } from './follow.js'
import { marketRequester } from './market.js'
import type { Payment } from './payment.js'
import type { Clock, Connect } from './ports.js'
import { upload } from './upload.js'

export interface TenantOptions {
  readonly coordinatorUrl: string
  /** Signs for the tenant: its sequencer, or whoever owns its market account. */
  readonly signer: Signer
  readonly payment: Payment
  readonly deployment: Deployment
  readonly clock: Clock
  readonly fetch?: typeof fetch
  /** For news at once; without it, progress is polled. */
  readonly connect?: Connect
  /** Between two looks without news; 2,000 unless told. */
  readonly pollMs?: number
  /** Told of every answer that has to be waited for. */
  readonly onWait?: (reason: WeftError) => void
}

/**
 * What a tenant asks of a coordinator. All of it survives a coordinator that is away: it waits until the signal
 * aborts, and then rejects with the signal's reason. The same trace is not asked for twice: while a batch or request
 * of its statement is under way or settled, that is the one. What failed is asked for anew.
 */
export interface Tenant {
  /**
   * Has a trace proven and settled. Errors: `bad_segments`, `bad_terms`, `batch_failed`, `bad_opening`,
   * `wrong_deployment`, `no_market`, and the refusals of `submitBatch` or `submitRequest` that waiting does not change
   * (`insufficient_funds` or `insufficient_balance`, with what is needed).
   */
  prove(trace: Trace, options?: FollowOptions): Promise<Opening>
  /** Hands a trace in; resolves with the batch's id as soon as it is accepted. Under a market, the request's id. */
  submit(trace: Trace, options?: { readonly signal?: AbortSignal }): Promise<Bytes32>
  /** Waits for a batch that was handed in before. With `asked`, the claim must be of that statement. */
  follow(batch: Bytes32, options?: FollowOptions & { readonly asked?: Statement }): Promise<Opening>
  /** A request's matches, prices and commitments. Errors: `unknown_intent`, `no_market`. */
  order(request: Bytes32, options?: { readonly signal?: AbortSignal }): Promise<OrderView>
  /**
   * Takes a request back, as long as no prover has committed to it. Errors: `unknown_intent`, `not_the_owner`,
   * `already_committed`, `wrong_deployment`, `no_market`.
   */
  cancel(request: Bytes32, options?: { readonly signal?: AbortSignal }): Promise<void>
}

const POLL_MS = 2_000
const never = new AbortController().signal

export const createTenant = (options: TenantOptions): Tenant => {
  const { coordinatorUrl: url, signer, payment, deployment, clock, connect } = options
  const { fetch, onWait, pollMs = POLL_MS } = options
  const connection = createConnection({
    url,
    signer,
    deployment,
    clock,
    ...(fetch ? { fetch } : {}),
    ...(onWait ? { onWait } : {}),
  })
  const requester =
    payment.kind === 'market'
      ? marketRequester(payment, { ...payment, deployment, signer, connection }, clock)
      : depositRequester(payment, { deployment, signer, clock })

  const submit: Tenant['submit'] = async (trace, { signal = never } = {}) => {
    statementOf(trace)
    const handIn = await requester.prepare(trace, signal)
    const inputs = await Promise.all(trace.segments.map(inputBlob))
    const digests = inputs.map(({ digest }) => digest)
    const attempt = async () => {
      await upload(connection, inputs, signal)
      return connection.ask(signal, (api) => handIn(api, digests, signal))
    }
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'missing_blob') throw error
      // The coordinator tidied up in between.
      return attempt()
    }
  }

  const follow: Tenant['follow'] = (id, followOptions = {}) =>
    followBatch({ url, connection, clock, connect, pollMs }, id, followOptions)

  return {
    submit,
    follow,
    async prove(trace, followOptions = {}) {
      const id = await submit(trace, followOptions)
      return follow(id, { ...followOptions, asked: statementOf(trace) })
    },
    order: (id, { signal = never } = {}) =>
      connection.ask(signal, (api) => api.request({ params: { id }, signal })),
    cancel: (id, { signal = never } = {}) => requester.cancel(id, signal),
  }
}
