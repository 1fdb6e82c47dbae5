import { dataRoot } from '@weft/protocol'
import { concatHex } from 'viem'
import type { Batch } from '../ports.js'
import {
  executeSegment,
  replaySegment,
  type Segment,
  type SignedTransfer,
  type State,
} from '../state/index.js'

const rows = (transfers: readonly SignedTransfer[], size: number): SignedTransfer[][] =>
  Array.from({ length: Math.ceil(transfers.length / size) }, (_, i) =>
    transfers.slice(i * size, (i + 1) * size),
  )

/** Executes a batch, segment by segment, with all that proving it takes. At least one transfer, all executable. */
export const executeBatch = (
  state: State,
  number: number,
  transfers: readonly SignedTransfer[],
  segmentSize: number,
): Batch => {
  const executed = rows(transfers, segmentSize).map((row) => executeSegment(state, row, segmentSize))
  const [first, last] = [executed[0] as Segment, executed.at(-1) as Segment]
  return {
    number,
    pre: first.pre,
    post: last.post,
    data: dataRoot(executed.map(({ data }) => data)),
    transfers: concatHex(executed.map(({ records }) => records)),
    segments: executed.map(({ pre, post, data, inputs }) => ({ pre, post, data, inputs })),
  }
}

/** Executes a batch that needs no proof any more. */
export const replayBatch = (
  state: State,
  transfers: readonly SignedTransfer[],
  segmentSize: number,
): void => {
  for (const row of rows(transfers, segmentSize)) replaySegment(state, row, segmentSize)
}
