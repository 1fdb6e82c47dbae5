import {
  ApiError,
  type BatchView,
  type OfferView,
  type OrderView,
  type SignedRequest,
  sessionTypedData,
} from '@weft/api'
import type { SettlementAddresses } from '@weft/chain'
import {
  type Address,
  type Bytes32,
  CANCELLATION,
  type Claim,
  claimHash,
  dataRoot,
  type MarketDomain,
  REQUEST,
  requestId,
  tag,
  toAddress,
  typedData,
  uintToBytes32,
} from '@weft/protocol'
import { recoverTypedDataAddress } from 'viem'
import { expect } from 'vitest'
import type { Handlers } from '../../../packages/sdk/test/support/server.js'
import { TRACE } from './trace.js'

export const PROVER = toAddress(`0x${'9a'.repeat(20)}`)
export const MATCHER = toAddress(`0x${'4b'.repeat(20)}`)
export const L1_TX = tag('test.tx')
const segments = TRACE.segments
/** What the trace's proof says. */
export const CLAIM: Claim = {
  program: TRACE.program,
  pre: segments[0]?.pre as Bytes32,
  post: segments.at(-1)?.post as Bytes32,
  data: dataRoot(segments.map(({ data }) => data)),
  work: 9n,
  payouts: tag('payouts'),
}

/** What a scripted coordinator was told, and what it says of its one request. */
export interface Script {
  signed: SignedRequest | null
  /** One for each look; the last one stays. */
  states: OrderView['state'][]
  cancelled: { owner: Address; intent: Bytes32 }[]
  queries: Record<string, string>[]
}

export const newScript = (): Script => ({
  signed: null,
  states: ['matching', 'matching', 'proving', 'settled'],
  cancelled: [],
  queries: [],
})

const offer = (n: bigint): OfferView => ({
  id: uintToBytes32(n),
  offer: {
    prover: PROVER,
    target: TRACE.program,
    priceWei: n,
    turnaroundMs: 1_500n,
    capacity: 1,
    collateralWei: 0n,
    expiry: 1_800_000_000,
    nonce: n,
  },
  roomWork: 9,
})

const jobOf = (state: OrderView['state']): OrderView['jobs'][number] => {
  const isMatched = state !== 'matching'
  return {
    job: tag('job'),
    kind: 'segment',
    work: 260_000n,
    commitments: [],
    state: state === 'settled' ? 'proven' : isMatched ? 'matched' : 'unmatched',
    ranks: isMatched ? [{ prover: PROVER, priceWei: 7n, rank: 0 }] : [],
    prover: state === 'settled' ? PROVER : null,
  }
}

export const orderIn = (domain: MarketDomain, { signed }: Script, state: OrderView['state']): OrderView => {
  if (signed === null) throw new ApiError('unknown_intent', 'no such request here')
  return {
    id: requestId(domain, signed.request),
    request: signed.request,
    post: signed.post,
    provers: signed.provers,
    batch: state === 'failed' || state === 'settled' ? state : 'proving',
    state,
    acceptedAtMs: 0,
    policy: 'order-book',
    limitPriceWei: 10n,
    reservedWei: 5n,
    waits: state === 'matching' ? 'no offer meets the request yet' : null,
    jobs: [jobOf(state)],
    l1Tx: state === 'settled' ? L1_TX : null,
  }
}

const batchOf = ({ id, request }: OrderView, isFailed: boolean): BatchView => ({
  id,
  tenant: request.owner,
  program: request.program,
  state: isFailed ? 'failed' : 'settled',
  reason: isFailed ? 'nobody offered' : null,
  acceptedAtMs: 0,
  segments: segments.length,
  jobs: [],
  proven: 0,
  aggregate: null,
  l1Tx: L1_TX,
})

/** A coordinator of one market that checks every signature and follows a script. */
export const handlersOf = (
  domain: MarketDomain,
  { settlement }: Pick<SettlementAddresses, 'settlement'>,
  script: () => Script,
): Handlers => {
  const deployment = { chainId: Number(domain.chainId), settlement }
  const order = (state: OrderView['state']) => orderIn(domain, script(), state)
  return {
    challenge: () => ({ nonce: tag('nonce'), expiresAtMs: Date.now() + 60_000, ...deployment }),
    openSession: async ({ body }) => {
      const typed = sessionTypedData(deployment, body.address, tag('nonce'))
      const signer = await recoverTypedDataAddress({ ...typed, signature: body.signature })
      expect(toAddress(signer)).toBe(body.address)
      return { token: 'secret', expiresAtMs: Date.now() + 60_000 }
    },
    network: () => ({
      ...{
        version: '1',
        srs: 'dev',
        warning: null,
        system: tag('system'),
        systems: [],
        mergeProgram: tag('merge'),
      },
      ...deployment,
      market: { contract: domain.contract, matcher: MATCHER, minStakeWei: 0n, revealS: 30 },
      windows: { aggregatedMs: 15_000, batchedMs: 30_000 },
      ...{ maxProofBytes: 1, maxInputBytes: 1, heartbeatMs: 1 },
    }),
    program: ({ params }) => {
      if (params.id !== TRACE.program) throw new ApiError('unknown_program', 'no such program')
      const hash = tag('hash')
      const sizes = {
        system: 'ultrahonk',
        gates: 1,
        work: 260_000n,
        artifact: hash,
        key: hash,
        keyHash: hash,
      }
      return { id: TRACE.program, name: 'test', ...sizes }
    },
    putBlob: () => undefined,
    submitRequest: async ({ body }) => {
      const typed = typedData(domain, REQUEST, body.request)
      const signer = await recoverTypedDataAddress({ ...typed, signature: body.signature })
      expect(toAddress(signer)).toBe(body.request.owner)
      script().signed = body
      return { id: requestId(domain, body.request), jobs: 5 }
    },
    request: () => {
      const { states } = script()
      return order((states.length > 1 ? states.shift() : states[0]) as OrderView['state'])
    },
    requests: ({ query }) => {
      script().queries.push(query)
      const { jobs: _, ...summary } = order('proving')
      return [summary]
    },
    batch: () => batchOf(order('settled'), script().states[0] === 'failed'),
    opening: () => ({
      ...{ claim: CLAIM, claimsRoot: claimHash(CLAIM), index: 0n, siblings: [], count: 1, l1Tx: L1_TX },
    }),
    offers: ({ query }) => {
      script().queries.push(query)
      return [offer(1n), offer(2n)]
    },
    cancelIntent: async ({ body }) => {
      const { signature, ...message } = body
      const typed = typedData(domain, CANCELLATION, message)
      expect(toAddress(await recoverTypedDataAddress({ ...typed, signature }))).toBe(message.owner)
      script().cancelled.push(message)
      return undefined
    },
  }
}
