import {
  durationUpMs,
  limitDownWei,
  missOf,
  needOf,
  priceDownWei,
  priceUpWei,
  raceShares,
  reachesAtMs,
  sharesWei,
  turnaroundDownMs,
} from '@weft/market'
import { costUpWei } from '@weft/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { aBid, aTerms, NOW_MS, NOW_S, proverAt } from './build.js'

const price = fc.bigInt(0n, 2n ** 96n - 1n)
const work = fc.bigInt(1n, 2n ** 53n - 1n)
const wei = fc.bigInt(0n, 2n ** 128n - 1n)

describe('rounding', () => {
  test('a cost is rounded up by less than a wei, and splitting work never makes it cheaper', () => {
    fc.assert(
      fc.property(price, work, work, (p, a, b) => {
        expect(costUpWei(p, a) * 1_000_000n - p * a).toBeGreaterThanOrEqual(0n)
        expect(costUpWei(p, a) * 1_000_000n - p * a).toBeLessThan(1_000_000n)
        expect(costUpWei(p, a) + costUpWei(p, b)).toBeGreaterThanOrEqual(costUpWei(p, a + b))
      }),
    )
  })

  test('a price within a budget costs no more than it, and one wei more does', () => {
    fc.assert(
      fc.property(wei, work, (budget, w) => {
        const highest = priceDownWei(budget, w)
        expect(costUpWei(highest, w)).toBeLessThanOrEqual(budget)
        expect(costUpWei(highest + 1n, w)).toBeGreaterThan(budget)
      }),
    )
  })

  test('the lowest price for a cost reaches it, and one wei less does not', () => {
    fc.assert(
      fc.property(wei, work, (cost, w) => {
        const lowest = priceUpWei(cost, w)
        expect(costUpWei(lowest, w)).toBeGreaterThanOrEqual(cost)
        if (lowest > 0n) expect(costUpWei(lowest - 1n, w)).toBeLessThan(cost)
      }),
    )
  })

  test('a turnaround within a span is in time, and a millisecond slower is not', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 31n), fc.bigInt(1n, 2n ** 40n), (span, w) => {
        const slowest = Number(turnaroundDownMs(span, w))
        expect(durationUpMs(slowest, w)).toBeLessThanOrEqual(span)
        expect(durationUpMs(slowest + 1, w)).toBeGreaterThan(span)
      }),
    )
  })

  test('shares sum to the amount, and the first is larger by less than their number', () => {
    fc.assert(
      fc.property(wei, fc.integer({ min: 1, max: 9 }), (amount, count) => {
        const shares = sharesWei(amount, count)
        expect(shares.reduce((a, b) => a + b)).toBe(amount)
        expect((shares[0] as bigint) - (shares.at(-1) as bigint)).toBeLessThan(BigInt(count))
      }),
    )
  })
})

describe('the price limit', () => {
  const someCurve = fc
    .record({
      floor: fc.bigInt(0n, 10n ** 20n),
      rise: fc.bigInt(0n, 10n ** 20n),
      ramp: fc.nat(5_000_000),
      curve: fc.constantFrom('linear' as const, 'quadratic' as const),
    })
    .map(({ floor, rise, ramp, curve }) =>
      aTerms({ startPriceWei: floor, maxPriceWei: floor + rise, riseMs: ramp, curve }),
    )
  const someTime = fc.integer({ min: NOW_MS - 10_000, max: NOW_MS + 6_000_000 })

  test('never falls, and stays within what is signed', () => {
    fc.assert(
      fc.property(someCurve, someTime, someTime, (curve, a, b) => {
        const [early, late] = [Math.min(a, b), Math.max(a, b)].map((ms) => limitDownWei(curve, ms))
        expect(early).toBeLessThanOrEqual(late as bigint)
        expect(early).toBeGreaterThanOrEqual(curve.startPriceWei)
        expect(late).toBeLessThanOrEqual(curve.maxPriceWei)
      }),
    )
    const ends = aTerms({ riseMs: 100000 })
    expect(limitDownWei(ends, NOW_MS)).toBe(ends.startPriceWei)
    expect(limitDownWei(ends, NOW_MS + 100_000)).toBe(ends.maxPriceWei)
  })

  test('reaches a price at a known millisecond', () => {
    fc.assert(
      fc.property(someCurve, fc.bigInt(0n, 3n * 10n ** 20n), (curve, wanted) => {
        const at = reachesAtMs(curve, wanted)
        if (at === undefined) {
          expect(wanted).toBeGreaterThan(curve.maxPriceWei)
          return
        }
        expect(limitDownWei(curve, at)).toBeGreaterThanOrEqual(wanted)
        if (at > curve.openMs) expect(limitDownWei(curve, at - 1)).toBeLessThan(wanted)
      }),
    )
  })
})

test('a bid that meets a need is affordable and in time, and one that misses is not', () => {
  fc.assert(
    fc.property(fc.bigInt(1n, 10n ** 7n), fc.nat(10_000), work, wei, (priceWei, turnaroundMs, w, budget) => {
      const terms = aTerms({ maxPriceWei: 10n ** 7n, proofDeadline: NOW_S + 60 })
      const miss = missOf(aBid({ priceWei, turnaroundMs, roomWork: w }), needOf(terms, w, NOW_MS, budget))
      const isLate = durationUpMs(turnaroundMs, w) > 60_000n
      const isDear = costUpWei(priceWei, w) > budget
      expect(miss).toBe(isLate ? 'turnaround' : isDear ? 'price' : null)
    }),
  )
})

test('the first proofs of a race share its fee, each prover once, whatever order they are listed in', () => {
  const arrivals = [3, 1, 1, 2, 4].map((n, i) => ({ prover: proverAt(n), atMs: 10 * i }))
  const shares = raceShares(arrivals, 3, 100n)
  expect(shares).toEqual([
    { prover: proverAt(3), wei: 34n },
    { prover: proverAt(1), wei: 33n },
    { prover: proverAt(2), wei: 33n },
  ])
  expect(raceShares([...arrivals].reverse(), 3, 100n)).toEqual(shares)
  expect(raceShares([], 3, 100n)).toEqual([])
})
