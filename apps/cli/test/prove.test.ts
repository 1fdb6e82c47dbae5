import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ApiError, type OrderView, type ProgramInfo } from '@weft/api'
import { claimsRootOfProof, settleCall } from '@weft/chain'
import {
  programListSettings,
  programShowSettings,
  proveSettings,
  runProgramList,
  runProgramShow,
  runProve,
  runVerify,
  verifySettings,
} from '@weft/cli'
import { type Claim, claimPath, requestId, tag, uintToBytes32, ZERO_BYTES32 } from '@weft/protocol'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { aggregateOf, batchOf, PROGRAM, proofOf } from '../../../packages/chain/test/claims.js'
import { addressOf, OPERATOR, PROVER, REQUESTER } from '../../../packages/chain/test/market.js'
import { createScriptedServer, type ScriptedServer } from '../../../packages/sdk/test/support/server.js'
import { handlersOf, L1_TX, newScript, type Script } from './coordinator.js'
import { lineOf, type MarketCli, openMarketCli } from './market.js'

const prover = addressOf(PROVER)
const [first, second] = [batchOf(1, ZERO_BYTES32, prover), batchOf(2, ZERO_BYTES32, prover)]
/** An aggregate of two claims; the first is the request's. */
const settled = aggregateOf(first, second, prover)
const PROGRAM_INFO: ProgramInfo = {
  ...{ id: PROGRAM, name: 'test', system: 'ultrahonk', gates: 190_000, work: 200_000n },
  ...{ artifact: tag('artifact'), key: tag('key'), keyHash: tag('hash') },
}

let cli: MarketCli
let server: ScriptedServer
let script: Script
beforeAll(async () => {
  server = await createScriptedServer({})
  cli = await openMarketCli(server.url)
})
afterAll(async () => {
  await cli.close()
  await server.close()
})

const openingOf = (claim: Claim) => {
  const at = settled.batches.findIndex((one) => one.claim.post === claim.post)
  const path = claimPath(settled.claims, Math.max(0, at))
  const claimsRoot = claimsRootOfProof(settled.root)
  return { claim, claimsRoot, ...path, siblings: [...path.siblings], count: 2, l1Tx: L1_TX }
}

const id = () => requestId(cli.market.domain, script.signed?.request as never)

beforeEach(async () => {
  script = newScript()
  const { domain, addresses } = cli.market
  const request = await cli.market.request(first.claim, { owner: addressOf(REQUESTER) })
  script.signed = { request, post: first.claim.post, provers: [], segments: [], signature: '0x' }
  const handlers = handlersOf(domain, addresses, () => script)
  const { batch, request: order } = handlers
  let served = 'matching'
  Object.assign(server.handlers, handlers, {
    programs: () => [PROGRAM_INFO],
    program: () => PROGRAM_INFO,
    opening: () => openingOf(first.claim),
    request: async (asked: never) => {
      const seen = (await order?.(asked)) as OrderView
      served = seen.state
      return seen
    },
    batch: async (asked: never) => ({
      ...(await batch?.(asked)),
      state: served === 'settled' ? 'settled' : 'proving',
    }),
    status: () => ({
      ...{ version: '1', srs: 'dev', warning: null, startedAtMs: 0, nodes: [], releasedLeases: 0 },
      jobs: { waiting: 0, ready: 0, leased: 0, proven: 0 },
      batches: { proving: 0, aggregating: 0, settling: 0, settled: 0, failed: 0 },
      aggregates: { open: 0, proving: 0, settling: 0, settled: 0 },
      ...{ storage: true, settlementWaits: null },
    }),
  })
})

const prove = (flags: object, signal?: AbortSignal) =>
  cli.run(proveSettings, runProve, 'requester', { ...flags }, signal)
const verify = (request: string) => cli.run(verifySettings, runVerify, 'requester', { id: request })

describe('weft verify, before L1 has the proof', () => {
  test('believes no coordinator', async () => {
    script.states = ['settled']
    await expect(verify(id())).rejects.toMatchObject({ code: 'not_proven' })
    await expect(prove({ follow: id() })).rejects.toMatchObject({ code: 'not_proven' })
  })
})

