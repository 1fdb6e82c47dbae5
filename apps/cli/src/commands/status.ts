import { createApiClient, type Network, type Status } from '@weft/api'
import { z } from 'zod'
import type { Output } from '../output.js'
import { common } from '../settings-common.js'

export const statusSettings = z.object({ coordinatorUrl: common.coordinatorUrl })

const counts = (of: Readonly<Record<string, number>>) =>
  Object.entries(of)
    .map(([state, count]) => `${count} ${state}`)
    .join(', ')

const table = (status: Status, { aggregatedMs, batchedMs }: Network['windows']): string => {
  const nodes = status.nodes.map(
    ({ name, prover, systems, maxGates, gatesPerSecond, leases }) =>
      `  ${name}  ${prover}  ${systems.join(', ')}, up to ${maxGates} gates, ${gatesPerSecond} gates/s, ${leases} leased`,
  )
  return [
    ...(status.warning === null ? [] : [status.warning]),
    `jobs        ${counts(status.jobs)}`,
    `batches     ${counts(status.batches)}`,
    `aggregates  ${counts(status.aggregates)}`,
    `released    ${status.releasedLeases} leases`,
    `storage     ${status.storage ? 'ok' : 'refuses writes: free space on the coordinator’s disk'}`,
    `settlement  ${status.settlementWaits === null ? 'ok' : `waits: ${status.settlementWaits}`}`,
    `windows     ${aggregatedMs / 1000} s to be aggregated, ${batchedMs / 1000} s to be batched`,
    `nodes       ${status.nodes.length}`,
    ...nodes,
  ].join('\n')
}

/** Asks once and tells. */
export const runStatus = async (settings: z.output<typeof statusSettings>, output: Output): Promise<void> => {
  const api = createApiClient({ url: settings.coordinatorUrl })
  const [status, { windows }] = await Promise.all([api.status(), api.network()])
  output.event({ event: 'status', ...status, windows }, table(status, windows))
}
