import type { Address, Hex } from '@weft/protocol'
import { formatEther, formatGwei } from 'viem'
import type { ProvenJob } from './board.js'
import type { Paid } from './payments.js'

/** What the demo ends with; its JSON is the last line of `weft demo --json`. */
export interface Settled {
  readonly event: 'settled'
  readonly l1Tx: Hex
  /** Unix seconds: the block of `l1Tx`. */
  readonly settledAt: number
  readonly gasUsed: number
  readonly gasPerTransfer: number
  readonly rollups: readonly {
    readonly chainId: number
    readonly batch: number
    readonly preRoot: Hex
    readonly postRoot: Hex
    readonly transfers: number
  }[]
  readonly jobs: readonly {
    readonly id: Hex
    readonly kind: string
    readonly prover: Address
    readonly gates: number
    readonly seconds: number
  }[]
  readonly payments: readonly {
    readonly prover: Address
    readonly entries: number
    readonly amountWei: string
  }[]
  /** The killed prover's job: who took it over, after how long and at which price. */
  readonly takeover: {
    readonly job: Hex
    readonly prover: Address
    readonly rescuer: Address
    readonly seconds: number
    readonly priceWei: string
    /** The rescuer's place behind the killed one; 0 where the job was matched anew. */
    readonly rank: number
    /** Unix seconds: what the killed prover had promised. Settled before it, the work is in time, whoever did it. */
    readonly deadline: number
  }
  /** What broken commitments cost, where the work was late. */
  readonly defaults: readonly {
    readonly prover: Address
    readonly rescuer: Address
    readonly collateralWei: string
    readonly stakeWei: string
  }[]
  readonly withdrawals: readonly { readonly prover: Address; readonly amountWei: string }[]
  readonly balances: readonly {
    readonly chainId: number
    readonly address: Hex
    readonly balanceWei: string
  }[]
  readonly releasedLeases: number
  readonly wallSeconds: number
}

const rows = (title: string, lines: readonly string[]) => [``, title, ...lines.map((line) => `  ${line}`)]

const describeMercy = ({ rank, deadline }: Settled['takeover'], settledAt: number): string =>
  rank === 0
    ? 'the job was matched anew, at nobody’s cost'
    : `all was settled ${deadline - settledAt} s before its deadline: it lost its fee alone`

const describeKill = ({ takeover, defaults, settledAt }: Settled): string[] => {
  const { prover, rescuer, seconds, priceWei } = takeover
  const price = `${formatGwei(BigInt(priceWei))} gwei a million gates`
  return [
    `${rescuer} took over from ${prover} after ${seconds.toFixed(1)} s at ${price}`,
    ...defaults.map(
      ({ prover: broken, collateralWei, stakeWei }) =>
        `${broken} lost ${formatEther(BigInt(collateralWei))} ETH of collateral and ${formatEther(BigInt(stakeWei))} ETH of stake`,
    ),
    ...(defaults.length > 0 ? [] : [describeMercy(takeover, settledAt)]),
  ]
}

/** The same for a person. */
export const describeSettled = (
  settled: Settled,
  jobs: readonly ProvenJob[],
  paid: readonly Paid[],
): string => {
  const transfers = settled.rollups.reduce((sum, rollup) => sum + rollup.transfers, 0)
  const gates = jobs.reduce((sum, job) => sum + job.gates, 0)
  return [
    ...rows(
      'Who proved what',
      jobs.map(({ kind, target, node, gates: size, seconds }) => {
        const what = target === 'evm' ? 'root merge' : kind
        return `${node.padEnd(8)} ${what.padEnd(10)} ${String(size).padStart(9)} gates  ${seconds.toFixed(1).padStart(6)} s`
      }),
    ),
    ...rows(
      'Rollups',
      settled.rollups.map(
        ({ chainId, batch, preRoot, postRoot, transfers: count }) =>
          `${chainId}  batch ${batch}  ${count} transfers  ${preRoot.slice(0, 10)} → ${postRoot.slice(0, 10)}`,
      ),
    ),
    ...rows(
      'Balances (eth_getBalance)',
      settled.balances.map(
        ({ chainId, address, balanceWei }) =>
          `${chainId}  ${address}  ${formatEther(BigInt(balanceWei))} ETH`,
      ),
    ),
    ...rows(
      'Provers paid on L1',
      paid.map(
        ({ prover, entries, amountWei }) => `${prover}  ${entries} entries  ${formatEther(amountWei)} ETH`,
      ),
    ),
    ...rows('The killed prover', describeKill(settled)),
    ...rows(
      'Withdrawn',
      settled.withdrawals.map(({ prover, amountWei }) => `${prover}  ${formatEther(BigInt(amountWei))} ETH`),
    ),
    '',
    `ONE proof of ${jobs.length} jobs (${gates} gates) settled ${transfers} transfers of ${settled.rollups.length} rollups`,
    `in ${settled.l1Tx}`,
    `${settled.gasUsed} gas, ${settled.gasPerTransfer} per transfer; ${settled.releasedLeases} leases released; ${settled.wallSeconds.toFixed(0)} s`,
  ].join('\n')
}
