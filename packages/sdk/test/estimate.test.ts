import { readFile } from 'node:fs/promises'
import type { OfferView } from '@weft/api'
import {
  type Bytes32,
  CONTRACT,
  type Delivery,
  DIRECT_WORK,
  GROTH16,
  tag,
  toAddress,
  ULTRAHONK,
  uintToBytes32,
} from '@weft/protocol'
import { type DeliveryEstimate, type Estimate, MEASURED_GAS, recordGasOf } from '@weft/sdk'
import { describe, expect, test } from 'vitest'
import { chooseDelivery, estimateOf } from '../src/estimate.js'
import { gasOf } from '../src/gas.js'

const offer = (priceWei: bigint, turnaroundMs: bigint): OfferView => ({
  id: uintToBytes32(priceWei),
  offer: {
    prover: toAddress(`0x${'9a'.repeat(20)}`),
    target: tag('test.program'),
    priceWei,
    turnaroundMs,
    ...{ capacity: 1, collateralWei: 0n, expiry: 1_800_000_000, nonce: 1n },
  },
  roomWork: 1,
})

const systemOf = (id: Bytes32, name = 'test') => ({ id, name })

const market = (changes: Partial<Parameters<typeof estimateOf>[0]> = {}) => ({
  ...{
    id: tag('test.program'),
    system: systemOf(ULTRAHONK),
    gates: 2 ** 12,
    work: 250_000n,
    maxPriceWei: 500n,
    offers: [],
    underWay: 0,
    gasPriceWei: 2n,
  },
  windows: { aggregatedMs: 15_000, batchedMs: 30_000 },
  ...changes,
})

test('says the most that is paid, and what the cheapest offer makes of it', () => {
  // 250,000 gates and a merge are two million units of work.
  const offers = [offer(7n, 12_000n), offer(9n, 1n)]
  expect(estimateOf(market({ offers }))).toMatchObject({
    ...{ work: 2_000_000n, maxWei: 1_000n },
    ...{ offers: 2, cheapestPriceWei: 7n, cheapestWei: 14n, seconds: 24 },
    deliveries: [{ delivery: 'aggregated', seconds: 24 + 15 }],
  })
})

test('rounds up, and says that nobody offers', () => {
  expect(estimateOf(market({ work: 1n, maxPriceWei: 1n }))).toMatchObject({
    ...{ maxWei: 2n, offers: 0, cheapestPriceWei: null, cheapestWei: null, seconds: null },
    deliveries: [{ totalWei: null }],
  })
  const offers = [offer(1n, 1n)]
  expect(estimateOf(market({ work: 1n, maxPriceWei: 1n, offers }))).toMatchObject({
    ...{ cheapestWei: 2n, seconds: 1 },
  })
})

test('a proof that nothing merges is its own work', () => {
  const offers = [offer(7n, 12_000n)]
  expect(estimateOf(market({ system: systemOf(GROTH16), work: DIRECT_WORK, offers }))).toMatchObject({
    ...{ work: DIRECT_WORK, maxWei: 500n, cheapestWei: 7n, seconds: 12 },
  })
})

test('deliveries wait as long as their coordinator says, rounded up', () => {
  const windows = { aggregatedMs: 1_001, batchedMs: 120_000 }
  const secondsOf = (system: Bytes32) =>
    estimateOf(market({ windows, system: systemOf(system) })).deliveries.map(({ delivery, seconds }) => [
      delivery,
      seconds,
    ])
  expect(secondsOf(ULTRAHONK)).toEqual([['aggregated', 2]])
  expect(Object.fromEntries(secondsOf(GROTH16))).toEqual({ individual: 0, batched: 120 })
})

const of = ({ deliveries }: Estimate) =>
  Object.fromEntries(deliveries.map((one) => [one.delivery, one])) as Record<Delivery, DeliveryEstimate>

test('gas is shared by what is under way', () => {
  const direct = { system: systemOf(GROTH16), work: DIRECT_WORK, offers: [offer(7n, 12_000n)] }
  const alone = of(estimateOf(market(direct)))
  const busy = of(estimateOf(market({ ...direct, underWay: 31 })))
  expect(of(estimateOf(market({ ...direct, underWay: 1_000 })))).toEqual(busy)
  expect(busy.individual).toEqual(alone.individual)
  expect([alone.batched.sharedBy, busy.batched.sharedBy]).toEqual([1, 32])
  const { individual, batched } = busy
  expect(batched.gas).toBeLessThan((individual.gas as number) / 2)
  expect(batched.gasWei).toBe(2n * BigInt(batched.gas as number))
  expect(batched.totalWei).toBe((batched.gasWei as bigint) + 7n)
  expect(batched.seconds).toBe(individual.seconds + 30)
})

