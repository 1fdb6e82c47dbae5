import {
  type Bytes32,
  dataNode,
  jobOf,
  leftCount,
  MAX_SEQUENCE_WORK,
  type Statement,
  ZERO_BYTES32,
} from '@weft/protocol'
import {
  evmJobKey,
  type JobKey,
  type JobSpec,
  type MergeSpec,
  mergeJobKey,
  type ProgramSize,
  type SegmentSpec,
} from './spec.js'

export interface PlannedSegment {
  readonly pre: Bytes32
  readonly post: Bytes32
  readonly data: Bytes32
  readonly inputs: Bytes32
}

/** The last job of a batch; a merge's target is known only when its aggregate closes. */
export type Top =
  | { readonly kind: 'segment'; readonly spec: SegmentSpec }
  | { readonly kind: 'merge'; readonly spec: MergeSpec }

export interface BatchPlan {
  readonly statement: Statement
  /** Everything that can be proven before the aggregate closes, children before parents. */
  readonly jobs: readonly JobSpec[]
  readonly top: Top
  /** What the top needs; of a lone segment, itself. */
  readonly below: readonly JobKey[]
}

/** Why segments do not make up a batch. */
export interface BadSegments {
  readonly kind: 'refused'
  readonly code: 'gap' | 'repeated_statement' | 'too_much_work' | 'not_alone' | 'not_stateless'
  /** Index of the first segment at fault. */
  readonly segment: number
}

interface Slice {
  readonly statement: Statement
  readonly key: JobKey
}

/**
 * No two jobs of a batch state the same: a merge of two equal statements has no witness, and one proof cannot be paid
 * for twice in one claim.
 */
const repeated = (segment: number): BadSegments => ({ kind: 'refused', code: 'repeated_statement', segment })

/** The segments' job ids in order, or the first fault. */
const idsOf = (
  segments: readonly PlannedSegment[],
  { id: program, work }: ProgramSize,
  merge: ProgramSize,
): Set<Bytes32> | BadSegments => {
  const ids = new Set<Bytes32>()
  for (const [i, segment] of segments.entries()) {
    const before = segments[i - 1]
    if (before && before.post !== segment.pre) return { kind: 'refused', code: 'gap', segment: i }
    ids.add(jobOf({ program, pre: segment.pre, post: segment.post, data: segment.data }))
    if (ids.size <= i) return repeated(i)
    // A merge of more work has no witness; a lone segment's is summed by nobody.
    if (i > 0 && BigInt(i + 1) * work + BigInt(i) * merge.work > MAX_SEQUENCE_WORK)
      return { kind: 'refused', code: 'too_much_work', segment: i }
  }
  return ids
}

/**
 * The tree of a batch: segments in order, merged in the RFC 6962 shape, every job id known from the start and distinct.
 * Costs one hash a segment and three a merge. Throws a RangeError without segments.
 */
export const planBatch = (
  segments: readonly PlannedSegment[],
  program: ProgramSize,
  merge: ProgramSize,
): BatchPlan | BadSegments => {
  if (segments.length === 0) throw new RangeError('a batch has at least one segment')
  const ids = idsOf(segments, program, merge)
  if ('kind' in ids) return ids
  const leaves = [...ids]
  const jobs: JobSpec[] = []
  let fault = null as BadSegments | null

  const leaf = (at: number, aboveGates: number): Slice => {
    const { inputs, pre, post, data } = segments[at] as PlannedSegment
    const id = leaves[at] as Bytes32
    const statement = { program: program.id, pre, post, data }
    const { gates, work } = program
    const shared = { id, key: id, target: 'recursive', program: program.id } as const
    const pathGates = aboveGates + gates
    jobs.push({ kind: 'segment', ...shared, gates, work, pathGates, statement, inputs, system: null })
    return { statement, key: shared.key }
  }

  const build = (from: number, to: number, aboveGates: number): Slice => {
    if (to - from === 1) return leaf(from, aboveGates)
    const middle = from + leftCount(to - from)
    const pathGates = aboveGates + merge.gates
    const left = build(from, middle, pathGates)
    const right = build(middle, to, pathGates)
    const data = dataNode(left.statement.data, right.statement.data)
    const statement = { program: program.id, pre: left.statement.pre, post: right.statement.post, data }
    const id = jobOf(statement)
    if (ids.has(id)) fault ??= repeated(from)
    ids.add(id)
    const key = mergeJobKey(id, left.key, right.key)
    const children = { left: left.key, right: right.key }
    const size = { program: merge.id, gates: merge.gates, work: merge.work, pathGates }
    jobs.push({ kind: 'merge', mode: 'sequence', id, key, target: 'recursive', ...size, ...children })
    return { statement, key }
  }

  const { statement } = build(0, segments.length, 0)
  if (fault) return fault
  const last = jobs.at(-1) as JobSpec
  if (last.kind === 'segment')
    return { statement, jobs, top: { kind: 'segment', spec: last }, below: [last.key] }
  return {
    statement,
    jobs: jobs.slice(0, -1),
    top: { kind: 'merge', spec: last },
    below: [last.left, last.right],
  }
}

/**
 * A batch of one proof that nothing merges: Ethereum verifies it as it is, so it has neither a state before nor after.
 * `system` is the name of its proof system.
 */
export const planDirect = (
  segments: readonly PlannedSegment[],
  { id: program, gates, work }: ProgramSize,
  system: string,
): BatchPlan | BadSegments => {
  const [segment, second] = segments
  if (!segment || second) return { kind: 'refused', code: 'not_alone', segment: segment ? 1 : 0 }
  const { pre, post, data, inputs } = segment
  if (pre !== ZERO_BYTES32 || post !== ZERO_BYTES32)
    return { kind: 'refused', code: 'not_stateless', segment: 0 }
  const statement = { program, pre, post, data }
  const id = jobOf(statement)
  const key = evmJobKey(id)
  const size = { program, gates, work, pathGates: gates }
  const spec: SegmentSpec = { kind: 'segment', id, key, target: 'evm', ...size, statement, inputs, system }
  return { statement, jobs: [spec], top: { kind: 'segment', spec }, below: [key] }
}
