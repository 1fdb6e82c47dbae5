import { abis } from '@weft/contracts'
import { type Address, type Bytes32, toAddress } from '@weft/protocol'
import type { L1Client } from './client.js'
import { eventOf, logsInParts } from './logs.js'
import { read } from './read.js'

/** What a pool has collected and paid out of it. */
export interface PoolState {
  readonly collectedWei: bigint
  readonly paidWei: bigint
}

export interface DepositState {
  readonly balanceWei: bigint
  /** Announced to leave; still chargeable. What a prover can count on is `balanceWei - leavingWei`. */
  readonly leavingWei: bigint
}

/** An opening as its event tells it. */
export interface Opened {
  readonly tenant: Address
  readonly claimHash: Bytes32
  readonly claimsRoot: Bytes32
}

/** Questions to the settlement contract. Errors of all: `l1_unavailable`, `l1_reverted`, see `read`. */
export interface SettlementReader {
  readonly settlement: Address
  mergeKey(): Promise<Bytes32>
  isRecorded(claimsRoot: Bytes32): Promise<boolean>
  /** The pool of a recorded tree's parallel merges, how many claims it has and the root of its entries. */
  aggregate(
    claimsRoot: Bytes32,
  ): Promise<(PoolState & { readonly claims: number; readonly payouts: Bytes32 }) | null>
  /** The pool of a claim that a tenant opened; null if it did not. */
  opening(tenant: Address, claim: Bytes32): Promise<PoolState | null>
  deposit(tenant: Address): Promise<DepositState>
  creditWei(prover: Address): Promise<bigint>
  /** What a tenant pays for work. */
  priceWei(tenant: Address, program: Bytes32, work: bigint): Promise<bigint>
  headBlock(): Promise<bigint>
  /** Openings in the blocks given, both included: of all claims, or of some. By whom is the contract's word. */
  openings(fromBlock: bigint, toBlock: bigint, claims?: readonly Bytes32[]): Promise<Opened[]>
  /** The transaction that recorded a claims root; null if none has since `fromBlock`. */
  settledBy(claimsRoot: Bytes32, fromBlock: bigint): Promise<Bytes32 | null>
}

const OPENED = eventOf(abis.Settlement, 'Opened')
const SETTLED = eventOf(abis.Settlement, 'Settled')

export const settlementReader = (client: L1Client, settlement: Address): SettlementReader => {
  const contract = { address: settlement, abi: abis.Settlement } as const
  return {
    settlement,
    mergeKey: () => read('the merge key', client.readContract({ ...contract, functionName: 'mergeKey' })),
    isRecorded: (claimsRoot) =>
      read(
        'whether a claims root is recorded',
        client.readContract({ ...contract, functionName: 'isRecorded', args: [claimsRoot] }),
      ),
    async aggregate(claimsRoot) {
      const request = { ...contract, functionName: 'aggregateOf', args: [claimsRoot] } as const
      const { claims, payouts, collectedWei, paidWei } = await read(
        'an aggregate',
        client.readContract(request),
      )
      return claims === 0 ? null : { claims, payouts, collectedWei, paidWei }
    },
    async opening(tenant, claim) {
      const request = { ...contract, functionName: 'openingOf', args: [tenant, claim] } as const
      const { opened, collectedWei, paidWei } = await read('an opening', client.readContract(request))
      return opened ? { collectedWei, paidWei } : null
    },
    async deposit(tenant) {
      const request = { ...contract, functionName: 'depositOf', args: [tenant] } as const
      const { balanceWei, leavingWei } = await read('a deposit', client.readContract(request))
      return { balanceWei, leavingWei }
    },
    creditWei: (prover) =>
      read('a credit', client.readContract({ ...contract, functionName: 'creditWei', args: [prover] })),
    async priceWei(tenant, program, work) {
      const pricing = await read('the pricing', client.readContract({ ...contract, functionName: 'pricing' }))
      const request = { address: pricing, abi: abis.FixedPricing, functionName: 'priceWei' } as const
      return read('a price', client.readContract({ ...request, args: [tenant, program, work] }))
    },
    headBlock: () => read('the head block', client.getBlockNumber()),
    async openings(fromBlock, toBlock, claims) {
      if (claims?.length === 0) return []
      const args = claims ? { claimHash: [...claims] } : {}
      const request = { address: settlement, event: OPENED, args, strict: true } as const
      const logs = await logsInParts(fromBlock, toBlock, (from, to) =>
        client.getLogs({ ...request, fromBlock: from, toBlock: to }),
      )
      return logs.map((log) => ({ ...log.args, tenant: toAddress(log.args.tenant) }))
    },
    async settledBy(claimsRoot, fromBlock) {
      const request = { address: settlement, event: SETTLED, args: { claimsRoot }, strict: true } as const
      const head = await read('the head block', client.getBlockNumber())
      const logs = await logsInParts(fromBlock, head, (from, to) =>
        client.getLogs({ ...request, fromBlock: from, toBlock: to }),
      )
      return logs[0]?.transactionHash ?? null
    },
  }
}
