import { setTimeout as delay } from 'node:timers/promises'
import { ApiError, type BatchView, batchTypedData, type EventSocket, type Opening } from '@weft/api'
import { claimHash, tag, ZERO_BYTES32 } from '@weft/protocol'
import { createTenant, type TenantOptions, type Trace } from '@weft/sdk'
import { recoverTypedDataAddress } from 'viem'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { account, BATCH, claim, clock, deployment, opening, tenant, trace, view } from './support/fixtures.js'
import { createScriptedServer, type Handlers, type ScriptedServer } from './support/server.js'
import { createUploads } from './support/uploads.js'

let blobs: Map<string, Buffer>
let requests: Record<string, number>
let server: ScriptedServer
let views: BatchView[]

/** Counts, then answers. */
const counted = (handlers: Handlers): Handlers =>
  Object.fromEntries(
    Object.entries(handlers).map(([name, handler]) => [
      name,
      (request: never) => {
        requests[name] = (requests[name] ?? 0) + 1
        return (handler as (r: never) => unknown)(request)
      },
    ]),
  )

beforeEach(async () => {
  const uploads = createUploads()
  blobs = uploads.blobs
  requests = {}
  views = [view('proving'), view('proving', 1), view('settling', 1), view('settled', 1)]
  server = await createScriptedServer(
    counted({
      ...uploads.handlers,
      submitBatch: async ({ body }) => {
        const missing = body.segments.find((s: { inputs: string }) => !blobs.has(s.inputs))
        if (missing) throw new ApiError('missing_blob', 'upload it first')
        const signer = await recoverTypedDataAddress({
          ...batchTypedData(deployment, body),
          signature: body.signature,
        })
        if (signer !== account.address) throw new ApiError('not_sequencer', 'another account signed')
        return { id: BATCH, jobs: 5 }
      },
      batch: () => (views.length > 1 ? (views.shift() as BatchView) : (views[0] as BatchView)),
      opening: () => opening(),
    }),
  )
})
afterEach(() => server.close())

const start = (options: Partial<TenantOptions> = {}) =>
  createTenant({
    coordinatorUrl: server.url,
    signer: account,
    payment: { kind: 'deposit', tenant },
    deployment,
    clock,
    pollMs: 10,
    ...options,
  })

