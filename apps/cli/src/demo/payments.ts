import { createL1Client, settlementReader, WEFT_ABI } from '@weft/chain'
import { type Address, type Bytes32, toAddress } from '@weft/protocol'
import { parseEventLogs } from 'viem'

/** What one prover was paid on L1. */
export interface Paid {
  readonly prover: Address
  readonly entries: number
  readonly amountWei: bigint
}

export interface Payments {
  readonly paid: readonly Paid[]
  /** Collected for provers and not paid out yet; rounding leaves less than a wei for each entry. */
  readonly unpaidWei: bigint
  /** How many claims were opened. */
  readonly opened: number
}

export interface PaymentsQuery {
  readonly l1Url: string
  readonly settlement: Address
  readonly fromBlock: bigint
}

const sumByProver = (payments: readonly { prover: Address; amountWei: bigint }[]): Paid[] => {
  const sums = new Map<Address, Paid>()
  for (const { prover, amountWei } of payments) {
    const { entries, amountWei: before } = sums.get(prover) ?? { entries: 0, amountWei: 0n }
    sums.set(prover, { prover, entries: entries + 1, amountWei: before + amountWei })
  }
  return [...sums.values()]
}

/** What L1 says of payments: who was paid, and what is still to be withdrawn. */
export const readPayments = async ({ l1Url, settlement, fromBlock }: PaymentsQuery): Promise<Payments> => {
  const client = createL1Client(l1Url)
  const reader = settlementReader(client, settlement)
  const logs = await client.getLogs({ address: settlement, fromBlock })
  const events = parseEventLogs({ abi: WEFT_ABI, logs }) as unknown as {
    eventName: string
    args: { prover: string; amountWei: bigint; tenant: string; claimHash: Bytes32; claimsRoot: Bytes32 }
  }[]
  const named = (name: string) => events.filter(({ eventName }) => eventName === name).map(({ args }) => args)
  const opened = named('Opened')
  const pools = await Promise.all([
    ...opened.map(({ tenant, claimHash }) => reader.opening(toAddress(tenant), claimHash)),
    ...named('Settled').map(({ claimsRoot }) => reader.aggregate(claimsRoot)),
  ])
  return {
    opened: opened.length,
    paid: sumByProver(
      named('Paid').map(({ prover, amountWei }) => ({ prover: toAddress(prover), amountWei })),
    ),
    unpaidWei: pools.reduce((sum, pool) => sum + (pool === null ? 0n : pool.collectedWei - pool.paidWei), 0n),
  }
}
