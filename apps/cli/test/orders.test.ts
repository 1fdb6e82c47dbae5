import { access, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ApiError, type SignedRequest } from '@weft/api'
import { offersSettings, ordersSettings, requestSettings, runOffers, runOrders, runRequest } from '@weft/cli'
import { type Bytes32, claimHash, requestId, tag, toAddress } from '@weft/protocol'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createScriptedServer, type ScriptedServer } from '../../../packages/sdk/test/support/server.js'
import { CLAIM, handlersOf, L1_TX, MATCHER, newScript, orderIn, PROVER, type Script } from './coordinator.js'
import { lineOf, type MarketCli, openMarketCli } from './market.js'
import { TRACE, writeTrace } from './trace.js'

let cli: MarketCli
let server: ScriptedServer
let script: Script
beforeAll(async () => {
  server = await createScriptedServer({})
  cli = await openMarketCli(server.url)
})
beforeEach(() => {
  script = newScript()
  const { domain, addresses } = cli.market
  Object.assign(
    server.handlers,
    handlersOf(domain, addresses, () => script),
  )
})
afterAll(async () => {
  await cli.close()
  await server.close()
})

const request = (flags: object, signal?: AbortSignal) =>
  cli.run(requestSettings, runRequest, 'requester', { ...flags }, signal)
const orders = (flags: object = {}) => cli.run(ordersSettings, runOrders, 'requester', { ...flags })
const offers = (flags: object = {}) => cli.run(offersSettings, runOffers, 'prover', { ...flags })
const addressOf = async (key: string) => {
  const text = await readFile(join(cli.folder, key), 'utf8')
  return toAddress(privateKeyToAccount(text.trim() as Bytes32).address)
}

describe('weft request', () => {
  test('signs the terms, tells each change once, and ends with the claim', async () => {
    const file = await writeTrace(cli.folder)
    const flags = { maxPriceEther: '0.0002', startPriceEther: '0.0001', policy: 'dutch', matcher: 'none' }
    const told = await request({ file, ...flags, provers: `${PROVER},${MATCHER}` })
    expect(told.map(({ event, state }) => state ?? event)).toEqual([
      'accepted',
      'matching',
      'proving',
      'settled',
      'settled',
    ])
    expect(script.signed).toMatchObject({ post: CLAIM.post, provers: [PROVER, MATCHER] })
    expect(script.signed?.request).toMatchObject({
      program: TRACE.program,
      startPriceWei: 100_000_000_000_000n,
      maxPriceWei: 200_000_000_000_000n,
      // 6,030,000 units of work at the maximum price.
      maxTotalWei: 1_206_000_000_000_000n,
      matcher: `0x${'00'.repeat(20)}`,
      policy: 3,
      delivery: 1,
    })
    expect(lineOf(told, 'settled')).toMatchObject({ claimsRoot: claimHash(CLAIM), l1Tx: L1_TX })
    const { request: id } = lineOf(told, 'accepted')
    const again = await request({ follow: id as string })
    expect(again.at(-1)).toMatchObject({ event: 'settled', request: id })
  })

  test('says the id before anything else, and goes on after an interruption', async () => {
    const stop = new AbortController()
    const file = await writeTrace(cli.folder)
    server.handlers.request = () => {
      stop.abort(new Error('interrupted'))
      return orderIn(cli.market.domain, script, 'matching')
    }
    await expect(request({ file }, stop.signal)).rejects.toThrow('interrupted')
    server.handlers.request = () => orderIn(cli.market.domain, script, 'settled')
    const id = requestId(cli.market.domain, (script.signed as SignedRequest).request)
    expect((await request({ follow: id })).map(({ event }) => event)).toEqual(['progress', 'settled'])
  })

  test('tells why it failed', async () => {
    script.states = ['failed']
    const file = await writeTrace(cli.folder)
    await expect(request({ file })).rejects.toMatchObject({
      code: 'batch_failed',
      message: expect.stringContaining('nobody offered'),
    })
  })

  test('names the command that fills an account', async () => {
    server.handlers.submitRequest = () => {
      const details = { neededWei: '1500000000000000000', availableWei: '1000000000000000000' }
      throw new ApiError('insufficient_balance', 'the account has less', details)
    }
    const file = await writeTrace(cli.folder)
    await expect(request({ file })).rejects.toMatchObject({
      code: 'insufficient_balance',
      message: `the account has less; run: weft deposit 0.5 --for ${await addressOf('requester')}`,
    })
  })

  test.each<[string, unknown, string]>([
    ['no segments', { ...TRACE, segments: [] }, 'bad_config'],
    ['no inputs', { ...TRACE, segments: TRACE.segments.map(({ inputs: _, ...rest }) => rest) }, 'bad_config'],
    ['a gap', { ...TRACE, segments: [TRACE.segments[0], TRACE.segments[2]] }, 'bad_segments'],
    ['another program', { ...TRACE, program: tag('other') }, 'unknown_program'],
    ['something else', 'trace', 'bad_config'],
  ])('refuses a file with %s', async (_, trace, code) => {
    const file = await writeTrace(cli.folder, trace)
    await expect(request({ file })).rejects.toMatchObject({ code })
  })

  test('needs a file, or an id, and not both', async () => {
    await expect(request({})).rejects.toMatchObject({ code: 'bad_config' })
    await expect(request({ file: 'x', follow: tag('id') })).rejects.toMatchObject({ code: 'bad_config' })
    await expect(request({ file: join(cli.folder, 'none.json') })).rejects.toMatchObject({
      code: 'bad_config',
    })
  })
})

