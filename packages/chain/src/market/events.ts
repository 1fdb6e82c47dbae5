import { abis } from '@weft/contracts'
import { type Address, type Bytes32, type Request, toAddress } from '@weft/protocol'
import type { L1Client } from '../client.js'
import { eventOf, logsInParts } from '../logs.js'
import type { MarketAddresses } from './addresses.js'
import { type SkipReason, skipReasonOf } from './skipped.js'

/** Where an event happened. */
export interface EventPlace {
  readonly blockNumber: bigint
  readonly transaction: Bytes32
}

/** A request that was put on L1 with its maximum total. */
export interface RequestPosted extends EventPlace {
  readonly id: Bytes32
  readonly request: Request
}

/** A request that was paid for, or another part of it from what was held. */
export interface OrderSettled extends EventPlace {
  /** Id. */
  readonly request: Bytes32
  readonly owner: Address
  readonly claimsRoot: Bytes32
  /** For the claim's own entries, and for the parallel merges above it. */
  readonly paidWei: bigint
  readonly sharedWei: bigint
  /** Still held for entries that were not shown. */
  readonly heldWei: bigint
}

/** A request that a settlement of many passed over. */
export interface OrderSkipped extends EventPlace {
  /** Id. */
  readonly request: Bytes32
  readonly reason: SkipReason
}

/** A commitment whose job a runner-up has proven. */
export interface CommitmentAccused extends EventPlace {
  readonly commitment: Bytes32
  readonly prover: Address
  readonly rescuer: Address
  /** Unix seconds until when the prover can answer. */
  readonly until: number
}

/** A commitment that was broken, and what its prover lost. */
export interface CommitmentDefaulted extends EventPlace {
  readonly commitment: Bytes32
  readonly prover: Address
  readonly rescuer: Address
  readonly collateralWei: bigint
  readonly stakeWei: bigint
}

/** Events of the blocks given, both included, in order. Errors of all: `l1_unavailable`, `l1_reverted`, see `read`. */
export interface MarketEvents {
  postedRequests(fromBlock: bigint, toBlock: bigint): Promise<RequestPosted[]>
  /** Of all requests, or of some. */
  settledOrders(fromBlock: bigint, toBlock: bigint, requests?: readonly Bytes32[]): Promise<OrderSettled[]>
  skippedOrders(fromBlock: bigint, toBlock: bigint, requests?: readonly Bytes32[]): Promise<OrderSkipped[]>
  /** Of all provers, or of one. */
  accusedCommitments(fromBlock: bigint, toBlock: bigint, prover?: Address): Promise<CommitmentAccused[]>
  convictedCommitments(fromBlock: bigint, toBlock: bigint, prover?: Address): Promise<CommitmentDefaulted[]>
}

const POSTED = eventOf(abis.Market, 'RequestPosted')
const SETTLED = eventOf(abis.Market, 'OrderSettled')
const SKIPPED = eventOf(abis.Market, 'OrderSkipped')
const ACCUSED = eventOf(abis.Defaults, 'CommitmentAccused')
const DEFAULTED = eventOf(abis.Defaults, 'CommitmentDefaulted')

const placeOf = (log: { blockNumber: bigint; transactionHash: Bytes32 }): EventPlace => ({
  blockNumber: log.blockNumber,
  transaction: log.transactionHash,
})

export const marketEvents = (
  client: L1Client,
  { market, defaults }: Pick<MarketAddresses, 'market' | 'defaults'>,
): MarketEvents => ({
  async postedRequests(fromBlock, toBlock) {
    const filter = { address: market, event: POSTED, strict: true } as const
    const logs = await logsInParts(fromBlock, toBlock, (from, to) =>
      client.getLogs({ ...filter, fromBlock: from, toBlock: to }),
    )
    return logs.map((log) => {
      const { id, request } = log.args
      const [owner, matcher] = [toAddress(request.owner), toAddress(request.matcher)]
      return { ...placeOf(log), id, request: { ...request, owner, matcher } }
    })
  },
  async settledOrders(fromBlock, toBlock, requests) {
    if (requests?.length === 0) return []
    const args = requests ? { request: [...requests] } : {}
    const filter = { address: market, event: SETTLED, args, strict: true } as const
    const logs = await logsInParts(fromBlock, toBlock, (from, to) =>
      client.getLogs({ ...filter, fromBlock: from, toBlock: to }),
    )
    return logs.map((log) => ({ ...placeOf(log), ...log.args, owner: toAddress(log.args.owner) }))
  },
  async skippedOrders(fromBlock, toBlock, requests) {
    if (requests?.length === 0) return []
    const args = requests ? { request: [...requests] } : {}
    const filter = { address: market, event: SKIPPED, args, strict: true } as const
    const logs = await logsInParts(fromBlock, toBlock, (from, to) =>
      client.getLogs({ ...filter, fromBlock: from, toBlock: to }),
    )
    return logs.map((log) => ({
      ...placeOf(log),
      request: log.args.request,
      reason: skipReasonOf(log.args.reason),
    }))
  },
  async accusedCommitments(fromBlock, toBlock, prover) {
    const args = prover ? { prover } : {}
    const filter = { address: defaults, event: ACCUSED, args, strict: true } as const
    const logs = await logsInParts(fromBlock, toBlock, (from, to) =>
      client.getLogs({ ...filter, fromBlock: from, toBlock: to }),
    )
    return logs.map((log) => ({
      ...placeOf(log),
      commitment: log.args.commitment,
      prover: toAddress(log.args.prover),
      rescuer: toAddress(log.args.rescuer),
      until: Number(log.args.until),
    }))
  },
  async convictedCommitments(fromBlock, toBlock, prover) {
    const args = prover ? { prover } : {}
    const filter = { address: defaults, event: DEFAULTED, args, strict: true } as const
    const logs = await logsInParts(fromBlock, toBlock, (from, to) =>
      client.getLogs({ ...filter, fromBlock: from, toBlock: to }),
    )
    return logs.map((log) => ({
      ...placeOf(log),
      ...log.args,
      prover: toAddress(log.args.prover),
      rescuer: toAddress(log.args.rescuer),
    }))
  },
})
