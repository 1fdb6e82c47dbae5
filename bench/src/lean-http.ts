import { connect, type Socket } from 'node:net'

export interface LeanAnswer {
  readonly status: number
  readonly body: string
}

/** A keep-alive HTTP/1.1 connection with one request at a time. */
export interface LeanConnection {
  send(method: string, path: string, headers: string, body: Uint8Array): Promise<LeanAnswer>
  close(): void
}

const EMPTY = Buffer.alloc(0)

/** The first answer in these bytes, if all of it is there. Answers without a length have no body. */
const parse = (bytes: Buffer): LeanAnswer | null => {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return null
  const head = bytes.toString('latin1', 0, end)
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0)
  if (bytes.length < end + 4 + length) return null
  return { status: Number(head.slice(9, 12)), body: bytes.toString('utf8', end + 4, end + 4 + length) }
}

/**
 * The least a client can do: the benchmark shares its two cores with the nodes' process, and what it measures is
 * the coordinator. Understands only the answers that a coordinator gives to its nodes.
 */
export const openLean = (url: string): LeanConnection => {
  const { hostname, port, host } = new URL(url)
  const socket: Socket = connect({ host: hostname, port: Number(port), noDelay: true })
  let received: Buffer = EMPTY
  let waiting: { resolve: (answer: LeanAnswer) => void; reject: (error: Error) => void } | null = null
  socket.on('data', (chunk: Buffer) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
    const answer = parse(received)
    if (!answer) return
    received = EMPTY
    const { resolve } = waiting ?? { resolve: () => undefined }
    waiting = null
    resolve(answer)
  })
  const fail = (error: Error) => {
    waiting?.reject(error)
    waiting = null
  }
  socket.on('error', fail)
  socket.on('close', () => fail(new Error('the coordinator closed the connection')))
  return {
    send: (method, path, headers, body) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject }
        const head = `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\n${headers}content-length: ${body.length}\r\n\r\n`
        socket.cork()
        socket.write(head, 'latin1')
        if (body.length > 0) socket.write(body)
        socket.uncork()
      }),
    close: () => socket.destroy(),
  }
}