describe('weft orders', () => {
  beforeEach(async () => {
    script.states = ['settled']
    await request({ file: await writeTrace(cli.folder) })
  })

  test('lists requests, all or of one owner', async () => {
    const [line] = await orders()
    expect(line).toMatchObject({ event: 'orders', orders: [{ state: 'proving', reservedWei: '5' }] })
    await orders({ owner: PROVER })
    expect(script.queries).toEqual([{}, { owner: PROVER }])
  })

  test('shows one in detail', async () => {
    const [line] = await orders({ id: tag('id') })
    expect(line).toMatchObject({
      event: 'order',
      order: { state: 'settled', jobs: [{ prover: PROVER, ranks: [{ priceWei: '7' }] }] },
    })
  })

  test('takes one back with the requester’s key', async () => {
    await orders({ cancel: tag('id') })
    expect(script.cancelled).toEqual([{ owner: await addressOf('requester'), intent: tag('id') }])
  })
})

describe('weft offers', () => {
  test('lists offers: all, for a program, of a prover, of the key', async () => {
    const [line] = await offers()
    expect(line).toMatchObject({ event: 'offers', offers: [{ offer: { priceWei: '1' } }, {}] })
    await expect(access(join(cli.folder, 'prover'))).rejects.toThrow()
    await offers({ program: TRACE.program, prover: PROVER })
    await offers({ mine: true })
    const mine = { prover: await addressOf('prover') }
    expect(script.queries).toEqual([{}, { target: TRACE.program, prover: PROVER }, mine])
    await expect(offers({ mine: true, prover: PROVER })).rejects.toMatchObject({ code: 'bad_config' })
  })

  test('takes one back with the prover’s key', async () => {
    await offers({ cancel: tag('offer') })
    expect(script.cancelled).toEqual([{ owner: await addressOf('prover'), intent: tag('offer') }])
  })

  test('signs nothing for another market’s coordinator', async () => {
    const { network } = server.handlers
    server.handlers.network = async (asked) => {
      const served = await network?.(asked)
      return {
        ...served,
        market: { contract: PROVER, matcher: MATCHER, minStakeWei: 0n, revealS: 0 },
      } as never
    }
    await expect(offers({ cancel: tag('offer') })).rejects.toMatchObject({ code: 'wrong_deployment' })
    expect(script.cancelled).toEqual([])
  })
})
