import type { ApiEvent, BatchView, Connection, Opening } from '@weft/api'
import { type Bytes32, type Statement, WeftError } from '@weft/protocol'
import { checkOpening, claimOpening } from './opening.js'
import type { Clock, Connect } from './ports.js'
import { watchEvents } from './watch.js'

export interface FollowOptions {
  readonly signal?: AbortSignal
  /** Told of every change. */
  readonly onProgress?: (batch: BatchView) => void
}

export interface FollowDeps {
  readonly url: string
  readonly connection: Connection
  readonly clock: Clock
  readonly connect: Connect | undefined
  readonly pollMs: number
}

const never = new AbortController().signal

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

const failed = (batch: Bytes32, reason: string | null) =>
  new WeftError('batch_failed', `the batch cannot be proven: ${reason ?? 'no reason given'}`, {
    batch,
    reason,
  })

/** Looks until the batch is settled; `wait` resolves when it is time for another look. */
const settled = async (
  connection: Connection,
  id: Bytes32,
  signal: AbortSignal,
  wait: () => Promise<void>,
  onLook: (batch: BatchView) => void,
): Promise<Opening> => {
  for (;;) {
    const view = await connection.ask(signal, (api) => api.batch({ params: { id }, signal }))
    onLook(view)
    if (view.state === 'failed') throw failed(id, view.reason)
    if (view.state === 'settled') {
      return claimOpening(await connection.ask(signal, (api) => api.opening({ params: { id }, signal })))
    }
    await wait()
  }
}

/** Waits for a batch; with `asked`, its claim must be of that statement. See `Tenant.follow`. */
export const followBatch = async (
  { url, connection, clock, connect, pollMs }: FollowDeps,
  id: Bytes32,
  { signal = never, onProgress, asked }: FollowOptions & { readonly asked?: Statement },
): Promise<Opening> => {
  const over = new AbortController()
  const both = AbortSignal.any([signal, over.signal])
  let news = new AbortController()
  let view: BatchView | null = null
  const onEvent = (event: ApiEvent) => {
    if (concerns(event, id, view)) news.abort()
  }
  const wait = async () => {
    await clock.sleep(pollMs, AbortSignal.any([both, news.signal]))
    news = new AbortController()
  }
  const onLook = (seen: BatchView) => {
    if (view === null || progressOf(seen) !== progressOf(view)) onProgress?.(seen)
    view = seen
  }
  const watching = connect && watchEvents({ url, connect, clock, signal: both, pauseMs: pollMs, onEvent })
  try {
    return checkOpening(await settled(connection, id, both, wait, onLook), asked ?? null)
  } finally {
    over.abort()
    await watching
  }
}
