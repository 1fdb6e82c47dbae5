import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Weft } from './support.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-usage-'))
})
afterAll(() => rm(folder, { recursive: true }))

const fails = async (args: string[], exitCode: number, code: string) => {
  const weft = new Weft(...args)
  expect(await weft.ended).toBe(exitCode)
  expect(weft.lines.at(-1)).toMatchObject({ event: 'error', code })
  expect(weft.stderr).toContain(code)
}

test('a wrong setting is refused with the setting’s name', () =>
  fails(['node', '--threads', 'many'], 2, 'bad_config'))

test('a missing deployment is refused with what to do', () =>
  fails(['coordinator', '--deployment', join(folder, 'none.json')], 2, 'bad_deployment'))

test('the dev SRS on a public chain is refused', async () => {
  const word = (byte: string) => `0x${byte.repeat(32)}`
  const address = (byte: string) => `0x${byte.repeat(20)}`
  const deployment = join(folder, 'mainnet.json')
  const addresses = {
    verifier: address('01'),
    pricing: address('02'),
    settlement: address('03'),
    mergeKey: word('04'),
  }
  const file = { l1Url: 'http://127.0.0.1:1', chainId: 1, srs: 'dev', ...addresses, fromBlock: '0' }
  await writeFile(deployment, JSON.stringify(file))
  for (const process of [['coordinator'], ['node'], ['rollup', '--genesis', 'x']]) {
    await fails([...process, '--deployment', deployment], 2, 'dev_srs_on_public_chain')
  }
})

test('a devnet with a public chain id is refused before it starts anything', () =>
  fails(['devnet', '--chain-id', '1', '--deployment', join(folder, 'x.json')], 2, 'dev_srs_on_public_chain'))

test('a coordinator that is away is said to be', () =>
  fails(['status', '--coordinator-url', 'http://127.0.0.1:9'], 1, 'coordinator_unreachable'))

test('a market command without a market says how to get one', async () => {
  const deployment = join(folder, 'deposits.json')
  const address = `0x${'01'.repeat(20)}`
  const file = { l1Url: 'http://127.0.0.1:1', chainId: 31337, srs: 'dev', fromBlock: '0' }
  const addresses = {
    verifier: address,
    pricing: address,
    settlement: address,
    mergeKey: `0x${'02'.repeat(32)}`,
  }
  await writeFile(deployment, JSON.stringify({ ...file, ...addresses }))
  const key = ['--key-file', join(folder, 'key'), '--deployment', deployment]
  await fails(['withdraw', '0.5', '--no-wait', ...key], 1, 'no_market')
})

test('arguments and switches are checked', async () => {
  expect(await new Weft('deposit').ended).toBe(2)
  await fails(['stake', '1', '--take'], 2, 'bad_config')
})

test('an unknown command ends with 2', async () => {
  expect(await new Weft('prove').ended).toBe(2)
})