describe('a tenant', () => {
  it('uploads, signs, follows and returns the opening', async () => {
    const seen: string[] = []
    const result = await start().prove(trace, { onProgress: (b) => seen.push(`${b.state} ${b.proven}`) })
    expect(result).toEqual(opening())
    expect(seen).toEqual(['proving 0', 'proving 1', 'settling 1', 'settled 1'])
    expect([...blobs.values()].map((b) => JSON.parse(b.toString()))).toEqual(
      trace.segments.map((s) => s.inputs),
    )
    expect(requests).toMatchObject({ openSession: 1, submitBatch: 1 })
  })

  it('follows by id alone', async () => {
    expect(await start().follow(BATCH)).toEqual(opening())
    expect(requests.submitBatch).toBeUndefined()
  })

  it('uploads again what the coordinator has tidied away', async () => {
    const submit = server.handlers.submitBatch
    server.handlers.submitBatch = async (request) => {
      if (requests.submitBatch === undefined) blobs.clear()
      return submit?.(request) as never
    }
    expect(await start().submit(trace)).toBe(BATCH)
    expect(blobs.size).toBe(3)
    expect(requests.submitBatch).toBe(2)
  })

  it('waits for a coordinator that is away and goes on', async () => {
    const port = Number(new URL(server.url).port)
    const { handlers } = server
    await server.close()
    const reasons: string[] = []
    const proving = start({ onWait: ({ code }) => reasons.push(code) }).prove(trace)
    while (reasons.length < 2) await delay(5)
    server = await createScriptedServer(handlers, port)
    expect(await proving).toEqual(opening())
    expect(new Set(reasons)).toEqual(new Set(['coordinator_unreachable']))
  })

  it('looks at once when an event concerns its batch', async () => {
    const connect = (url: string) => new WebSocket(url) as unknown as EventSocket
    const patient = {
      ...clock,
      sleep: (ms: number, signal: AbortSignal) => delay(ms, undefined, { signal }).catch(() => undefined),
    }
    const following = start({ connect, clock: patient, pollMs: 3_600_000 }).follow(BATCH)
    while (server.sockets.size === 0 || requests.batch === undefined) await delay(5)
    const job = {
      job: tag('foreign'),
      kind: 'segment',
      target: 'recursive',
      lease: 'l',
      prover: tenant,
      node: 'n',
    } as const
    server.tell({ seq: 1, atMs: 0, type: 'job_leased', ...job })
    server.tell({
      seq: 2,
      atMs: 0,
      type: 'batch_state',
      batch: tag('another'),
      state: 'settled',
      reason: null,
    })
    for (let seq = 3; requests.batch < 4; seq++) {
      const looks: number = requests.batch
      server.tell({ seq, atMs: 0, type: 'batch_state', batch: BATCH, state: 'settling', reason: null })
      while (requests.batch === looks) await delay(5)
    }
    expect(await following).toEqual(opening())
    expect(requests.batch).toBe(4)
  })

  it('stops when its signal aborts', async () => {
    views = [view('proving')]
    const stop = new AbortController()
    const following = start().follow(BATCH, {
      signal: stop.signal,
      onProgress: () => stop.abort(new Error('enough')),
    })
    await expect(following).rejects.toThrow('enough')
  })
})

describe('refusals', () => {
  it('tells why a batch failed', async () => {
    views = [view('failed')]
    await expect(start().prove(trace)).rejects.toMatchObject({
      code: 'batch_failed',
      message: expect.stringContaining('segment 2 unsatisfied'),
    })
  })

  it('passes on what waiting does not change', async () => {
    server.handlers.submitBatch = () => {
      throw new ApiError('insufficient_funds', 'deposit more', { neededWei: '5' })
    }
    await expect(start().prove(trace)).rejects.toMatchObject({
      code: 'insufficient_funds',
      details: { neededWei: '5' },
    })
  })

  it('signs for no other deployment', async () => {
    await expect(start({ deployment: { ...deployment, chainId: 1 } }).prove(trace)).rejects.toMatchObject({
      code: 'wrong_deployment',
    })
    expect(requests.openSession).toBeUndefined()
  })

  it('takes no trace with a gap', async () => {
    const [a, , c] = trace.segments
    const gap = { ...trace, segments: [a, c] as Trace['segments'] }
    await expect(start().prove(gap)).rejects.toMatchObject({ code: 'bad_segments' })
    await expect(start().prove({ ...trace, segments: [] })).rejects.toMatchObject({ code: 'bad_segments' })
    expect(requests).toEqual({})
  })

  it.each<[string, Partial<Opening>]>([
    ['another claims root', { claimsRoot: ZERO_BYTES32 }],
    ['another index', { index: 0n }],
    ['an index outside the tree', { index: 3n }],
    ['more work', { claim: { ...claim, work: 10n } }],
  ])('believes no opening with %s', async (_, changed) => {
    server.handlers.opening = () => opening(changed)
    await expect(start().prove(trace)).rejects.toMatchObject({ code: 'bad_opening' })
  })

  it('believes no opening of another statement', async () => {
    const foreign = { ...claim, post: tag('elsewhere') }
    const alone = { claim: foreign, claimsRoot: claimHash(foreign), index: 0n, siblings: [], count: 1 }
    server.handlers.opening = () => opening(alone)
    await expect(start().prove(trace)).rejects.toMatchObject({ code: 'bad_opening' })
    expect(await start().follow(BATCH)).toMatchObject(alone)
  })
})
