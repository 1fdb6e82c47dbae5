import { createApiClient, type Status } from '@weft/api'
import { z } from 'zod'
import type { Output } from '../output.js'
import { common } from '../settings-common.js'

export const statusSettings = z.object({ coordinatorUrl: common.coordinatorUrl })

const counts = (of: Readonly<Record<string, number>>) =>
  Object.entries(of)
    .map(([state, count]) => `${count} ${state}`)
    .join(', ')

const table = (status: Status): string => {
  const nodes = status.nodes.map(
    ({ name, prover, maxGates, gatesPerSecond, leases }) =>
      `  ${name}  ${prover}  up to ${maxGates} gates, ${gatesPerSecond} gates/s, ${leases} leased`,
  )
  return [
    ...(status.warning === null ? [] : [status.warning]),
    `jobs        ${counts(status.jobs)}`,
    `batches     ${counts(status.batches)}`,
    `aggregates  ${counts(status.aggregates)}`,
    `released    ${status.releasedLeases} leases`,
    `storage     ${status.storage ? 'ok' : 'refuses writes: free space on the coordinator’s disk'}`,
    `settlement  ${status.settlementWaits === null ? 'ok' : `waits: ${status.settlementWaits}`}`,
    `nodes       ${status.nodes.length}`,
    ...nodes,
  ].join('\n')
}

/** Asks once and tells. */
export const runStatus = async (settings: z.output<typeof statusSettings>, output: Output): Promise<void> => {
  const status = await createApiClient({ url: settings.coordinatorUrl }).status()
  output.event({ event: 'status', ...status }, table(status))
}
