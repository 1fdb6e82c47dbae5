import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { depositSettings, logBy, openL1, runDeposit } from '@weft/cli'
import { readDeployment } from '@weft/client'
import type { Logger } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createProxy, until } from '../../../packages/chain/test/support.js'
import { type MarketCli, openMarketCli } from './market.js'
import { Weft } from './support.js'

/** What is asked first when a transaction is prepared. */
const SEND = 'eth_estimateGas'

let cli: MarketCli
let proxy: Awaited<ReturnType<typeof createProxy>>
/** The market's, with an endpoint that can go down. */
let deployment: string
beforeAll(async () => {
  cli = await openMarketCli('http://127.0.0.1:9')
  deployment = join(cli.folder, 'proxied.json')
})
afterAll(() => cli.close())
beforeEach(async () => {
  proxy = await createProxy(cli.market.client.transport.url ?? '')
  const file = JSON.parse(await readFile(join(cli.folder, 'deployment.json'), 'utf8'))
  await writeFile(deployment, JSON.stringify({ ...file, l1Url: proxy.url }))
})
afterEach(() => proxy.close())

const deposit = (signal?: AbortSignal) =>
  cli.run(depositSettings, runDeposit, 'payer', { deployment, amount: '0.1' }, signal)

describe('a command that waits for L1', () => {
  test('says so once, and that it is back', async () => {
    proxy.goDownAt(SEND)
    const done = deposit()
    await until(() => proxy.isDown)
    proxy.setDown(false)
    expect(await done).toMatchObject([
      { event: 'l1', kind: 'endpoint_down' },
      { event: 'l1', kind: 'endpoint_up' },
      { event: 'deposited' },
    ])
  })

  test('ends when it is interrupted', async () => {
    proxy.goDownAt(SEND)
    const stop = new AbortController()
    const ended = expect(deposit(stop.signal)).rejects.toMatchObject({ code: 'closed' })
    await until(() => proxy.isDown)
    stop.abort()
    await ended
  })

  test('ends with 130 at Ctrl-C, and says what becomes of what was sent', async () => {
    proxy.goDownAt(SEND)
    const key = ['--key-file', join(cli.folder, 'payer'), '--folder', join(cli.folder, 'wallet')]
    const weft = new Weft('deposit', '0.1', ...key, '--deployment', deployment)
    expect(await weft.event('l1')).toMatchObject({ kind: 'endpoint_down' })
    expect(await weft.kill('SIGINT')).toBe(130)
    expect(weft.stderr).toMatch(/^interrupted: .*followed again after the next start$/m)
  })
})

test('a process logs what it waits for', async () => {
  const logged: [string, string][] = []
  const log = (level: string) => (_: object, message: string) => logged.push([level, message])
  const logger = { debug: log('debug'), warn: log('warn') } as unknown as Logger
  const stop = new AbortController()
  const settings = { keyFile: join(cli.folder, 'process'), folder: join(cli.folder, 'process-l1') }
  const l1 = await openL1(await readDeployment(deployment), settings, logBy(logger, stop.signal))
  const gift = { id: 'gift', to: l1.address, data: '0x', valueWei: 1n } as const
  proxy.goDownAt(SEND)
  const sent = l1.sender.send(gift)
  await until(() => proxy.isDown)
  proxy.setDown(false)
  await sent
  expect(logged).toEqual([
    ['warn', expect.stringContaining('L1 does not answer: waiting')],
    ['warn', expect.stringContaining('L1 answers again')],
    ['debug', 'transaction'],
    ['debug', 'transaction'],
  ])
  stop.abort()
  await expect(l1.sender.send({ ...gift, id: 'late' })).rejects.toMatchObject({ code: 'closed' })
  await l1.close()
})
