import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  checkPricing,
  gatesPerMegaworkUp,
  type NodePricing,
  priceUpWei,
  turnaroundUpMs,
} from '../src/market/pricing.js'
import { withSetup } from '../src/market/quote.js'

const FREE: NodePricing = {
  hardwareWeiPerHour: 0n,
  powerWatts: 0,
  powerWeiPerKwh: 0n,
  marginPpm: 0,
  floorWei: 0n,
}
const MEGA = 1_000_000n

const wei = fc.bigInt({ min: 0n, max: 10n ** 19n })
const anyPricing = fc.record({
  hardwareWeiPerHour: wei,
  powerWatts: fc.nat(100_000),
  powerWeiPerKwh: wei,
  marginPpm: fc.nat(10_000_000),
  floorWei: wei,
})
const anySpeed = fc.record({
  gatesPerSecond: fc.integer({ min: 1_000, max: 1_000_000_000 }),
  gatesPerMegawork: fc.bigInt({ min: 1n, max: 100n * MEGA }),
})

describe('the price of a million units of work', () => {
  it('is hardware, power and margin for the time that it takes', () => {
    const pricing = {
      ...FREE,
      hardwareWeiPerHour: 3_600_000n,
      powerWatts: 500,
      powerWeiPerKwh: 7_200_000n,
      marginPpm: 250_000,
    }
    // Ten seconds at 1,000 + 1,000 wei a second, and a quarter more.
    expect(priceUpWei(pricing, { gatesPerSecond: 100_000, gatesPerMegawork: MEGA })).toBe(25_000n)
  })

  it('covers the cost, by less than a wei more', () => {
    fc.assert(
      fc.property(anyPricing, anySpeed, (pricing, speed) => {
        const perHour =
          pricing.hardwareWeiPerHour * 1000n + BigInt(pricing.powerWatts) * pricing.powerWeiPerKwh
        const cost = perHour * speed.gatesPerMegawork * (MEGA + BigInt(pricing.marginPpm))
        const unit = 1000n * 3600n * BigInt(speed.gatesPerSecond) * MEGA
        const price = priceUpWei(pricing, speed)
        expect(price * unit >= cost).toBe(true)
        expect(price >= pricing.floorWei && price >= 1n).toBe(true)
        if (price > pricing.floorWei && price > 1n) expect((price - 1n) * unit < cost).toBe(true)
      }),
    )
  })

  it('never falls where anything costs more or the machine is slower', () => {
    fc.assert(
      fc.property(anyPricing, anySpeed, fc.nat(1_000_000), (pricing, speed, more) => {
        const price = priceUpWei(pricing, speed)
        const dearer: NodePricing[] = [
          { ...pricing, hardwareWeiPerHour: pricing.hardwareWeiPerHour + BigInt(more) },
          { ...pricing, powerWatts: pricing.powerWatts + more },
          { ...pricing, powerWeiPerKwh: pricing.powerWeiPerKwh + BigInt(more) },
          { ...pricing, marginPpm: pricing.marginPpm + more },
          { ...pricing, floorWei: pricing.floorWei + BigInt(more) },
        ]
        for (const each of dearer) expect(priceUpWei(each, speed) >= price).toBe(true)
        const slower = { ...speed, gatesPerSecond: Math.max(1, speed.gatesPerSecond - more) }
        expect(priceUpWei(pricing, slower) >= price).toBe(true)
        const heavier = { ...speed, gatesPerMegawork: speed.gatesPerMegawork + BigInt(more) }
        expect(priceUpWei(pricing, heavier) >= price).toBe(true)
      }),
    )
  })

  it('is never nothing', () => {
    expect(priceUpWei(FREE, { gatesPerSecond: 1, gatesPerMegawork: MEGA })).toBe(1n)
  })

  it('is refused where no offer can say it', () => {
    const most = 2n ** 96n - 1n
    const speed = { gatesPerSecond: 1, gatesPerMegawork: MEGA }
    expect(priceUpWei({ ...FREE, floorWei: most }, speed)).toBe(most)
    expect(() => priceUpWei({ ...FREE, floorWei: most + 1n }, speed)).toThrow(
      expect.objectContaining({ code: 'price_too_high' }),
    )
    expect(() => priceUpWei({ ...FREE, hardwareWeiPerHour: 2n ** 96n }, speed)).toThrow(
      expect.objectContaining({ code: 'price_too_high' }),
    )
  })

  it.each([
    { powerWatts: -1 },
    { powerWatts: 0.5 },
    { marginPpm: Number.NaN },
    { marginPpm: 2 ** 53 },
    { hardwareWeiPerHour: -1n },
    { powerWeiPerKwh: -1n },
    { floorWei: -1n },
  ])('is made of no amounts like $powerWatts $marginPpm $hardwareWeiPerHour', (wrong) => {
    expect(() => checkPricing(FREE)).not.toThrow()
    expect(() => checkPricing({ ...FREE, ...wrong })).toThrow(
      expect.objectContaining({ code: 'bad_pricing' }),
    )
  })
})

describe('the turnaround of a million units of work', () => {
  it('is the measured time and the slack', () => {
    const speed = { gatesPerSecond: 100_000, gatesPerMegawork: MEGA }
    expect(turnaroundUpMs(speed, 0)).toBe(10_000n)
    expect(turnaroundUpMs(speed, 500_000)).toBe(15_000n)
    expect(turnaroundUpMs({ gatesPerSecond: 10 ** 12, gatesPerMegawork: 1n }, 0)).toBe(1n)
  })

  it('promises no moment that the speed misses', () => {
    fc.assert(
      fc.property(anySpeed, fc.nat(10_000_000), (speed, slackPpm) => {
        const ms = turnaroundUpMs(speed, slackPpm)
        expect(ms * BigInt(speed.gatesPerSecond) >= 1000n * speed.gatesPerMegawork).toBe(true)
        expect(turnaroundUpMs(speed, slackPpm + 1) >= ms).toBe(true)
      }),
    )
  })

  it('is refused above 49 days', () => {
    expect(() => turnaroundUpMs({ gatesPerSecond: 1, gatesPerMegawork: 5n * MEGA }, 0)).toThrow(
      expect.objectContaining({ code: 'too_slow' }),
    )
  })
})

describe('gates for a million units of work', () => {
  it('are those of the program that declares the least work for them', () => {
    expect(gatesPerMegaworkUp([{ gates: 1000, work: 1000n }])).toBe(MEGA)
    const understating = { gates: 3000, work: 1000n }
    expect(gatesPerMegaworkUp([{ gates: 1000, work: 1000n }, understating])).toBe(3n * MEGA)
    expect(gatesPerMegaworkUp([{ gates: 1, work: 3n }])).toBe(333_334n)
  })

  it('are not known of a program that declares no work, or of none', () => {
    expect(gatesPerMegaworkUp([{ gates: 1000, work: 0n }])).toBeNull()
    expect(gatesPerMegaworkUp([])).toBeNull()
  })
})

describe('a quote before a program is set up', () => {
  const quote = { priceWei: 5n, capacity: 2 }

  it('has time for that, and the same price', () => {
    expect(withSetup({ ...quote, turnaroundMs: 400n })).toEqual({ ...quote, turnaroundMs: 15_800n })
  })

  it('is never longer than an offer can say', () => {
    const most = 2n ** 32n - 1n
    expect(withSetup({ ...quote, turnaroundMs: most - 1n }).turnaroundMs).toBe(most)
  })
})
