import { ROLLUP_DEFAULTS } from '@weft/rollup'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { addressOf, BASE_FEE, CHAIN_ID, signRaw } from './wallet.js'
import { cleanUp, createClock, ETHER, post, silentProver, startWorld, type World } from './world.js'

let world: World
beforeEach(async () => {
  world = await startWorld({ rpc: { ...ROLLUP_DEFAULTS.rpc, port: 0, maxBodyBytes: 4_096, maxCalls: 3 } })
})
afterEach(cleanUp)

const call = (...args: Parameters<World['call']>) => world.call(...args)
const hex = (value: bigint | number) => `0x${value.toString(16)}`
const some = { jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] }

describe('JSON-RPC', () => {
  const json = async (body: unknown) => (await post(world.url, body)).json()

  test.each<[string, unknown, number]>([
    ['not JSON', '{"jsonrpc"', -32700],
    ['an empty body', '', -32700],
    ['deep nesting', '['.repeat(4_000), -32700],
    ['a number', 7, -32600],
    ['null', 'null', -32600],
    ['an empty batch', [], -32600],
    ['another version', { ...some, jsonrpc: '1.0' }, -32600],
    ['no method', { jsonrpc: '2.0', id: 1 }, -32600],
    ['an object for an id', { ...some, id: {} }, -32600],
    ['an unknown method', { ...some, method: 'eth_mine' }, -32601],
    ['a name from Object.prototype', { ...some, method: 'constructor' }, -32601],
    ['parameters by name', { ...some, params: { a: 1 } }, -32602],
    ['too many parameters', { ...some, params: [1] }, -32602],
    ['too many calls', [some, some, some, some], -32005],
  ])('%s', async (_, body, code) => {
    const answer = (await json(body)) as { error: { code: number; message: string } }
    expect(answer.error.code).toBe(code)
    expect(answer.error.message.length).toBeGreaterThan(10)
  })

  test('answers a batch in its order, each call by itself, and no notification', async () => {
    const answers = await json([
      some,
      { ...some, id: 'x', method: 'nope' },
      { jsonrpc: '2.0', method: 'eth_chainId' },
    ])
    expect(answers).toMatchObject([
      { id: 1, result: hex(CHAIN_ID) },
      { id: 'x', error: { code: -32601 } },
    ])
    const silent = await post(world.url, { jsonrpc: '2.0', method: 'eth_chainId' })
    expect([silent.status, await silent.text()]).toEqual([204, ''])
  })

  test('caps bodies, and wants JSON by POST', async () => {
    const large = await post(world.url, { ...some, params: ['x'.repeat(5_000)] })
    expect([large.status, await large.json()]).toMatchObject([413, { error: { code: -32005 } }])
    const form = await fetch(world.url, {
      method: 'POST',
      body: 'a=1',
      headers: { 'content-type': 'text/plain' },
    })
    expect([form.status, await form.json()]).toMatchObject([415, { error: { code: -32600 } }])
    expect((await fetch(world.url)).status).toBe(404)
  })

  test('lets web pages in', async () => {
    const asked = await fetch(world.url, {
      method: 'OPTIONS',
      headers: { origin: 'https://example.org', 'access-control-request-method': 'POST' },
    })
    expect(asked.headers.get('access-control-allow-origin')).toBe('*')
  })
})

describe('parameters', () => {
  test.each<[string, string, unknown[]]>([
    ['a short address', 'eth_getBalance', ['0x12', 'latest']],
    ['no address', 'eth_getBalance', []],
    ['a made-up tag', 'eth_getBalance', [addressOf(1), 'newest']],
    ['a quantity with leading zeros', 'eth_getBlockByNumber', ['0x01', false]],
    ['a quantity beyond 256 bits', 'eth_getBlockByNumber', [`0x${'f'.repeat(65)}`, false]],
    ['odd digits', 'eth_sendRawTransaction', ['0x123']],
    ['no hexadecimal', 'eth_sendRawTransaction', ['hello']],
    ['a short hash', 'eth_getTransactionReceipt', ['0x1234']],
    ['percentiles out of order', 'eth_feeHistory', ['0x1', 'latest', [50, 10]]],
    ['a negative percentile', 'eth_feeHistory', ['0x1', 'latest', [-1]]],
    ['a call that is no object', 'eth_estimateGas', ['0x']],
  ])('%s', async (_, method, params) => {
    await expect(call(method, ...params)).rejects.toMatchObject({
      code: -32602,
      data: { code: 'invalid_params' },
    })
  })
})

