import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  depositSettings,
  requestSettings,
  runDeposit,
  runRequest,
  runStake,
  runWithdraw,
  stakeSettings,
  withdrawSettings,
} from '@weft/cli'
import { type Address, type Bytes32, tag, toAddress } from '@weft/protocol'
import { parseEther } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lineOf, type MarketCli, openMarketCli } from './market.js'
import { writeTrace } from './trace.js'

const ETHER = parseEther('1')
/** Nobody listens there. */
const AWAY = 'http://127.0.0.1:9'

let cli: MarketCli
beforeAll(async () => {
  cli = await openMarketCli(AWAY)
})
afterAll(() => cli.close())

const deposit = (key: string, flags: object) => cli.run(depositSettings, runDeposit, key, { ...flags })
const stake = (key: string, flags: object = {}) => cli.run(stakeSettings, runStake, key, { ...flags })
const withdraw = (key: string, flags: object = {}, signal?: AbortSignal) =>
  cli.run(withdrawSettings, runWithdraw, key, { ...flags }, signal)
const addressOf = async (key: string): Promise<Address> => {
  const text = await readFile(join(cli.folder, key), 'utf8')
  return toAddress(privateKeyToAccount(text.trim() as Bytes32).address)
}
const balanceOf = (address: Address) => cli.market.client.getBalance({ address })

describe('weft deposit', () => {
  test('pays into the key’s own account, and into another’s', async () => {
    const [own] = await deposit('rich', { amount: '0.25' })
    const account = await addressOf('rich')
    expect(own).toMatchObject({ event: 'deposited', account, amountWei: String(ETHER / 4n) })
    const other = toAddress(`0x${'0d'.repeat(20)}`)
    await deposit('rich', { amount: '0.000000000000000001', for: other.toUpperCase().replace('X', 'x') })
    expect(await cli.market.reader.accountOf(other)).toMatchObject({ balanceWei: 1n })
    const [again] = await deposit('rich', { amount: '0.25' })
    expect(again).toMatchObject({ balanceWei: String(ETHER / 2n) })
  })

  test.each(['-1', '1e3', '0.0000000000000000001', 'much', '', '.5'])('refuses %s ether', async (amount) => {
    await expect(deposit('rich', { amount })).rejects.toMatchObject({ code: 'bad_config' })
  })

  test('says what is wrong with nothing', async () => {
    await expect(deposit('rich', { amount: '0' })).rejects.toMatchObject({ code: 'zero_amount' })
  })
})

describe('weft withdraw', () => {
  test('announces, and takes the ether out when it is run again', async () => {
    await deposit('saver', { amount: '2' })
    const account = await addressOf('saver')
    const first = await withdraw('saver', { amount: '0.5', wait: false })
    expect(first.map(({ event }) => event)).toEqual(['announced', 'leaving'])
    const { dueAt } = lineOf(first, 'leaving')
    expect(lineOf(await withdraw('saver', { wait: false }), 'leaving').dueAt).toBe(dueAt)

    await cli.market.pass(601)
    const before = await balanceOf(account)
    const [taken] = await withdraw('saver')
    expect(taken).toMatchObject({ event: 'withdrawn', account, amountWei: String(ETHER / 2n) })
    expect(await cli.market.reader.accountOf(account)).toMatchObject({ balanceWei: (3n * ETHER) / 2n })
    expect((await balanceOf(account)) - before).toBeGreaterThan((ETHER * 4n) / 10n)
  })

  test('announces anew where another amount is asked for', async () => {
    await deposit('doubter', { amount: '1' })
    await withdraw('doubter', { amount: '0.5', wait: false })
    const again = await withdraw('doubter', { amount: 'all', wait: false })
    expect(lineOf(again, 'announced')).toMatchObject({ amountWei: String(ETHER) })
    const same = await withdraw('doubter', { amount: 'all', wait: false })
    expect(same.map(({ event }) => event)).toEqual(['leaving'])
  })

  test('waits until it is interrupted', async () => {
    await deposit('waiter', { amount: '1' })
    await withdraw('waiter', { wait: false })
    const stop = new AbortController()
    const waiting = withdraw('waiter', {}, stop.signal)
    stop.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
  })

  test('refuses what is not there', async () => {
    await expect(withdraw('nobody')).rejects.toMatchObject({ code: 'nothing_to_withdraw' })
    await expect(withdraw('rich', { amount: '99' })).rejects.toMatchObject({ code: 'insufficient_balance' })
  })
})

