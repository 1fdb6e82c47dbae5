import { join } from 'node:path'
import {
  createOutput,
  openL1,
  type Payer,
  paymentSettings,
  preparePayment,
  readSettings,
  watchBy,
} from '@weft/cli'
import { readDeployment } from '@weft/client'
import { toAddress } from '@weft/protocol'
import { parseEther } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type Line, type MarketCli, openMarketCli } from './market.js'

const schema = z.object(paymentSettings)
const WORK = 260_000n

let cli: MarketCli
let payer: Payer & { readonly l1: Awaited<ReturnType<typeof openL1>> }
let lines: Line[]
beforeAll(async () => {
  cli = await openMarketCli('http://127.0.0.1:9')
  const deployment = await readDeployment(join(cli.folder, 'deployment.json'))
  const folder = join(cli.folder, 'rollup')
  const watch = watchBy(
    createOutput(true, () => undefined),
    new AbortController().signal,
  )
  const l1 = await openL1(deployment, { keyFile: join(cli.folder, 'sequencer'), folder }, watch)
  payer = { deployment, l1, contract: toAddress(`0x${'7e'.repeat(20)}`), program: { work: WORK } }
})
afterAll(async () => {
  await payer.l1.close()
  await cli.close()
})

const prepare = async (flags: object, of: Payer = payer) => {
  lines = []
  const output = createOutput(true, (line) => lines.push(JSON.parse(line)))
  return preparePayment(await readSettings(schema, { ...flags }, {}), of, output)
}
const balance = async () => (await cli.market.reader.accountOf(payer.l1.address)).balanceWei

describe('a rollup on a market', () => {
  test('says what to run while its account is empty', async () => {
    await prepare({ escrowEther: '0' })
    expect(lines).toMatchObject([{ event: 'account_empty', account: payer.l1.address }])
    expect(await balance()).toBe(0n)
  })

  test('fills its sequencer’s account up, once', async () => {
    const payment = await prepare({ maxPriceEther: '0.0002', collateralEther: '0.01' })
    expect(lines).toMatchObject([{ event: 'account', account: payer.l1.address }])
    expect(await balance()).toBe(parseEther('1'))
    expect(payment).toMatchObject({
      kind: 'market',
      market: cli.market.addresses.market,
      terms: {
        maxPriceWei: parseEther('0.0002'),
        collateralWei: parseEther('0.01'),
        segmentWork: WORK,
      },
    })
    await prepare({})
    expect(lines).toEqual([])
    await prepare({ escrowEther: '1.5' })
    expect(await balance()).toBe(parseEther('1.5'))
  })

  test('takes a total that is told', async () => {
    const payment = await prepare({ maxTotalEther: '0.3' })
    expect(payment).toMatchObject({ terms: { maxTotalWei: parseEther('0.3') } })
  })
})

test('a rollup without a market pays from its contract’s deposit', async () => {
  const { market: _, ...deployment } = payer.deployment
  const payment = await prepare({ depositWei: '5' }, { ...payer, deployment })
  expect(payment).toEqual({ kind: 'deposit', tenant: payer.contract })
  const deposit = { address: payer.deployment.settlement } as const
  expect(await cli.market.client.getBalance(deposit)).toBe(5n)
})
