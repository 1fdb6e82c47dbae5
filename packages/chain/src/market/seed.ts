import type { Bytes32 } from '@weft/protocol'
import type { L1Client } from '../client.js'
import { read } from '../read.js'

/**
 * The randomness (`prevrandao`) of the first block at or after `timeS`, Unix seconds; null while there is none. Nobody
 * knew it before; its proposer could withhold it. A reorganisation can still change it in the newest blocks.
 * Looks back from the head in growing steps, then bisects. Errors: `l1_unavailable`.
 */
export const seedAfter = async (client: L1Client, timeS: number): Promise<Bytes32 | null> => {
  const blockAt = (blockNumber: bigint) => read('a block', client.getBlock({ blockNumber }))
  const time = BigInt(timeS)
  let first = await read('the head block', client.getBlock())
  if (first.timestamp < time) return null
  // Every block from `first` on is at or after the time; every block up to `before` is earlier.
  let before = -1n
  for (let step = 1n; first.number - step > before; step *= 2n) {
    const block = await blockAt(first.number - step)
    if (block.timestamp < time) before = block.number
    else first = block
  }
  while (first.number - before > 1n) {
    const block = await blockAt((before + first.number) / 2n)
    if (block.timestamp < time) before = block.number
    else first = block
  }
  return first.mixHash
}
