import { ApiError, type ApiEvent, EVENTS_PATH, toWire } from '@weft/api'
import type { FastifyInstance } from 'fastify'
import type { WebSocket } from 'ws'
import type { Context } from '../context.js'

/** A reader that is further behind is cut off; it resumes by its last sequence number. */
const MAX_BUFFERED_BYTES = 4 * 2 ** 20

const QUIET_MS = 15_000

/** The close code for "try again later". */
const OVERLOADED = 1013

/** Serves the events to whoever listens. Returns a function that ends all connections. */
export const serveEvents = (app: FastifyInstance, { events, deps, limits }: Context): (() => void) => {
  const sockets = new Set<WebSocket>()

  const send = (socket: WebSocket, event: ApiEvent) => {
    if (socket.bufferedAmount > MAX_BUFFERED_BYTES) return socket.close(OVERLOADED, 'too far behind')
    socket.send(toWire(event))
  }

  /** Says every now and then that the connection lives. */
  const keepAlive = (socket: WebSocket): (() => void) => {
    let cancel: () => void = () => undefined
    const again = () => {
      send(socket, { type: 'quiet', seq: events.lastSeq, atMs: deps.clock.nowMs() })
      cancel = deps.clock.after(QUIET_MS, again)
    }
    cancel = deps.clock.after(QUIET_MS, again)
    return () => cancel()
  }

  app.get(EVENTS_PATH, { websocket: true }, (socket: WebSocket, request) => {
    const since = (request.query as { since?: string }).since
    if (since !== undefined && !/^[0-9]{1,16}$/.test(since)) return socket.close(1008, 'bad_request: since')
    if (sockets.size >= limits.maxWatchers) return socket.close(OVERLOADED, 'too many listeners')
    sockets.add(socket)
    if (since !== undefined) for (const event of events.after(Number(since))) send(socket, event)
    const stop = events.listen((event) => send(socket, event))
    const stopKeepAlive = keepAlive(socket)
    socket.on('error', () => socket.terminate())
    socket.on('close', () => {
      sockets.delete(socket)
      stop()
      stopKeepAlive()
    })
    // Nothing is expected from a listener.
    socket.on('message', () => socket.close(1008, 'listeners do not speak'))
  })
  // The same path without an upgrade.
  app.addHook('onRequest', async (request) => {
    if (request.routeOptions.url === EVENTS_PATH && !request.ws) {
      throw new ApiError('bad_request', 'events are told over a WebSocket: connect with one')
    }
  })
  return () => {
    for (const socket of sockets) socket.close(1001, 'the coordinator stops')
  }
}
