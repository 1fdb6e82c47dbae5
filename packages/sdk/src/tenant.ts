import {
  ApiError,
  type ApiEvent,
  type BatchView,
  type Connection,
  createConnection,
  type Deployment,
  type Opening,
  type Signer,
} from '@weft/api'
import { type Address, type Bytes32, type Statement, WeftError } from '@weft/protocol'
import { type InputBlob, inputBlob, signRequest, statementOf, type Trace } from './batch.js'
import { checkOpening } from './opening.js'
import type { Clock, Connect } from './ports.js'
import { watchEvents } from './watch.js'

export interface TenantOptions {
  readonly coordinatorUrl: string
  /** Signs for the tenant: its sequencer. */
  readonly signer: Signer
  /** The contract whose deposit pays. */
  readonly tenant: Address
  readonly deployment: Deployment
  readonly clock: Clock
  readonly fetch?: typeof fetch
  /** For news at once; without it, progress is polled. */
  readonly connect?: Connect
  /** Between two looks without news; 2,000 unless told. */
  readonly pollMs?: number
  /** For how long a signed request may be accepted; ten minutes unless told. */
  readonly acceptWithinMs?: number
  /** Told of every answer that has to be waited for. */
  readonly onWait?: (reason: WeftError) => void
}

export interface FollowOptions {
  readonly signal?: AbortSignal
  /** Told of every change. */
  readonly onProgress?: (batch: BatchView) => void
}

/**
 * What a tenant asks of a coordinator. All of it survives a coordinator that is away: it waits until the signal
 * aborts, and then rejects with the signal's reason. Everything is idempotent: the same trace is the same batch.
 */
export interface Tenant {
  /**
   * Has a trace proven and settled. Errors: `bad_segments`, `batch_failed`, `bad_opening`, `wrong_deployment`, and the
   * refusals of `submitBatch` that waiting does not change.
   */
  prove(trace: Trace, options?: FollowOptions): Promise<Opening>
  /** Hands a trace in; resolves with the batch's id as soon as it is accepted. */
  submit(trace: Trace, options?: { readonly signal?: AbortSignal }): Promise<Bytes32>
  /** Waits for a batch that was handed in before. With `asked`, the claim must be of that statement. */
  follow(batch: Bytes32, options?: FollowOptions & { readonly asked?: Statement }): Promise<Opening>
}

const progressOf = (view: BatchView) => `${view.state} ${view.jobs.map((job) => job.state).join()}`

/** Whether an event is a reason to look at the batch. */
const concerns = (event: ApiEvent, id: Bytes32, view: BatchView | null): boolean => {
  switch (event.type) {
    case 'quiet':
      return false
    case 'events_lost':
      return true
    case 'batch_state':
      return event.batch === id
    case 'aggregate_state':
      return event.batches.includes(id)
    case 'request_waits':
    case 'default':
      return event.request === id
    default:
      return view?.jobs.some((job) => job.id === event.job) ?? false
  }
}

const UPLOADS_AT_ONCE = 4
const never = new AbortController().signal

/** Uploads a few at a time. */
const upload = async (connection: Connection, blobs: readonly InputBlob[], signal: AbortSignal) => {
  const queue = [...new Map(blobs.map((blob) => [blob.digest, blob])).values()]
  const worker = async () => {
    for (let blob = queue.shift(); blob !== undefined; blob = queue.shift()) {
      const { digest, bytes } = blob
      await connection.ask(signal, (api) => api.putBlob({ params: { digest }, body: bytes, signal }))
    }
  }
  await Promise.all(Array.from({ length: UPLOADS_AT_ONCE }, worker))
}

export const createTenant = (options: TenantOptions): Tenant => {
  const { signer, tenant, deployment, clock } = options
  const { fetch, onWait } = options
  const connection = createConnection({
    url: options.coordinatorUrl,
    signer,
    deployment,
    clock,
    ...(fetch ? { fetch } : {}),
    ...(onWait ? { onWait } : {}),
  })

  const post = (trace: Trace, inputs: readonly InputBlob[], signal: AbortSignal) =>
    connection.ask(signal, async (api) => {
      const deadlineMs = clock.nowMs() + (options.acceptWithinMs ?? 600_000)
      const digests = inputs.map(({ digest }) => digest)
      const body = await signRequest(trace, digests, { tenant, deployment, signer, deadlineMs })
      return api.submitBatch({ body, signal })
    })

  const submit: Tenant['submit'] = async (trace, { signal = never } = {}) => {
    statementOf(trace)
    const inputs = await Promise.all(trace.segments.map(inputBlob))
    await upload(connection, inputs, signal)
    try {
      return (await post(trace, inputs, signal)).id
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'missing_blob') throw error
      // The coordinator tidied up in between.
      await upload(connection, inputs, signal)
      return (await post(trace, inputs, signal)).id
    }
  }

  /** Looks until the batch is settled; `wait` resolves when it is time for another look. */
  const settled = async (
    id: Bytes32,
    signal: AbortSignal,
    wait: () => Promise<void>,
    onLook: (batch: BatchView) => void,
  ): Promise<Opening> => {
    for (;;) {
      const view = await connection.ask(signal, (api) => api.batch({ params: { id }, signal }))
      onLook(view)
      if (view.state === 'failed') {
        throw new WeftError(
          'batch_failed',
          `the batch cannot be proven: ${view.reason ?? 'no reason given'}`,
          {
            batch: id,
            reason: view.reason,
          },
        )
      }
      if (view.state === 'settled') {
        return connection.ask(signal, (api) => api.opening({ params: { id }, signal }))
      }
      await wait()
    }
  }

  const follow: Tenant['follow'] = async (id, { signal = never, onProgress, asked } = {}) => {
    const over = new AbortController()
    const both = AbortSignal.any([signal, over.signal])
    const pauseMs = options.pollMs ?? 2_000
    const { connect } = options
    let news = new AbortController()
    let view: BatchView | null = null
    const onEvent = (event: ApiEvent) => {
      if (concerns(event, id, view)) news.abort()
    }
    const wait = async () => {
      await clock.sleep(pauseMs, AbortSignal.any([both, news.signal]))
      news = new AbortController()
    }
    const onLook = (seen: BatchView) => {
      if (view === null || progressOf(seen) !== progressOf(view)) onProgress?.(seen)
      view = seen
    }
    const watching =
      connect && watchEvents({ url: options.coordinatorUrl, connect, clock, signal: both, pauseMs, onEvent })
    try {
      return checkOpening(await settled(id, both, wait, onLook), asked ?? null)
    } finally {
      over.abort()
      await watching
    }
  }

  return {
    submit,
    follow,
    async prove(trace, followOptions = {}) {
      const id = await submit(trace, followOptions)
      return follow(id, { ...followOptions, asked: statementOf(trace) })
    },
  }
}
