import { MERGE, PAD, PAYMENTS } from '@weft/circuits'
import { MERGE_WORK } from '@weft/protocol'
import type { NoirSystem } from '@weft/system-noir'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { limits, realSystem } from './support.js'

// Provers are paid for the work that a program declares, which nothing else compares with its size.

let system: NoirSystem
beforeAll(async () => {
  system = await realSystem()
})
afterAll(() => system.close())

/** The most that may be paid beyond a program's size, in gates: every leaf goes with a merge, and this is 1 % of it. */
const ROUNDED = Number(MERGE_WORK / 100n)

test.each([PAD, PAYMENTS[2], PAYMENTS[4], MERGE])('$name declares its size', async ({ folder, work }) => {
  const { gates } = await system.estimate(await system.compile(folder), limits)
  expect(gates).toBeLessThanOrEqual(Number(work))
  expect(gates).toBeGreaterThan(Number(work) - ROUNDED)
})

test('a segment of two transfers stays under 2^18 gates', () => {
  // It has no more than it declares.
  expect(PAYMENTS[2].work).toBeLessThan(2n ** 18n)
})
