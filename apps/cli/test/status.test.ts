import { createOutput, runStatus, statusSettings } from '@weft/cli'
import { toAddress } from '@weft/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { network, status } from '../../../packages/sdk/test/support/market.js'
import { createScriptedServer, type ScriptedServer } from '../../../packages/sdk/test/support/server.js'

const prover = toAddress(`0x${'9a'.repeat(20)}`)
const node = { prover, name: 'attic', systems: ['ultrahonk', 'groth16'], maxGates: 2, gatesPerSecond: 3 }
const windows = { aggregatedMs: 1_500, batchedMs: 30_000 }

let server: ScriptedServer
beforeAll(async () => {
  server = await createScriptedServer({
    network: () => ({ ...network, windows }),
    status: () => ({ ...status, nodes: [{ ...node, leases: 1, lastSeenMs: 4 }] }),
  })
})
afterAll(() => server.close())

const told = async (isJson: boolean): Promise<string> => {
  let text = ''
  const output = createOutput(isJson, (line) => {
    text += line
  })
  await runStatus(statusSettings.parse({ coordinatorUrl: server.url }), output)
  return text
}

test('shows each node’s proof systems, and how long proofs wait for others', async () => {
  const text = await told(false)
  expect(text).toContain('windows     1.5 s to be aggregated, 30 s to be batched')
  expect(text).toContain(`attic  ${prover}  ultrahonk, groth16, up to 2 gates, 3 gates/s, 1 leased`)
})

test('says the same as JSON', async () => {
  expect(JSON.parse(await told(true))).toMatchObject({ event: 'status', windows, nodes: [node] })
})
