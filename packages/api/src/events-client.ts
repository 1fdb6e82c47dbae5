import { type ApiEvent, event } from './event.js'
import { EVENTS_PATH } from './routes.js'

/** The part of a WebSocket that is used: the browser's, or the `ws` package's in Node 20. */
export interface EventSocket {
  addEventListener(type: 'message', listener: (message: { data: unknown }) => void): void
  addEventListener(type: 'close' | 'error', listener: () => void): void
  close(): void
}

export interface FollowOptions {
  /** Of the coordinator, without `/v1`. */
  readonly url: string
  readonly connect: (url: string) => EventSocket
  /** Sequence number of the last event seen; without it only what happens from now on is told. */
  readonly since?: number
  readonly signal?: AbortSignal
}

/**
 * Events in order, until the connection is lost or `signal` aborts; call again with `since` to go on.
 * Events of a type that this version does not know are left out.
 */
export async function* followEvents(options: FollowOptions): AsyncGenerator<ApiEvent, void, void> {
  const base = options.url.replace(/\/+$/, '').replace(/^http/, 'ws')
  const since = options.since === undefined ? '' : `?since=${options.since}`
  const queue: ApiEvent[] = []
  let open = true
  let wake: () => void = () => undefined
  const socket = options.connect(base + EVENTS_PATH + since)
  const end = () => {
    open = false
    wake()
  }
  socket.addEventListener('message', ({ data }) => {
    const parsed = event.safeParse(parseJson(data))
    if (parsed.success) queue.push(parsed.data)
    wake()
  })
  socket.addEventListener('close', end)
  socket.addEventListener('error', end)
  options.signal?.addEventListener('abort', end, { once: true })
  if (options.signal?.aborted) end()
  try {
    for (;;) {
      const next = queue.shift()
      if (next) yield next
      else if (!open) return
      else {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    }
  } finally {
    options.signal?.removeEventListener('abort', end)
    socket.close()
  }
}

const parseJson = (data: unknown): unknown => {
  if (typeof data !== 'string') return undefined
  try {
    return JSON.parse(data)
  } catch {
    return undefined
  }
}
