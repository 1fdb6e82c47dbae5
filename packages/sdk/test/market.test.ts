import {
  ApiError,
  type Network,
  type OrderView,
  type SignedRequest,
  signedCancellation,
  toWire,
} from '@weft/api'
import {
  type Address,
  allowedProversHash,
  type Bytes32,
  CANCELLATION,
  encodePolicy,
  REQUEST,
  requestId,
  tag,
  toAddress,
  typedData,
} from '@weft/protocol'
import {
  createTenant,
  type MarketPayment,
  maxTotalUpWei,
  type RequestTerms,
  requestFor,
  statementOf,
  type TenantOptions,
} from '@weft/sdk'
import { recoverTypedDataAddress } from 'viem'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { account, clock, deployment, opening, trace, view } from './support/fixtures.js'
import { createScriptedServer, type ScriptedServer } from './support/server.js'
import { createUploads } from './support/uploads.js'

const owner = toAddress(account.address)
const market = toAddress(`0x${'3a'.repeat(20)}`)
const matcher = toAddress(`0x${'4b'.repeat(20)}`)
const domain = { chainId: BigInt(deployment.chainId), contract: market }
const terms: RequestTerms = { maxPriceWei: 500n, segmentWork: 260_000n }
const FAILED = 'two provers found segment 2 unsatisfied'

const network = (changed: Partial<Network> = {}): Network => ({
  version: '1',
  ...deployment,
  srs: 'dev',
  warning: null,
  system: tag('system'),
  systems: [],
  mergeProgram: tag('merge'),
  market: { contract: market, matcher, minStakeWei: 0n, revealS: 30 },
  windows: { aggregatedMs: 1, batchedMs: 1 },
  maxProofBytes: 1,
  maxInputBytes: 1,
  heartbeatMs: 1,
  ...changed,
})

/** 1, 2, 3, … as sixteen bytes each. */
const counting = (): MarketPayment['random'] => {
  let count = 0
  return { bytes: (length) => new Uint8Array(length).fill(++count, length - 1) }
}

let server: ScriptedServer
let requests: SignedRequest[]
let states: Map<Bytes32, 'proving' | 'failed' | 'settled'>
let cancelled: Bytes32[]
let sessions: number

/** Takes a request as a coordinator does: one of a statement, unless it failed. */
const take = async (signed: SignedRequest) => {
  const id = requestId(domain, signed.request)
  const typed = typedData(domain, REQUEST, signed.request)
  const signer = await recoverTypedDataAddress({ ...typed, signature: signed.signature })
  if (toAddress(signer) !== owner) throw new ApiError('bad_signature', 'another account signed')
  const live = [...states].find(([, state]) => state !== 'failed')
  if (live) throw new ApiError('statement_taken', 'follow that one', { batch: live[0] })
  requests.push(signed)
  states.set(id, 'settled')
  return { id, jobs: 5 }
}

beforeEach(async () => {
  requests = []
  states = new Map()
  cancelled = []
  sessions = 0
  const { handlers, blobs } = createUploads()
  server = await createScriptedServer({
    ...handlers,
    openSession: async (request) => {
      sessions++
      return handlers.openSession?.(request) as never
    },
    network: () => network(),
    submitRequest: ({ body }) => {
      if (body.segments.some(({ inputs }: { inputs: string }) => !blobs.has(inputs)))
        throw new ApiError('missing_blob', 'upload it first')
      return take(body)
    },
    batch: ({ params }) => {
      const state = states.get(params.id as Bytes32) ?? 'proving'
      return { ...view(state), id: params.id as Bytes32 }
    },
    opening: () => opening(),
    cancelIntent: async ({ body }) => {
      const { signature, ...message } = signedCancellation.parse(body)
      const typed = typedData(domain, CANCELLATION, message)
      expect(toAddress(await recoverTypedDataAddress({ ...typed, signature }))).toBe(message.owner)
      cancelled.push(message.intent)
      return undefined
    },
  })
})
afterEach(() => server.close())

const start = (payment: Partial<MarketPayment> = {}, options: Partial<TenantOptions> = {}) =>
  createTenant({
    coordinatorUrl: server.url,
    signer: account,
    payment: { kind: 'market', market, terms, random: counting(), ...payment },
    deployment,
    clock,
    pollMs: 10,
    ...options,
  })

