import type { SegmentSize } from '@weft/circuits'
import { openSystem, preparePrograms, rounded, say } from './machine.js'
import { startNetwork } from './network.js'
import { transferSegments } from './transfers.js'

/** A batch whose last merge, which one node alone can prove, is a small part of the work. */
const SEGMENTS = 20
const SIZE: SegmentSize = 4

/** One batch on one node with one thread, then on two such nodes. */
export const run = async () => {
  const system = await openSystem(1)
  const programs = await preparePrograms(system, SIZE)
  await system.close()
  const seconds: number[] = []
  for (const nodes of [1, 2]) {
    const network = await startNetwork(programs, nodes, 1)
    try {
      const segments = await transferSegments(nodes, SEGMENTS, SIZE)
      seconds.push(await network.prove({ program: programs.payments.id, segments }))
      say(
        `${nodes} node(s): ${seconds.at(-1)?.toFixed(1)} s for ${SEGMENTS} segments and ${SEGMENTS - 1} merges`,
      )
    } finally {
      await network.close()
    }
  }
  const [one, two] = seconds as [number, number]
  return { speedup: rounded(one / two), seconds: { 1: rounded(one), 2: rounded(two) }, segments: SEGMENTS }
}
