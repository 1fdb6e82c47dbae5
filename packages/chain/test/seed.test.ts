import { marketReader } from '@weft/chain'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openChain, type TestChain } from './chain.js'

const NONE = `0x${'00'.repeat(20)}` as const

let chain: TestChain
let blocks: { readonly timeS: number; readonly seed: `0x${string}` }[]
beforeAll(async () => {
  chain = await openChain()
  for (const seconds of [1, 1, 7, 1, 100, 3, 1, 1, 40, 2, 1]) await chain.pass(seconds)
  const head = Number(await chain.client.getBlockNumber())
  blocks = await Promise.all(
    Array.from({ length: head + 1 }, async (_, number) => {
      const block = await chain.client.getBlock({ blockNumber: BigInt(number) })
      return { timeS: Number(block.timestamp), seed: block.mixHash }
    }),
  )
})
afterAll(() => chain.close())

it('takes the seed of the first block at or after a time', async () => {
  const { seedAfter, headTimeS } = marketReader(chain.client, { market: NONE, staking: NONE, defaults: NONE })
  const headS = await headTimeS()
  const first = blocks[0]?.timeS ?? 0
  expect(new Set(blocks.map(({ seed }) => seed)).size).toBe(blocks.length)
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: first - 5, max: headS + 5 }), async (timeS) => {
      const expected = blocks.find((block) => block.timeS >= timeS)?.seed ?? null
      expect(await seedAfter(timeS)).toBe(expected)
    }),
  )
  await chain.pass(10)
  expect(await seedAfter(headS + 1)).toBe((await chain.client.getBlock()).mixHash)
})