describe('reads', () => {
  test('the network', async () => {
    expect(await call('eth_chainId')).toBe(hex(CHAIN_ID))
    expect(await call('net_version')).toBe(String(CHAIN_ID))
    expect(await call('web3_clientVersion')).toMatch(/^weft-rollup\//)
    expect(await call('eth_accounts')).toEqual([])
    expect(await call('eth_syncing')).toBe(false)
    expect(await call('eth_getCode', addressOf(1), 'latest')).toBe('0x')
  })

  test('the genesis block, under every name', async () => {
    const genesisBlock = await call('eth_getBlockByNumber', 'latest', false)
    expect(genesisBlock).toMatchObject({
      number: '0x0',
      transactions: [],
      stateRoot: world.rollup.genesisRoot,
    })
    for (const tag of ['pending', 'earliest', 'safe', 'finalized', '0x0']) {
      expect(await call('eth_getBlockByNumber', tag, false)).toEqual(genesisBlock)
    }
    expect(await call('eth_getBlockByNumber', '0x1', false)).toBeNull()
    expect(await call('eth_getBlockByHash', `0x${'ab'.repeat(32)}`, false)).toBeNull()
    expect(await call('eth_getTransactionReceipt', `0x${'ab'.repeat(32)}`)).toBeNull()
    expect(await call('eth_getTransactionByHash', `0x${'ab'.repeat(32)}`)).toBeNull()
    expect(await call('weft_transactionStatus', `0x${'ab'.repeat(32)}`)).toBeNull()
  })

  test('balances: checksummed or not, of the last block only', async () => {
    expect(await call('eth_getBalance', addressOf(1).toUpperCase().replace('0X', '0x'), 'latest')).toBe(
      hex(ETHER),
    )
    expect(await call('eth_getBalance', addressOf(1), { blockNumber: '0x0' })).toBe(hex(ETHER))
    expect(await call('eth_getBalance', addressOf(7))).toBe('0x0')
    await expect(call('eth_getBalance', addressOf(1), '0x5')).rejects.toMatchObject({
      message: /header not found/,
    })
    await call('eth_sendRawTransaction', await signRaw(1))
    await world.until(async () => (await call('eth_blockNumber')) === '0x1')
    await expect(call('eth_getBalance', addressOf(1), '0x0')).rejects.toMatchObject({
      data: { code: 'no_history' },
    })
  })

  test('gas of a transfer, and of nothing else', async () => {
    const from = addressOf(1)
    const to = addressOf(2)
    expect(await call('eth_estimateGas', { from, to, value: '0x1' })).toBe('0x5208')
    await expect(call('eth_estimateGas', { from, to, value: hex(2n * ETHER) })).rejects.toMatchObject({
      code: -32000,
      message: /^insufficient funds/,
    })
    for (const other of [
      { from },
      { from, to, data: '0x01' },
      { to, input: '0x01' },
      { to, accessList: [{}] },
    ]) {
      await expect(call('eth_estimateGas', other)).rejects.toMatchObject({ code: -32003 })
    }
    expect(await call('eth_call', { to, data: '0x01' }, 'latest')).toBe('0x')
    await expect(call('eth_call', { data: '0x01' }, 'latest')).rejects.toMatchObject({ code: -32003 })
  })

  test('fee history ends at the genesis and is capped', async () => {
    expect(await call('eth_feeHistory', 5, 'latest', [])).toEqual({
      oldestBlock: '0x0',
      baseFeePerGas: [hex(BASE_FEE), hex(BASE_FEE)],
      gasUsedRatio: [0],
    })
    expect(await call('eth_feeHistory', `0x${'f'.repeat(60)}`, 'latest', [50])).toMatchObject({
      reward: [['0x0']],
    })
    expect(await call('eth_feeHistory', '0x0', 'latest')).toMatchObject({ gasUsedRatio: [] })
  })
})

describe('answers of one POST', () => {
  const maxValues = 40
  beforeEach(async () => {
    await cleanUp()
    world = await startWorld({ rpc: { ...ROLLUP_DEFAULTS.rpc, port: 0, maxValues } })
  })
  const TOO_LARGE = {
    code: -32005,
    message: expect.stringMatching(/fewer/),
    data: { code: 'response_too_large' },
  }
  const batch = async (method: string, ...calls: unknown[][]) => {
    const reply = await post(
      world.url,
      calls.map((params, id) => ({ jsonrpc: '2.0', id, method, params })),
    )
    return (await reply.json()) as unknown
  }

  test('hold so much fee history, whether in one call or in many', async () => {
    const percentiles = (count: number) => Array.from({ length: count }, (_, i) => i)
    await expect(call('eth_feeHistory', 1, 'latest', percentiles(maxValues))).rejects.toMatchObject(TOO_LARGE)
    const most = ['0x1', 'latest', percentiles(maxValues - 1)]
    expect(await call('eth_feeHistory', ...most)).toMatchObject({ oldestBlock: '0x0' })
    const half = ['0x1', 'latest', percentiles(maxValues / 2 - 1)]
    expect(await batch('eth_feeHistory', half, half, half, ['0x0', 'latest'])).toMatchObject([
      { result: { oldestBlock: '0x0' } },
      { result: { oldestBlock: '0x0' } },
      { error: TOO_LARGE },
      { result: {} },
    ])
  })

  test('count the transfers that fees are looked up in', async () => {
    await call('eth_sendRawTransaction', await signRaw(1))
    await world.until(async () => (await call('eth_blockNumber')) === '0x1')
    const percentiles = Array.from({ length: maxValues - 1 }, (_, i) => i)
    await expect(call('eth_feeHistory', 1, 'latest', percentiles)).rejects.toMatchObject(TOO_LARGE)
    expect(await call('eth_feeHistory', 1, 'latest', percentiles.slice(1))).toMatchObject({
      oldestBlock: '0x1',
    })
  })

  test('hold so many whole transactions, and many more hashes', async () => {
    await call('eth_sendRawTransaction', await signRaw(1))
    await world.until(async () => (await call('eth_blockNumber')) === '0x1')
    const full = ['latest', true]
    expect(await batch('eth_getBlockByNumber', full, full, full, ['earliest', true])).toMatchObject([
      { result: { number: '0x1' } },
      { result: { number: '0x1' } },
      { error: TOO_LARGE },
      { result: { number: '0x0' } },
    ])
    const { hash } = (await call('eth_getBlockByNumber', 'latest')) as { hash: string }
    expect(await batch('eth_getBlockByHash', [hash, true], [hash, true], [hash, true])).toMatchObject([
      { result: { hash } },
      { result: { hash } },
      { error: TOO_LARGE },
    ])
    const answers = (await batch('eth_getBlockByNumber', ...Array(40).fill(['latest', false]))) as object[]
    expect(answers.every((answer) => 'result' in answer)).toBe(true)
  })
})

describe('sending', () => {
  const send = async (...args: Parameters<typeof signRaw>) =>
    call('eth_sendRawTransaction', await signRaw(...args))

  test.each<[string, Parameters<typeof signRaw>, number, RegExp]>([
    ['another chain', [1, { chainId: 1 }], -32000, /^invalid chain id for signer/],
    ['too little gas', [1, { gas: 20_999n }], -32000, /^intrinsic gas too low/],
    [
      'below the base fee',
      [1, { maxFeePerGas: BASE_FEE - 1n }],
      -32000,
      /^max fee per gas less than block base fee/,
    ],
    ['an overdraft', [1, { value: ETHER }], -32000, /^insufficient funds for gas \* price \+ value/],
    ['no money', [5], -32000, /^insufficient funds/],
    ['a nonce far ahead', [1, { nonce: 64 }], -32000, /^nonce too high/],
  ])('%s is refused', async (_, args, code, message) => {
    await expect(send(...args)).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
    expect(world.rollup.status().transfers).toEqual({ included: 0, ready: 0, waiting: 0 })
  })

  test('the same one twice, and a nonce that is used up', async () => {
    await cleanUp()
    const { clock, pass } = createClock()
    world = await startWorld(
      { batch: { maxTransfers: 9, maxAgeMs: 1_000, maxUnproven: 9 } },
      { clock, prover: silentProver },
    )
    const hash = await send(1)
    await expect(send(1)).rejects.toMatchObject({
      code: -32000,
      message: expect.stringMatching(/^already known/),
    })
    await expect(send(1, { value: 2n })).rejects.toMatchObject({
      message: expect.stringMatching(/^replacement transaction underpriced/),
    })
    expect(await call('eth_getTransactionByHash', hash)).toMatchObject({ blockHash: null, nonce: '0x0' })
    expect(await call('weft_transactionStatus', hash)).toMatchObject({ stage: 'pending' })
    expect(await call('eth_getTransactionCount', addressOf(1), 'latest')).toBe('0x0')
    expect(await call('eth_getTransactionCount', addressOf(1), 'pending')).toBe('0x1')
    pass(1_000)
    await world.until(async () => (await call('eth_blockNumber')) === '0x1')
    await expect(send(1)).rejects.toMatchObject({ message: expect.stringMatching(/^nonce too low/) })
    await expect(send(1, { value: 2n })).rejects.toMatchObject({
      message: expect.stringMatching(/^nonce too low/),
    })
    expect(await call('eth_getTransactionReceipt', hash)).toMatchObject({
      status: '0x1',
      weft: { stage: 'included' },
    })
  })

  test('a receipt says how far its batch has come', async () => {
    const hash = await send(1)
    await world.until(() => world.rollup.status().final.batch === 1)
    expect(await call('eth_getTransactionReceipt', hash)).toMatchObject({
      weft: { stage: 'final', batch: 1, l1TransactionHash: expect.stringMatching(/^0x[0-9a-f]{64}$/) },
    })
    expect(await call('weft_status')).toMatchObject({
      included: 1,
      proven: 1,
      final: { batch: 1 },
      lastError: null,
    })
  })
})
