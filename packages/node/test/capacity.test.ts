import { uintToBytes32 } from '@weft/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  doneAtMs,
  fulfil,
  idleLoad,
  type Load,
  nextDoneAtMs,
  type Outcome,
  type Promised,
  promise,
  promisedWei,
  promisedWork,
  slowerUpMs,
} from '../src/market/capacity.js'

const SPEED = 1000
const promised = (lease: string, gates: number, sinceMs: number): Promised => ({
  lease,
  job: uintToBytes32(BigInt(gates)),
  gates,
  work: BigInt(gates),
  sinceMs,
  deadlineMs: null,
  collateralWei: 5n,
})

const anyJobs = fc.array(fc.record({ gates: fc.nat(1_000_000), sinceMs: fc.nat(10_000_000) }), {
  maxLength: 8,
})
const anyOutcomes = fc.array(fc.constantFrom<Outcome>('on_time', 'late', 'lost', 'dropped'), {
  maxLength: 40,
})

const loadOf = (jobs: readonly { gates: number; sinceMs: number }[]): Load =>
  jobs.reduce((load, { gates, sinceMs }, i) => promise(load, promised(`${i}`, gates, sinceMs)), idleLoad(1))

/** A load after leases that ended like that, one by one. */
const after = (outcomes: readonly Outcome[], capacity: number): Load =>
  outcomes.reduce(
    (load, outcome) => fulfil(promise(load, promised('a', 1, 0)), 'a', outcome, capacity),
    idleLoad(capacity),
  )

describe('what is promised', () => {
  it('is worked off one after the other', () => {
    const load = loadOf([
      { gates: 1000, sinceMs: 500 },
      { gates: 2000, sinceMs: 600 },
    ])
    expect(doneAtMs(load, 1000, SPEED)).toEqual([1500, 3500])
    expect(nextDoneAtMs(load, 500, 1000, SPEED)).toBe(4000)
  })

  it('is not done before now, however long it has taken', () => {
    const load = loadOf([
      { gates: 1000, sinceMs: 0 },
      { gates: 1000, sinceMs: 0 },
    ])
    expect(doneAtMs(load, 60_000, SPEED)).toEqual([60_000, 61_000])
  })

  it('adds up', () => {
    const load = loadOf([
      { gates: 1, sinceMs: 0 },
      { gates: 2, sinceMs: 0 },
    ])
    expect(promisedWork(load)).toBe(3n)
    expect(promisedWei(load)).toBe(10n)
    expect(promisedWork(idleLoad(1))).toBe(0n)
  })

  it('ends in order, and never earlier for another promise', () => {
    fc.assert(
      fc.property(anyJobs, fc.nat(10_000_000), fc.nat(1_000_000), (jobs, nowMs, gates) => {
        const load = loadOf(jobs)
        const ends = doneAtMs(load, nowMs, SPEED)
        expect([...ends].sort((a, b) => a - b)).toEqual(ends)
        expect(ends.every((end) => end >= nowMs)).toBe(true)
        const next = nextDoneAtMs(load, gates, nowMs, SPEED)
        expect(next).toBeGreaterThanOrEqual(ends.at(-1) ?? nowMs)
        const busier = promise(load, promised('more', gates, nowMs))
        expect(nextDoneAtMs(busier, gates, nowMs, SPEED)).toBeGreaterThanOrEqual(next)
      }),
    )
  })
})

describe('a node that is late', () => {
  it('quotes half as much time again for each job, up to eight times as much, and takes one at a time', () => {
    const quotes = Array.from({ length: 9 }, (_, n) => slowerUpMs(after(Array(n).fill('late'), 4), 1000n))
    expect(quotes).toEqual([1000n, 1500n, 2250n, 3375n, 5063n, 7594n, 8000n, 8000n, 8000n])
    expect(after(['late'], 4).capacity).toBe(1)
  })

  it('recovers step by step', () => {
    const late = after(['late', 'lost', 'late'], 3)
    expect(late).toMatchObject({ caution: 3, capacity: 1 })
    const steps = [1, 2, 3, 4].map((n) => after([...Array(3).fill('late'), ...Array(n).fill('on_time')], 3))
    expect(steps.map(({ caution, capacity }) => [caution, capacity])).toEqual([
      [2, 2],
      [1, 3],
      [0, 3],
      [0, 3],
    ])
  })

  it('expects to be slower', () => {
    const late = after(['late'], 1)
    expect(nextDoneAtMs(late, 1000, 0, SPEED)).toBe(1500)
  })

  it('stays within its bounds, whatever happens', () => {
    fc.assert(
      fc.property(anyOutcomes, fc.integer({ min: 1, max: 16 }), (outcomes, capacity) => {
        const load = after(outcomes, capacity)
        expect(load.promised).toEqual([])
        expect(load.capacity).toBeGreaterThanOrEqual(1)
        expect(load.capacity).toBeLessThanOrEqual(capacity)
        const quoted = slowerUpMs(load, 1000n)
        expect(quoted >= 1000n && quoted <= 8000n).toBe(true)
        const settled = after([...outcomes, ...Array(16).fill('on_time')], capacity)
        expect(settled).toMatchObject({ caution: 0, capacity })
      }),
    )
  })
})

describe('a lease that ends', () => {
  it('without fault changes nothing but the promise', () => {
    expect(after(['late', 'dropped'], 2)).toEqual(after(['late'], 2))
  })

  it('that the load does not have changes nothing', () => {
    const load = loadOf([{ gates: 1, sinceMs: 0 }])
    expect(fulfil(load, 'other', 'late', 1)).toBe(load)
  })
})
