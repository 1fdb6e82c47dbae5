import fc from 'fast-check'
import { expect, it } from 'vitest'
import { logsInParts } from '../src/logs.js'
import { bump } from '../src/sender/fees.js'

it('reads every block once, whatever an endpoint takes at once', () =>
  fc.assert(
    fc.asyncProperty(
      fc.bigInt(0n, 1_000n),
      fc.bigInt(0n, 30_000n),
      fc.bigInt(100n, 20_000n),
      async (from, blocks, limit) => {
        const seen = await logsInParts(from, from + blocks, async (a, b) => {
          if (b - a + 1n > limit) throw new Error('query returned more than the limit')
          return [[a, b] as const]
        })
        let next = from
        for (const [a, b] of seen) {
          expect(a).toBe(next)
          next = b + 1n
        }
        expect(next).toBe(from + blocks + 1n)
      },
    ),
  ))

it('raises both fees by a tenth at least, and never above the cap', () => {
  const wei = fc.bigInt(0n, 10n ** 12n)
  fc.assert(
    fc.property(wei, wei, wei, wei, wei, (a, b, c, d, cap) => {
      const old = { maxFeePerGas: a + b, maxPriorityFeePerGas: b }
      const now = { maxFeePerGas: c + d, maxPriorityFeePerGas: d }
      const raised = bump(old, now, cap)
      if (raised === null) return
      expect(raised.maxFeePerGas).toBeLessThanOrEqual(cap)
      expect(raised.maxPriorityFeePerGas).toBeLessThanOrEqual(raised.maxFeePerGas)
      for (const fee of ['maxFeePerGas', 'maxPriorityFeePerGas'] as const) {
        expect(raised[fee] * 10n).toBeGreaterThanOrEqual(old[fee] * 11n)
        expect(raised[fee]).toBeGreaterThan(old[fee])
        expect(raised[fee]).toBeGreaterThanOrEqual(now[fee])
      }
    }),
  )
})
