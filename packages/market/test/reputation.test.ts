import {
  DEFAULT_REPUTATION,
  fade,
  NEWCOMER,
  REPUTATION_EVENTS,
  Reputation,
  record,
  rightsWork,
  type Standing,
} from '@weft/market'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NOW_MS, proverAt, word } from './build.js'

const rules = DEFAULT_REPUTATION
const DAY_MS = rules.epochMs
const someEvents = fc.array(
  fc.record({
    event: fc.constantFrom(...REPUTATION_EVENTS),
    work: fc.bigInt(1n, 10n ** 9n),
    days: fc.integer({ min: 0, max: 5 }),
  }),
  { maxLength: 30 },
)

const after = (
  events: readonly { event: (typeof REPUTATION_EVENTS)[number]; work: bigint; days: number }[],
) => {
  let [standing, nowMs]: [Standing, number] = [NEWCOMER, NOW_MS]
  for (const { event, work, days } of events) {
    nowMs += days * DAY_MS
    standing = record(standing, event, work, nowMs, rules)
  }
  return { standing, nowMs }
}

describe('bidding rights', () => {
  test('whatever happened, a prover can earn its way in with small jobs', () => {
    fc.assert(
      fc.property(someEvents, (events) => {
        const { standing, nowMs } = after(events)
        expect(rightsWork(standing, rules)).toBeGreaterThanOrEqual(rules.newcomerWork)
        const better = record(standing, 'on_time', 1_000_000n, nowMs, rules)
        expect(rightsWork(better, rules)).toBeGreaterThan(rightsWork(standing, rules))
      }),
    )
  })

  test('good events never lower them, bad ones never raise them, time never raises them', () => {
    fc.assert(
      fc.property(someEvents, fc.bigInt(1n, 10n ** 9n), (events, work) => {
        const { standing, nowMs } = after(events)
        const now = rightsWork(standing, rules)
        expect(rightsWork(record(standing, 'on_time', work, nowMs, rules), rules)).toBeGreaterThanOrEqual(now)
        for (const event of ['late', 'default', 'invalid'] as const) {
          expect(rightsWork(record(standing, event, work, nowMs, rules), rules)).toBeLessThanOrEqual(now)
        }
        expect(rightsWork(fade(standing, standing.epoch + 3, rules), rules)).toBeLessThanOrEqual(now)
      }),
    )
  })

  test('fading is the same in one step and in many', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 12n), fc.nat(40), fc.nat(40), (scoreWork, a, b) => {
        const standing = { ...NEWCOMER, scoreWork }
        expect(fade(fade(standing, a, rules), a + b, rules)).toEqual(fade(standing, a + b, rules))
      }),
    )
  })

  test('splitting good work over keys gains a newcomer’s share for each key and nothing else', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 10n ** 9n), fc.bigInt(1n, 10n ** 9n), (a, b) => {
        const rights = (work: bigint) => rightsWork(record(NEWCOMER, 'on_time', work, NOW_MS, rules), rules)
        expect(rights(a) + rights(b)).toBe(rights(a + b) + rules.newcomerWork)
      }),
    )
  })

  test('a default costs what eight jobs like it earned', () => {
    const { standing, nowMs } = after(
      Array.from({ length: 8 }, () => ({ event: 'on_time' as const, work: 10n ** 7n, days: 0 })),
    )
    expect(standing.scoreWork).toBe(8n * 10n ** 7n)
    const fallen = record(standing, 'default', 10n ** 7n, nowMs, rules)
    expect(fallen).toMatchObject({ scoreWork: 0n, counts: { on_time: 8, late: 0, default: 1, invalid: 0 } })
  })
})

test('standings are per class, and start with nothing', () => {
  const reputation = new Reputation(rules)
  reputation.record(proverAt(1), word(1), 'on_time', 5_000_000n, NOW_MS)
  expect(reputation.rights(proverAt(1), word(1), NOW_MS)).toBe(rules.newcomerWork + 10_000_000)
  expect(reputation.rights(proverAt(1), word(2), NOW_MS)).toBe(rules.newcomerWork)
  expect(reputation.rights(proverAt(1), word(1), NOW_MS + 1000 * DAY_MS)).toBe(rules.newcomerWork)
})
