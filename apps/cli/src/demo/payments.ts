import { createL1Client, marketReader, WEFT_ABI } from '@weft/chain'
import { contractsOf, type DeploymentFile } from '@weft/client'
import { type Address, type Bytes32, toAddress } from '@weft/protocol'
import { parseEventLogs } from 'viem'

/** What one prover was paid on L1, before the market's cuts. */
export interface Paid {
  readonly prover: Address
  readonly entries: number
  readonly amountWei: bigint
}

/** A broken commitment that L1 has seen the end of. */
export interface Default {
  readonly prover: Address
  readonly rescuer: Address
  /** Taken from the prover's account, and from its stake. */
  readonly collateralWei: bigint
  readonly stakeWei: bigint
}

export interface Payments {
  readonly paid: readonly Paid[]
  /** How many requests were paid for. */
  readonly orders: number
  /** Still to be collected by provers; rounding leaves less than a wei for each entry of a shared pool. */
  readonly uncollectedWei: bigint
  readonly defaults: readonly Default[]
}

interface Logged {
  readonly eventName: string
  readonly args: {
    readonly prover: Address
    readonly rescuer: Address
    readonly feeWei: bigint
    readonly amountWei: bigint
    readonly collateralWei: bigint
    readonly stakeWei: bigint
    readonly claimsRoot: Bytes32
  }
}

const sumByProver = (payments: readonly { prover: Address; amountWei: bigint }[]): Paid[] => {
  const sums = new Map<Address, Paid>()
  for (const { prover, amountWei } of payments) {
    const { entries, amountWei: before } = sums.get(prover) ?? { entries: 0, amountWei: 0n }
    sums.set(prover, { prover, entries: entries + 1, amountWei: before + amountWei })
  }
  return [...sums.values()]
}

/** What L1 says of payments and defaults since the deployment. */
export const readPayments = async (deployment: DeploymentFile): Promise<Payments> => {
  const { l1Url, fromBlock } = deployment
  const contracts = contractsOf(deployment)
  const client = createL1Client(l1Url)
  const reader = marketReader(client, contracts)
  const logs = await client.getLogs({ address: [contracts.market, contracts.defaults], fromBlock })
  const events = parseEventLogs({ abi: WEFT_ABI, logs }) as unknown as Logged[]
  const named = (name: string) => events.filter(({ eventName }) => eventName === name).map(({ args }) => args)
  const settled = named('OrderSettled')
  const paid = [
    ...named('EntryPaid').map(({ prover, feeWei }) => ({ prover: toAddress(prover), amountWei: feeWei })),
    ...named('SharedPaid').map(({ prover, amountWei }) => ({ prover: toAddress(prover), amountWei })),
  ]
  const provers = [...new Set(paid.map(({ prover }) => prover))]
  const roots = [...new Set(settled.map(({ claimsRoot }) => claimsRoot))]
  const earned = await Promise.all(provers.map(reader.earnedWei))
  const pools = await Promise.all(roots.map(reader.sharedOf))
  const inPoolsWei = pools.reduce((sum, { collectedWei, paidWei }) => sum + collectedWei - paidWei, 0n)
  return {
    paid: sumByProver(paid),
    orders: settled.length,
    uncollectedWei: inPoolsWei + earned.reduce((sum, amountWei) => sum + amountWei, 0n),
    defaults: named('CommitmentDefaulted').map(({ prover, rescuer, collateralWei, stakeWei }) => ({
      prover: toAddress(prover),
      rescuer: toAddress(rescuer),
      collateralWei,
      stakeWei,
    })),
  }
}