describe('once L1 has the proof', () => {
  beforeAll(async () => {
    const { addresses, senderOf } = cli.market
    const sender = await senderOf(OPERATOR)
    await sender.send(settleCall(addresses.settlement, settled.root, proofOf(settled.root)))
  })

  test('weft verify asks L1 by the request’s id', async () => {
    script.states = ['settled']
    const told = await verify(id())
    expect(lineOf(told, 'proven')).toMatchObject({
      request: id(),
      claim: { program: PROGRAM, post: first.claim.post },
      claimsRoot: claimsRootOfProof(settled.root),
      l1Tx: L1_TX,
    })
  })

  test('weft prove --follow goes on where it was left, and ends with L1’s word', async () => {
    const told = await prove({ follow: id() })
    expect(told.map(({ event, stage }) => stage ?? event)).toEqual(['queued', 'matched', 'settled', 'proven'])
  })

  test('--watch tells every look', async () => {
    const told = await prove({ follow: id(), watch: true })
    expect(told.filter(({ event }) => event === 'progress')).toHaveLength(4)
  })

  test('a claim that is another’s is refused', async () => {
    script.states = ['settled']
    server.handlers.opening = () => openingOf(second.claim)
    await expect(verify(id())).rejects.toMatchObject({ code: 'bad_opening' })
  })

  test('a claim that is recorded nowhere is refused', async () => {
    script.states = ['settled']
    server.handlers.opening = () => openingOf({ ...first.claim, work: 1n })
    await expect(verify(id())).rejects.toMatchObject({ code: 'bad_opening' })
  })

  test('a request that is not settled has no proof yet', async () => {
    server.handlers.opening = () => {
      throw new ApiError('not_settled', 'follow it')
    }
    await expect(verify(id())).rejects.toMatchObject({ code: 'not_settled' })
  })
})

test('weft prove --follow ends when it is interrupted, and can be taken up again', async () => {
  script.states = ['matching']
  const stop = new AbortController()
  const { request } = server.handlers
  server.handlers.request = (asked) => {
    stop.abort(new Error('interrupted'))
    return request?.(asked) as never
  }
  await expect(prove({ follow: id() }, stop.signal)).rejects.toThrow('interrupted')
  Object.assign(server.handlers, { request })
  script.states = ['settled']
  expect(lineOf(await prove({ follow: id() }), 'proven')).toMatchObject({ request: id() })
})

test('weft program list and show tell what can be proven', async () => {
  const [list] = await cli.run(programListSettings, runProgramList, 'requester')
  expect(list).toMatchObject({ event: 'programs', programs: [{ id: PROGRAM, work: '200000' }] })
  const [shown] = await cli.run(programShowSettings, runProgramShow, 'requester', { id: PROGRAM })
  expect(shown).toMatchObject({ event: 'program', program: { id: PROGRAM, gates: 190_000 } })
})

describe('weft prove refuses', () => {
  test.each<[string, object]>([
    ['nothing', {}],
    ['a program without inputs', { program: './circuit' }],
    ['a program and a request', { program: './circuit', follow: uintToBytes32(1n) }],
    ['two deliveries', { program: './circuit', inputs: 'x.json', delivery: 'individual', batched: true }],
    ['a delivery that there is not', { program: './circuit', inputs: 'x.json', delivery: 'soon' }],
    [
      'private inputs without staying',
      { program: './circuit', inputs: 'x.json', private: true, wait: false },
    ],
    ['to go on with private inputs it is not given', { follow: uintToBytes32(1n), private: true }],
    ['inputs that are not there', { program: './circuit', inputs: 'none.json' }],
  ])('%s', async (_, flags) => {
    await expect(prove(flags)).rejects.toMatchObject({ code: 'bad_config' })
  })

  test.each<[string, object]>([
    ['a result and a state', { result: ZERO_BYTES32, pre: ZERO_BYTES32 }],
    ['half a statement', { pre: ZERO_BYTES32, post: ZERO_BYTES32 }],
  ])('%s', async (_, parts) => {
    const inputs = join(cli.folder, 'inputs.json')
    await writeFile(inputs, '{}')
    await expect(prove({ program: './circuit', inputs, ...parts })).rejects.toMatchObject({
      code: 'bad_config',
    })
  })

  test('inputs that are no object', async () => {
    const inputs = join(cli.folder, 'list.json')
    await writeFile(inputs, '[1]')
    await expect(prove({ program: './circuit', inputs })).rejects.toMatchObject({ code: 'bad_config' })
  })
})
