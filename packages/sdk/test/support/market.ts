import { MERGED_SYSTEM, type Network, type OrderView, type SignedRequest, type Status } from '@weft/api'
import { GROTH16, requestId, tag, toAddress } from '@weft/protocol'
import { deployment } from './fixtures.js'
import { SYSTEM } from './programs.js'

export const market = toAddress(`0x${'3a'.repeat(20)}`)
const matcher = toAddress(`0x${'4b'.repeat(20)}`)
export const domain = { chainId: BigInt(deployment.chainId), contract: market }

/** What a coordinator with a market says of itself. */
export const network: Network = {
  ...{ version: '1', srs: 'dev', warning: null, system: SYSTEM, mergeProgram: tag('merge') },
  ...deployment,
  systems: [
    { name: MERGED_SYSTEM, id: SYSTEM },
    { name: 'groth16', id: GROTH16 },
  ],
  market: { contract: market, matcher, minStakeWei: 0n, revealS: 30 },
  windows: { aggregatedMs: 15_000, batchedMs: 30_000 },
  ...{ maxProofBytes: 1, maxInputBytes: 1, heartbeatMs: 1 },
}

/** One that has nothing to do. */
export const status: Status = {
  ...{ version: '1', srs: 'dev', warning: null, startedAtMs: 0, nodes: [], releasedLeases: 0 },
  jobs: { waiting: 0, ready: 0, leased: 0, proven: 0 },
  batches: { proving: 0, aggregating: 0, settling: 0, settled: 0, failed: 0 },
  aggregates: { open: 0, proving: 0, settling: 0, settled: 0 },
  ...{ storage: true, settlementWaits: null },
}

/** A request that nobody is found for. */
export const orderOf = (one: SignedRequest, state: OrderView['state']): OrderView => ({
  id: requestId(domain, one.request),
  ...{ request: one.request, post: one.post, provers: one.provers, state },
  batch: state === 'settled' || state === 'failed' ? state : 'proving',
  ...{ acceptedAtMs: 0, policy: 'order-book', limitPriceWei: 1n, reservedWei: 0n, waits: null, jobs: [] },
  l1Tx: null,
})
