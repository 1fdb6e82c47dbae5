import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDevnet, createL1Client, type Devnet } from '@weft/chain'
import { createOutput, devnetSettings, readSettings, serveDevnet } from '@weft/cli'
import { bytecodes } from '@weft/contracts/testing'
import { hexToBytes } from '@weft/protocol'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { MERGE_KEY } from '../../../packages/chain/test/claims.js'
import { createProxy, killAnvil, until } from '../../../packages/chain/test/support.js'

const proofs = { verifier: hexToBytes(bytecodes.MockVerifier), mergeKey: MERGE_KEY }

let folder: string
let devnet: Devnet
let events: string[]
let stop: AbortController
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-devnet-'))
  devnet = await createDevnet({ chainId: 31337 })
  events = []
  stop = new AbortController()
})
afterEach(async () => {
  await devnet.stop()
  await rm(folder, { recursive: true })
})

const serve = async (on: Devnet = devnet) => {
  const settings = await readSettings(devnetSettings, { deployment: join(folder, 'deployment.json') }, {})
  const output = createOutput(true, (line) => events.push(JSON.parse(line).event))
  return serveDevnet(on, settings, proofs, output, stop.signal)
}

describe('weft devnet', () => {
  test('serves until it is interrupted', async () => {
    const served = serve()
    await until(() => events.includes('ready'))
    stop.abort()
    await served
  })

  test('says that its chain is gone while it deploys', async () => {
    const client = createL1Client(devnet.url)
    const served = expect(serve()).rejects.toMatchObject({ code: 'devnet_ended' })
    await until(async () => (await client.getBlockNumber()) > 0n)
    killAnvil()
    await served
    expect(events).not.toContain('ready')
  })

  test('says that its chain is gone later', async () => {
    const served = expect(serve()).rejects.toMatchObject({ code: 'devnet_ended' })
    await until(() => events.includes('ready'))
    killAnvil()
    await served
  })

  test('ends when it is interrupted while it deploys', async () => {
    const proxy = await createProxy(devnet.url)
    proxy.goDownAt('eth_sendRawTransaction')
    const served = expect(serve({ ...devnet, url: proxy.url })).rejects.toMatchObject({ code: 'closed' })
    await until(() => events.includes('l1'))
    stop.abort()
    await served
    await proxy.close()
  })
})
