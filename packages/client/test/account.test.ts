import { createWeft, type DeploymentFile } from '@weft/client'
import { toAddress, ULTRAHONK, type WeftError } from '@weft/protocol'
import { parseEther } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { MERGE_KEY } from '../../chain/test/claims.js'
import { openMarket, type TestMarket } from '../../chain/test/market.js'
import { createProxy, until } from '../../chain/test/support.js'

const ETHER = parseEther('1')
/** Nobody listens there. */
const AWAY = 'http://127.0.0.1:9'

let market: TestMarket
beforeAll(async () => {
  market = await openMarket()
})
afterAll(() => market.close())

const open = (changes: Partial<DeploymentFile> = {}) => {
  const { verifier, pricing, settlement, ...contracts } = market.addresses
  const account = privateKeyToAccount(generatePrivateKey())
  const chain = {
    ...{ l1Url: String(market.client.transport.url), chainId: 31337, srs: 'dev' as const, fromBlock: 0n },
    ...{ verifier, pricing, settlement, mergeKey: MERGE_KEY },
    market: { ...contracts, systems: [ULTRAHONK] },
    ...changes,
  }
  const waits: string[] = []
  const onWait = ({ code }: WeftError) => waits.push(code)
  const { account: own } = createWeft({ coordinator: AWAY, chain, account, onWait })
  return { own, waits, address: toAddress(account.address) }
}

test('a new key on a development chain pays in, as often as it is told', async () => {
  const { own, address } = open()
  expect(own.address).toBe(address)
  expect(await own.balanceWei()).toBe(0n)
  const first = await own.deposit(ETHER / 4n)
  expect(await market.client.getTransactionReceipt({ hash: first })).toMatchObject({ status: 'success' })
  expect(await own.deposit(ETHER / 4n)).not.toBe(first)
  expect(await own.balanceWei()).toBe(ETHER / 2n)
  expect(await market.reader.accountOf(address)).toMatchObject({ balanceWei: ETHER / 2n })
})

test('nothing is paid in of what a key has not, or of nothing', async () => {
  const { own } = open({ srs: 'ignition' })
  await expect(own.deposit(ETHER)).rejects.toMatchObject({ code: 'insufficient_funds' })
  await expect(open().own.deposit(0n)).rejects.toMatchObject({ code: 'zero_amount' })
})

test('a chain that does not answer is an error', async () => {
  const { own } = open({ l1Url: AWAY })
  await expect(own.balanceWei()).rejects.toMatchObject({ code: 'l1_unavailable' })
  await expect(own.deposit(ETHER)).rejects.toMatchObject({ code: 'l1_unavailable' })
})

test('who pays in hears that L1 is waited for', async () => {
  const proxy = await createProxy(market.client.transport.url ?? '')
  proxy.goDownAt('eth_estimateGas')
  const { own, waits } = open({ l1Url: proxy.url })
  const paid = own.deposit(ETHER / 4n)
  await until(() => proxy.isDown)
  proxy.setDown(false)
  await paid
  expect(waits).toEqual(['l1_waits'])
  await proxy.close()
})

test('a deployment without a market has no account', () => {
  expect(() => open({ market: undefined })).toThrow(expect.objectContaining({ code: 'no_market' }))
})
