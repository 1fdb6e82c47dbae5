import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Settled } from '@weft/cli'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Weft } from './support.js'

const MINUTES = 60_000
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-cli-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('the demo', () => {
  test('goes the whole way: from wallets’ transfers to one proof on L1 and withdrawn earnings', {
    timeout: 10 * MINUTES,
  }, async () => {
    const weft = new Weft('demo', '--keep', join(folder, 'demo'))
    expect(await weft.ended, weft.stderr).toBe(0)
    const settled = weft.lines.at(-1) as unknown as Settled
    expect(settled.event).toBe('settled')

    expect(settled.rollups.map(({ chainId }) => chainId)).toEqual([7001, 7002])
    for (const { preRoot, postRoot, transfers } of settled.rollups) {
      expect(preRoot).not.toBe(postRoot)
      expect(transfers).toBe(8)
    }
    // Two segments and their merge for each rollup, and the merge across both.
    expect(settled.jobs.map(({ kind }) => kind).sort()).toEqual([
      ...Array(3).fill('merge'),
      ...Array(4).fill('segment'),
    ])
    expect(new Set(settled.jobs.map(({ id }) => id)).size).toBe(7)
    expect(new Set(settled.jobs.map(({ prover }) => prover)).size).toBeGreaterThan(1)
    expect(settled.releasedLeases).toBeGreaterThan(0)
    expect(weft.lines.some(({ event }) => event === 'killed')).toBe(true)
    // The verifier and its calldata, and the payment of two requests with three entries each.
    expect(settled.gasUsed).toBeLessThan(1_350_000)

    // Everybody who proved was paid, job by job, at the price that it had committed to.
    expect(settled.payments.reduce((sum, { entries }) => sum + entries, 0)).toBe(7)
    expect(new Set(settled.payments.map(({ prover }) => prover))).toEqual(
      new Set(settled.jobs.map(({ prover }) => prover)),
    )
    const prices = new Map<unknown, bigint>()
    for (const { type, prover, priceWei } of weft.lines)
      if (type === 'job_committed') prices.set(prover, BigInt(String(priceWei)))
    // Requests pay for the last merge at the mean price of their own work: no prover alone sets it.
    const ownWei = settled.jobs.slice(0, -1).reduce((sum, { prover, gates }) => {
      const work = gates > 1_000_000 ? 1_750_000n : 450_000n
      return sum + (work * (prices.get(prover) ?? 0n)) / 1_000_000n
    }, 0n)
    const paidWei = settled.payments.reduce((sum, { amountWei }) => sum + BigInt(amountWei), 0n)
    const work = 4n * 450_000n + 2n * 1_750_000n
    const allWei = ownWei + (ownWei * 1_750_000n) / work
    expect(Number(paidWei) / Number(allWei)).toBeCloseTo(1, 2)

    // The killed prover's job went to the runner-up at its own price; its collateral is gone unless all was in time.
    const { takeover, settledAt } = settled
    expect(takeover.seconds).toBeLessThanOrEqual(10)
    expect(BigInt(takeover.priceWei)).toBe(prices.get(takeover.rescuer))
    expect(settled.payments.map(({ prover }) => prover)).not.toContain(takeover.prover)
    expect(settled.defaults.map(({ prover, collateralWei }) => [prover, collateralWei])).toEqual(
      settledAt > takeover.deadline ? [[takeover.prover, '10000000000000000']] : [],
    )
    expect(settled.withdrawals.map(({ prover }) => prover).sort()).toEqual(
      settled.payments.map(({ prover }) => prover).sort(),
    )
    for (const { amountWei } of settled.withdrawals) expect(BigInt(amountWei)).toBeGreaterThan(10n ** 18n)

    // 8 transfers around a ring of 4 wallets: 1+5 finney out of the first, 4+8 into it.
    const first = settled.balances
      .filter(({ chainId }) => chainId === 7001)
      .map(({ balanceWei }) => BigInt(balanceWei))
    const milli = (wei: bigint) => (wei + 5n * 10n ** 14n) / 10n ** 15n
    expect(first.map(milli)).toEqual([1006n, 998n, 998n, 998n])
  })
})

describe('the processes', () => {
  test('boot from their example configurations, and end in order on signals and with who started them', {
    timeout: 5 * MINUTES,
  }, async () => {
    const at = (name: string) => join(folder, name)
    const config = (name: string) => ['--config', `apps/cli/examples/${name}.json`]
    const shared = ['--deployment', at('deployment.json')]
    const devnet = new Weft('devnet', ...config('devnet'), '--port', '0', ...shared)
    await devnet.event('ready')
    expect(JSON.parse(await readFile(at('deployment.json'), 'utf8'))).toMatchObject({
      chainId: 31337,
      srs: 'dev',
    })

    const files = (name: string) => ['--folder', at(name), '--key-file', at(`${name}.key`), ...shared]
    const coordinator = new Weft(
      'coordinator',
      ...config('coordinator'),
      '--port',
      '0',
      ...files('coordinator'),
    )
    const { url } = await coordinator.event('ready')
    const node = new Weft('node', ...config('node'), '--coordinator-url', String(url), ...files('node'))
    expect(await node.event('ready')).toMatchObject({ name: 'node-1' })

    const status = new Weft('status', '--coordinator-url', String(url))
    expect(await status.ended).toBe(0)
    expect(status.lines.at(-1)).toMatchObject({ event: 'status', srs: 'dev', storage: true })
    expect(String(status.lines.at(-1)?.warning)).toContain('forge')

    const rollup = new Weft(
      'rollup',
      ...config('rollup'),
      '--port',
      '0',
      '--coordinator-url',
      String(url),
      ...files('rollup'),
    )
    expect(await rollup.event('ready')).toMatchObject({ chainId: 7001 })

    expect(await rollup.kill('SIGTERM'), rollup.stderr).toBe(0)
    expect(await node.kill('SIGHUP'), node.stderr).toBe(0)
    expect(await coordinator.abandon(), coordinator.stderr).toBe(0)
    expect(await devnet.kill('SIGINT'), devnet.stderr).toBe(0)
  })
})