describe('weft stake', () => {
  test('names a hot key, which a node then works with, and takes it back', async () => {
    await stake('owner', { amount: '1' })
    const prover = await addressOf('owner')
    await deposit('hot', { amount: '0.1' })
    const hotKey = await addressOf('hot')
    expect(await cli.market.reader.isKeyOf(prover, hotKey)).toBe(false)
    const named = await stake('owner', { hotKey: hotKey.toUpperCase().replace('X', 'x') })
    expect(lineOf(named, 'hot_key')).toMatchObject({ prover, hotKey })
    expect(await cli.market.reader.isKeyOf(prover, hotKey)).toBe(true)
    const gone = await stake('owner', { hotKey: `0x${'00'.repeat(20)}` })
    expect(lineOf(gone, 'hot_key')).toMatchObject({ hotKey: null })
    // For a day longer, so that nobody changes keys to escape what it signed.
    expect(await cli.market.reader.isKeyOf(prover, hotKey)).toBe(true)
    await expect(stake('owner', { amount: '1', hotKey })).rejects.toMatchObject({ code: 'bad_config' })
  })

  test('registers, stakes, delegates, and takes out', async () => {
    const none = await stake('prover')
    expect(none).toMatchObject([{ event: 'stake', state: { registered: false }, coordinator: null }])
    expect(none[0]?.coordinatorSays).toContain('no answer from the coordinator')

    const first = await stake('prover', { amount: '1', commissionBps: '250' })
    expect(first.map(({ event }) => event)).toEqual(['registered', 'staked', 'stake'])
    const prover = await addressOf('prover')
    expect(lineOf(first, 'stake')).toMatchObject({
      state: { registered: true, commissionBps: 250, stakedWei: String(ETHER) },
      stakeWei: String(ETHER),
    })
    const more = await stake('prover', { amount: '0.5' })
    expect(more.map(({ event }) => event)).toEqual(['staked', 'stake'])

    const delegated = await stake('friend', { amount: '1', for: prover })
    expect(lineOf(delegated, 'stake')).toMatchObject({
      prover,
      stakeWei: String(ETHER),
      state: { stakedWei: String((5n * ETHER) / 2n) },
    })

    const removed = await stake('prover', { remove: '0.5' })
    expect(lineOf(removed, 'unstaking')).toMatchObject({ amountWei: String(ETHER / 2n) })
    await expect(stake('prover', { take: true })).rejects.toMatchObject({ code: 'too_early' })
    await cli.market.pass(61)
    expect(lineOf(await stake('prover', { take: true }), 'taken').amountWei).toBe(String(ETHER / 2n))

    // What was taken is wrapped ether already: staking it again costs no ether but gas.
    const before = await balanceOf(prover)
    await stake('prover', { amount: '0.5' })
    expect(before - (await balanceOf(prover))).toBeLessThan(ETHER / 10n)
    const all = await stake('prover', { remove: 'all' })
    expect(lineOf(all, 'stake')).toMatchObject({ stakeWei: '0', state: { stakedWei: String(ETHER) } })
  })

  test('refuses what cannot be', async () => {
    const stranger = toAddress(`0x${'0e'.repeat(20)}`)
    await expect(stake('friend', { amount: '1', for: stranger })).rejects.toMatchObject({
      code: 'not_registered',
    })
    await expect(stake('friend', { remove: '1' })).rejects.toMatchObject({ code: 'insufficient_stake' })
    await expect(stake('friend', { take: true })).rejects.toMatchObject({ code: 'not_registered' })
    await expect(stake('friend', { amount: '1', take: true })).rejects.toMatchObject({ code: 'bad_config' })
  })
})

describe('weft request --post', () => {
  const post = (flags: object) => cli.run(requestSettings, runRequest, 'poster', { post: true, ...flags })

  test('puts a request on L1 with its total', async () => {
    const file = await writeTrace(cli.folder)
    await expect(post({ file })).rejects.toMatchObject({ code: 'bad_config' })
    const account = await addressOf('rich')
    await expect(post({ file, maxTotalEther: '0.5' })).rejects.toMatchObject({
      code: 'insufficient_balance',
      message: expect.stringMatching(/run: weft deposit 0\.5 --for 0x/),
    })
    expect(account).not.toBe(await addressOf('poster'))
    await deposit('poster', { amount: '0.5' })
    const [posted] = await post({ file, maxTotalEther: '0.5', startPriceEther: '0.00001' })
    expect(posted).toMatchObject({ event: 'posted', intent: { program: tag('test.program') } })
    expect(await cli.market.reader.postedOf(posted?.request as Bytes32)).toMatchObject({
      amountWei: ETHER / 2n,
    })
  })
})
