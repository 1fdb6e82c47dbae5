import { type Digest, digestOf, PRIVATE_INPUTS, type Segment } from '@weft/api'
import { type Bytes32, dataRoot, type Statement, WeftError } from '@weft/protocol'

/** One slice of a trace: its statement and the program's inputs, as JSON; null for what is sealed to provers later. */
export interface TraceSegment {
  readonly pre: Bytes32
  readonly post: Bytes32
  readonly data: Bytes32
  readonly inputs: object | null
}

/** A trace to prove: its segments in order. */
export interface Trace {
  readonly program: Bytes32
  readonly segments: readonly TraceSegment[]
}

/** What proving a trace will state. Throws `bad_segments` where its segments are no chain. */
export const statementOf = ({ program, segments }: Trace): Statement => {
  const [first] = segments
  const last = segments.at(-1)
  if (first === undefined || last === undefined) {
    throw new WeftError('bad_segments', 'a trace has at least one segment')
  }
  segments.slice(1).forEach((segment, i) => {
    if (segment.pre !== segments[i]?.post) {
      throw new WeftError('bad_segments', `segment ${i + 1} does not start where segment ${i} ends`, {
        segment: i + 1,
      })
    }
  })
  return { program, pre: first.pre, post: last.post, data: dataRoot(segments.map((s) => s.data)) }
}

/** A segment's inputs as they travel; without bytes, they do not. */
export interface InputBlob {
  readonly digest: Digest
  readonly bytes: Uint8Array | null
}

export const inputBlob = async ({ inputs }: TraceSegment): Promise<InputBlob> => {
  if (inputs === null) return { digest: PRIVATE_INPUTS, bytes: null }
  const bytes = new TextEncoder().encode(JSON.stringify(inputs))
  return { bytes, digest: await digestOf(bytes) }
}

/** A trace's segments as coordinators take them: their inputs by digest. */
export const wireSegments = ({ segments }: Trace, inputs: readonly Digest[]): Segment[] =>
  segments.map(({ pre, post, data }, i) => ({ pre, post, data, inputs: inputs[i] as Digest }))