describe('a request', () => {
  it('is signed by its owner, matched by the coordinator, followed by its own id', async () => {
    const tenant = start()
    const id = await tenant.submit(trace)
    const [signed] = requests as [SignedRequest]
    expect(id).toBe(requestId(domain, signed.request))
    expect(signed).toMatchObject({ post: statementOf(trace).post, provers: [] })
    expect(signed.segments).toHaveLength(3)
    expect(signed.request).toMatchObject({ owner, program: trace.program, matcher, nonce: 1n })
    expect(await tenant.follow(id)).toEqual(opening())
    expect(await tenant.prove(trace)).toEqual(opening())
    expect(requests).toHaveLength(1)
  })

  it('is the one that is under way, where there is one', async () => {
    const first = await start().submit(trace)
    states.set(first, 'proving')
    expect(await start({ terms: { ...terms, maxPriceWei: 600n } }).submit(trace)).toBe(first)
    expect(requests).toHaveLength(1)
  })

  it('that failed is signed anew, under a new nonce', async () => {
    const tenant = start()
    states.set(await tenant.submit(trace), 'failed')
    await expect(tenant.follow([...states.keys()][0] as Bytes32)).rejects.toMatchObject({
      code: 'batch_failed',
      message: expect.stringContaining(FAILED),
    })
    expect(await tenant.prove(trace)).toEqual(opening())
    expect(requests.map(({ request }) => request.nonce)).toEqual([1n, 2n])
  })

  it('keeps its nonce however often its answer is lost', async () => {
    const signed: SignedRequest[] = []
    const { submitRequest } = server.handlers
    server.handlers.submitRequest = async (asked) => {
      const away = new ApiError('storage_unavailable', 'try again')
      if (signed.push(asked.body) === 1) throw away
      const answer = await submitRequest?.(asked)
      if (signed.length === 2) throw away
      return answer as never
    }
    const id = await start().submit(trace)
    expect(signed.map(({ request }) => request.nonce)).toEqual([1n, 1n, 1n])
    expect(id).toBe(requestId(domain, (requests[0] as SignedRequest).request))
  })

  it('can be of a contract that takes the signer’s word', async () => {
    const wallet = toAddress(`0x${'5c'.repeat(20)}`)
    await start({ owner: wallet }).submit(trace)
    expect(requests[0]?.request.owner).toBe(wallet)
  })

  it('is looked at and taken back', async () => {
    const id = tag('request')
    const order = { id, state: 'matching' } as OrderView
    server.handlers.request = ({ params }) => ({ ...JSON.parse(toWire(ORDER)), id: params.id }) as never
    expect(await start().order(id)).toMatchObject(order)
    await start().cancel(id)
    expect(cancelled).toEqual([id])
  })

  it.each(['order', 'cancel'] as const)('%s: what the coordinator refuses is passed on', async (what) => {
    const refuse = () => {
      throw new ApiError('unknown_intent', 'no such request')
    }
    server.handlers.request = refuse
    server.handlers.cancelIntent = refuse
    await expect(start()[what](tag('request'))).rejects.toMatchObject({ code: 'unknown_intent' })
  })

  it('says what to do about an empty account', async () => {
    server.handlers.submitRequest = () => {
      throw new ApiError('insufficient_balance', 'deposit the difference', { neededWei: '5' })
    }
    await expect(start().prove(trace)).rejects.toMatchObject({
      code: 'insufficient_balance',
      details: { neededWei: '5' },
    })
  })

  it('follows no id that is none', async () => {
    server.handlers.submitRequest = () => {
      throw new ApiError('statement_taken', 'follow that one', { batch: '../opening' })
    }
    await expect(start().prove(trace)).rejects.toMatchObject({ code: 'statement_taken' })
  })
})

