import {
  ApiError,
  type ConnectionOptions,
  createConnection,
  type ErrorCode,
  type Signer,
  toWire,
} from '@weft/api'
import { toAddress, uintToBytes32 } from '@weft/protocol'
import { describe, expect, it } from 'vitest'

const deployment = { chainId: 31337, settlement: toAddress(`0x${'5e'.repeat(20)}`) }
const never = new AbortController().signal
const capabilities = {
  name: 'n',
  version: '1',
  srs: 'dev',
  threads: 1,
  memoryBytes: 1,
  maxGates: 1,
  gatesPerSecond: 1,
} as const

/** A coordinator that answers from memory, and a connection to it; time passes at once, and is written down. */
const start = (changed: Partial<ConnectionOptions> = {}) => {
  const calls: string[] = []
  const pausesMs: number[] = []
  const refusals: { code: ErrorCode; details?: Record<string, number> }[] = []
  const signed: object[] = []
  const world = { calls, pausesMs, refusals, signed, token: 'first' }

  const answer = (path: string, authorization: string | null): object | null => {
    const refusal = refusals.shift()
    if (refusal) throw new ApiError(refusal.code, 'refused', refusal.details ?? {})
    if (path === '/v1/challenge') return { nonce: uintToBytes32(1n), expiresAtMs: 1, ...deployment }
    if (path === '/v1/sessions') return { token: world.token, expiresAtMs: 1 }
    if (authorization !== `Bearer ${world.token}`) throw new ApiError('unauthenticated', 'open a session')
    return null
  }
  const send: typeof fetch = async (url, init) => {
    const { pathname } = new URL(String(url))
    calls.push(pathname)
    try {
      const body = answer(pathname, new Headers(init?.headers).get('authorization'))
      return body ? new Response(toWire(body)) : new Response(null, { status: 204 })
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      return new Response(toWire({ error: error.toJSON() }), { status: error.status })
    }
  }
  const signer: Signer = {
    address: toAddress(`0x${'aa'.repeat(20)}`),
    signTypedData: async (message: object) => {
      signed.push(message)
      return '0x1234'
    },
  }
  const clock = {
    sleep: (ms: number, signal: AbortSignal) => {
      // A session's deadline never comes.
      if (signal !== never) return new Promise<void>(() => undefined)
      pausesMs.push(ms)
      return Promise.resolve()
    },
  }
  const url = 'http://coordinator.test'
  return {
    ...world,
    world,
    connection: createConnection({ url, signer, deployment, clock, fetch: send, ...changed }),
  }
}

describe('a connection', () => {
  it('opens one session for all the calls that need it, and again when it is over', async () => {
    const { connection, calls, signed, world } = start()
    const lease = () => connection.once((api) => api.lease({ query: {} }))
    await Promise.all([lease(), lease(), lease()])
    expect(signed).toHaveLength(1)
    expect(calls.filter((path) => path === '/v1/sessions')).toHaveLength(1)
    await lease()
    expect(signed).toHaveLength(1)
    world.token = 'second'
    await lease()
    expect(signed).toHaveLength(2)
  })

  it('does what every session begins with before the calls that wait for it', async () => {
    const { connection, calls } = start({
      onSession: async (api, signal) => {
        await api.registerNode({ body: { ...capabilities, systems: ['ultrahonk'] }, signal })
      },
    })
    await connection.once((api) => api.lease({ query: {} }))
    expect(calls).toEqual(['/v1/leases', '/v1/challenge', '/v1/sessions', '/v1/nodes', '/v1/leases'])
  })

  it('signs for no other deployment', async () => {
    const { connection, signed } = start({ deployment: { ...deployment, chainId: 1 } })
    await expect(connection.once((api) => api.lease({ query: {} }))).rejects.toMatchObject({
      code: 'wrong_deployment',
    })
    expect(signed).toEqual([])
  })

  it('tries again with growing pauses, no shorter than it is asked for, and tells why', async () => {
    const told: string[] = []
    const { connection, refusals, pausesMs } = start({ onWait: ({ code }) => told.push(code) })
    refusals.push(...Array(7).fill({ code: 'l1_unavailable' }), {
      code: 'rate_limited',
      details: { retryAfterMs: 60_000 },
    })
    await connection.ask(never, (api) => api.challenge())
    expect(pausesMs).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000, 60_000])
    expect(told).toEqual([...Array(7).fill('l1_unavailable'), 'rate_limited'])
  })

  it('passes on what waiting does not change, and an end that it is told', async () => {
    const { connection, refusals, pausesMs } = start()
    refusals.push({ code: 'bad_request' })
    await expect(connection.ask(never, (api) => api.challenge())).rejects.toMatchObject({
      code: 'bad_request',
    })
    await expect(
      connection.ask(AbortSignal.abort(new Error('enough')), (api) => api.challenge()),
    ).rejects.toThrow('enough')
    expect(pausesMs).toEqual([])
  })
})
