import {
  deployMarket,
  devAccount,
  type MarketPlan,
  marketReader,
  PRODUCTION_MARKET,
  type Sender,
} from '@weft/chain'
import { abis } from '@weft/contracts'
import { bytecodes } from '@weft/contracts/testing'
import { hexToBytes, tag, toAddress } from '@weft/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openChain, type TestChain } from './chain.js'
import { TEST_PLAN } from './market.js'

const OTHER_SYSTEM = tag('test.system')

let chain: TestChain
beforeAll(async () => {
  chain = await openChain()
})
afterAll(() => chain.close())

/** The sender of a process that is killed before its `last + 1`st call. */
const dying = (sender: Sender, last: number): Sender => {
  let sent = 0
  return {
    address: sender.address,
    status: () => sender.status(),
    close: () => sender.close(),
    send: (call) => (sent++ < last ? sender.send(call) : Promise.reject(new Error('killed'))),
  }
}

/** Contracts of a market on a development chain, and the calls that introduce them to each other. */
const CALLS = 12 + 5
const transactions = (index: number) =>
  chain.client.getTransactionCount({ address: devAccount(index).address })

describe('a market’s deployment', () => {
  it('goes on where it stopped, wherever that was', async () => {
    for (const [i, last] of [0, 4, 8, CALLS - 1].entries()) {
      const index = 10 + i
      const first = deployMarket(dying(await chain.senderOf(index), last), TEST_PLAN)
      await expect(first).rejects.toThrow('killed')
      const addresses = await deployMarket(await chain.reopen(index), TEST_PLAN)
      expect(await transactions(index)).toBe(CALLS)
      expect(await deployMarket(await chain.senderOf(index), TEST_PLAN)).toEqual(addresses)
      expect(await transactions(index)).toBe(CALLS)
      for (const address of Object.values(addresses)) {
        expect(await chain.client.getCode({ address })).toBeDefined()
      }
    }
  })

  it('gives each market a staking and defaults of its own', async () => {
    const sender = await chain.senderOf(1)
    const one = await deployMarket(sender, TEST_PLAN)
    const { parameters: _, ...plan } = TEST_PLAN
    const other = await deployMarket(sender, plan)
    expect(other).toMatchObject({ verifier: one.verifier, router: one.router, settlement: one.settlement })
    for (const own of ['staking', 'defaults', 'market'] as const) expect(other[own]).not.toBe(one[own])
    expect(await marketReader(chain.client, other).delays()).toEqual({
      withdrawalS: PRODUCTION_MARKET.withdrawalDelayS,
      unbondingS: PRODUCTION_MARKET.unbondingDelayS,
      defenceWindowS: PRODUCTION_MARKET.defenceWindowS,
    })
  })

  it('never takes another verifier for the one that a system has', async () => {
    const sender = await chain.senderOf(2)
    const first = await deployMarket(sender, TEST_PLAN)
    const plan = { ...TEST_PLAN, verifier: hexToBytes(bytecodes.RevertingVerifier) }
    await expect(deployMarket(sender, plan)).rejects.toMatchObject({ code: 'already_registered' })
    const other = await deployMarket(sender, { ...plan, system: OTHER_SYSTEM })
    for (const [system, verifier] of [
      [TEST_PLAN.system, first.verifier],
      [OTHER_SYSTEM, other.verifier],
    ] as const) {
      const router = { address: other.router, abi: abis.VerifierRouter, functionName: 'verifierOf' } as const
      const registered = await chain.client.readContract({ ...router, args: [system] })
      expect(toAddress(registered)).toBe(verifier)
    }
  })

  it.each<[string, Partial<MarketPlan>]>([
    ['dev_srs_on_public_chain', { chainId: 1 }],
    ['token_needed', { chainId: 1, srs: 'ignition' }],
    ['same_roles', { guardian: devAccount(3).address }],
    ['invalid_config', { parameters: { ...PRODUCTION_MARKET, protocolFeeBps: 1_001 } }],
  ])('is refused with %s', async (code, changes) => {
    const sender = await chain.senderOf(3)
    await expect(deployMarket(sender, { ...TEST_PLAN, ...changes })).rejects.toMatchObject({ code })
  })
})