describe('nothing is signed', () => {
  it.each<[string, Partial<Network>, string]>([
    ['another chain', { chainId: 1 }, 'wrong_deployment'],
    ['another settlement', { settlement: market }, 'wrong_deployment'],
    [
      'another market',
      { market: { contract: matcher, matcher, minStakeWei: 0n, revealS: 0 } },
      'wrong_deployment',
    ],
    ['deposits', { market: null }, 'no_market'],
  ])('for a coordinator of %s', async (_, changed, code) => {
    server.handlers.network = () => network(changed)
    await expect(start().prove(trace)).rejects.toMatchObject({ code })
    await expect(start().cancel(tag('request'))).rejects.toMatchObject({ code })
    expect([sessions, requests, cancelled]).toEqual([0, [], []])
  })

  it('under terms that cannot be', async () => {
    const bad = { ...terms, startPriceWei: 501n }
    await expect(start({ terms: bad }).prove(trace)).rejects.toMatchObject({ code: 'bad_terms' })
    expect(sessions).toBe(0)
  })

  it('to take back what a deposit pays for', async () => {
    const tenant = start({}, { payment: { kind: 'deposit', tenant: owner } })
    await expect(tenant.cancel(tag('batch'))).rejects.toMatchObject({ code: 'no_market' })
  })
})

const parties = { owner, matcher, nonce: 9n, nowMs: 1_700_000_000_999 }
const ORDER: OrderView = {
  id: tag('request'),
  request: requestFor(trace, terms, parties),
  post: statementOf(trace).post,
  provers: [],
  batch: 'proving',
  state: 'matching',
  acceptedAtMs: 0,
  policy: 'order-book',
  limitPriceWei: 1n,
  reservedWei: 0n,
  waits: null,
  jobs: [],
  l1Tx: null,
}

describe('terms', () => {
  it('have defaults', () => {
    expect(requestFor(trace, terms, parties)).toEqual({
      owner,
      program: trace.program,
      pre: statementOf(trace).pre,
      data: statementOf(trace).data,
      startPriceWei: 500n,
      maxPriceWei: 500n,
      // Three segments, two merges between them and less than one above: 6,030,000 units of work.
      maxTotalWei: 3_015n,
      offerDeadline: 1_700_000_600,
      proofDeadline: 1_700_003_600,
      collateralWei: 0n,
      policy: 0,
      delivery: 1,
      allowedProvers: allowedProversHash([]),
      matcher,
      nonce: 9n,
    })
  })

  it('can all be chosen', () => {
    const provers: Address[] = [owner, market]
    const chosen: RequestTerms = {
      maxPriceWei: 9n,
      startPriceWei: 1n,
      maxTotalWei: 77n,
      collateralWei: 5n,
      policy: 'race',
      curve: 'quadratic',
      winners: 3,
      delivery: 'individual',
      provers,
      offerWithinMs: 1_000,
      proveWithinMs: 2_000,
      matcher: null,
    }
    expect(requestFor(trace, chosen, parties)).toMatchObject({
      startPriceWei: 1n,
      maxPriceWei: 9n,
      maxTotalWei: 77n,
      collateralWei: 5n,
      offerDeadline: 1_700_000_001,
      proofDeadline: 1_700_000_002,
      policy: encodePolicy({ policy: 'race', curve: 'quadratic', winners: 3 }),
      delivery: 0,
      allowedProvers: allowedProversHash(provers),
      matcher: `0x${'00'.repeat(20)}`,
    })
    const named = requestFor(trace, { ...chosen, matcher: owner }, parties)
    expect(named.matcher).toBe(owner)
  })

  it.each<[string, Partial<RequestTerms>]>([
    ['a start above the maximum', { startPriceWei: 501n }],
    ['a negative price', { startPriceWei: -1n }],
    ['more than a uint96', { collateralWei: 2n ** 96n }],
    ['several winners of what is no race', { winners: 2 }],
    ['too many winners', { policy: 'race', winners: 17 }],
    ['no winner', { policy: 'race', winners: 0 }],
    ['a deadline that is no number', { proveWithinMs: Number.NaN }],
  ])('refuse %s', (_, changed) => {
    const bad = { ...terms, ...changed } as RequestTerms
    expect(() => requestFor(trace, bad, parties)).toThrow(expect.objectContaining({ code: 'bad_terms' }))
  })

  it('round the total up, for the provers', () => {
    expect(maxTotalUpWei(1n, 1, 1n)).toBe(2n)
    expect(maxTotalUpWei(0n, 100, 260_000n)).toBe(0n)
    expect(maxTotalUpWei(1_000_000n, 2, 250_000n)).toBe(4_000_000n)
  })
})