test('a verifier of the program’s own has costs of its own', () => {
  const estimate = estimateOf(
    market({ system: systemOf(CONTRACT), work: DIRECT_WORK, offers: [offer(7n, 1n)] }),
  )
  expect(estimate.deliveries).toEqual([
    {
      ...{ delivery: 'individual', program: tag('test.program'), maxWei: 500n, provingWei: 7n },
      ...{ sharedBy: 1, gas: null, setupGas: null, gasWei: null, setupWei: null, totalWei: null, seconds: 1 },
    },
  ])
  expect(chooseDelivery(estimate, 60_000).delivery).toBe('individual')
  const measured = of(estimateOf(market({ system: systemOf(CONTRACT, 'honk'), work: DIRECT_WORK })))
  expect(measured.individual.gas).toBeGreaterThan(recordGasOf('honk', 2 ** 12) as number)
  expect(measured.individual.setupGas).toBeGreaterThan(3e6)
})

describe('of several deliveries', () => {
  const direct = { system: systemOf(GROTH16), work: DIRECT_WORK, offers: [offer(7n, 12_000n)] }
  const choose = (changes: object, withinMs: number) =>
    chooseDelivery(estimateOf(market({ ...direct, ...changes })), withinMs).delivery

  test('the cheapest is chosen that is in time', () => {
    expect(choose({ underWay: 0 }, 3_600_000)).toBe('individual')
    expect(choose({ underWay: 9 }, 3_600_000)).toBe('batched')
    expect(choose({ underWay: 9 }, 41_000)).toBe('individual')
    expect(choose({ underWay: 9, offers: [] }, 41_000)).toBe('batched')
  })

  test('none is, when there is no time or no money for it', () => {
    expect(() => choose({}, 11_000)).toThrow(expect.objectContaining({ code: 'too_little_time' }))
    expect(() => choose({ maxPriceWei: 6n }, 60_000)).toThrow(
      expect.objectContaining({ code: 'beyond_budget', details: { cheapestWei: '7', maxWei: '6' } }),
    )
  })
})

describe('of a program that is merged, or proven for Ethereum alone', () => {
  const choose = (offers: readonly OfferView[], withinMs: number, underWay = 9) => {
    const merged = estimateOf(market({ offers: [offer(7n, 12_000n)], underWay }))
    const lone = {
      id: tag('lone'),
      system: systemOf(CONTRACT, 'honk-zk'),
      work: DIRECT_WORK,
      offers,
      underWay,
    }
    const { deliveries } = estimateOf(market(lone))
    return chooseDelivery({ ...merged, deliveries: [...merged.deliveries, ...deliveries] }, withinMs)
  }
  const aggregated = { delivery: 'aggregated', program: tag('test.program') }
  const individual = { delivery: 'individual', program: tag('lone') }

  test('the cheaper is chosen that is in time', () => {
    const offers = [offer(7n, 9_000n)]
    expect(choose(offers, 3_600_000)).toMatchObject(aggregated)
    expect(choose(offers, 3_600_000, 0)).toMatchObject(individual)
    // Nobody offers for it yet: its verifier is to be deployed first.
    expect(choose([], 3_600_000, 0)).toMatchObject(aggregated)
    expect(choose(offers, 20_000)).toMatchObject(individual)
    expect(() => choose(offers, 8_000)).toThrow(
      expect.objectContaining({ code: 'too_little_time', details: { seconds: 9 } }),
    )
  })

  test('what is beyond the budget is not chosen', () => {
    expect(() => choose([offer(501n, 1n)], 20_000)).toThrow(
      expect.objectContaining({ code: 'too_little_time', details: { seconds: 39 } }),
    )
  })
})

test('gas of a Noir proof grows with the logarithm of its gates', () => {
  expect(recordGasOf('honk', 2 ** 17)).toBe((recordGasOf('honk', 2 ** 16) as number) + 18_450)
  expect(recordGasOf('honk', 2 ** 16 + 1)).toBe(recordGasOf('honk', 2 ** 17))
  expect(recordGasOf('honk', 1)).toBe(recordGasOf('honk', 32))
  expect(recordGasOf('plonk', 1)).toBe(recordGasOf('plonk', 2 ** 20))
  expect(recordGasOf('sp1', 1)).toBeNull()
})

test('says gas as it was measured', async () => {
  const snapshot = new URL('../../../contracts/snapshots/gas.json', import.meta.url)
  const measured = JSON.parse(await readFile(snapshot, 'utf8'))
  const figures = {
    settlementWithoutVerifier: 'settle, 2 claims, without verifier',
    request: 'market, one request, match to payment',
    requests32: 'market, 32 requests',
    record: 'delivery, record 1 proof',
    records32: 'delivery, record 32 proofs of as many programs',
    registerKey: 'groth16, register a key',
  } as const
  for (const [figure, name] of Object.entries(figures)) {
    const said = MEASURED_GAS[figure as keyof typeof figures]
    expect(Math.abs(said / Number(measured[name]) - 1), name).toBeLessThan(0.02)
  }
  expect([gasOf('aggregated', 1), gasOf('aggregated', 32)]).toEqual([964_526, 71_233])
})
