import { type BuiltIn, MERGE, PAD, PAYMENTS } from '@weft/circuits'
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

const gatesOf = async ({ folder }: BuiltIn): Promise<number> =>
  (await system.estimate(await system.compile(folder), limits)).gates

/** The most that may be paid beyond a program's size, in gates: every leaf goes with a merge, and this is 1 % of it. */
const ROUNDED = Number(MERGE_WORK / 100n)

test.each([PAD, PAYMENTS[2], PAYMENTS[4], MERGE])('$name declares its size, rounded up', async (program) => {
  const gates = await gatesOf(program)
  expect(gates).toBeLessThanOrEqual(Number(program.work))
  expect(gates).toBeGreaterThan(Number(program.work) - ROUNDED)
})

test('a segment of two transfers stays under 2^18 gates', async () => {
  expect(await gatesOf(PAYMENTS[2])).toBeLessThan(2 ** 18)
})
