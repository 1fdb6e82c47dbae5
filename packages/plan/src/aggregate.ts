import { foldTree, parallelJob } from '@weft/protocol'
import type { Top } from './batch.js'
import {
  evmJobKey,
  type JobKey,
  type JobSpec,
  type MergeSpec,
  mergeJobKey,
  type ProgramSize,
} from './spec.js'

export interface AggregatePlan {
  /** The tops that are merges, and the parallel merges, children before parents. */
  readonly jobs: readonly JobSpec[]
  /** The job whose proof Ethereum verifies: always a merge. */
  readonly root: JobKey
}

const forEthereum = (spec: MergeSpec): MergeSpec => ({ ...spec, target: 'evm', key: evmJobKey(spec.key) })

const ascending = (tops: readonly Top[]): Top[] =>
  [...tops].sort((a, b) => (a.spec.id < b.spec.id ? -1 : a.spec.id > b.spec.id ? 1 : 0))

/** Whether there is something to merge: a lone segment cannot be the root of an aggregate. */
export const canAggregate = (tops: readonly Top[]): boolean => tops.length > 1 || tops[0]?.kind === 'merge'

/**
 * The tree over closed batches: their tops ascending by job id, as the parallel claim demands, merged in the
 * RFC 6962 shape. Throws a RangeError unless `canAggregate`.
 */
export const planAggregate = (tops: readonly Top[], merge: ProgramSize): AggregatePlan => {
  const [only] = tops
  if (!canAggregate(tops) || !only) throw new RangeError('a lone segment cannot be the root of an aggregate')
  if (tops.length === 1 && only.kind === 'merge') {
    const root = forEthereum(only.spec)
    return { jobs: [root], root: root.key }
  }
  const jobs: JobSpec[] = tops.map((top) => top.spec)
  const parallel = (left: JobSpec, right: JobSpec): MergeSpec => {
    const id = parallelJob(left.id, right.id)
    const spec: MergeSpec = {
      kind: 'merge',
      mode: 'parallel',
      id,
      key: mergeJobKey(id, left.key, right.key),
      target: 'recursive',
      program: merge.id,
      gates: merge.gates,
      work: merge.work,
      pathGates: merge.gates,
      left: left.key,
      right: right.key,
    }
    jobs.push(spec)
    return spec
  }
  foldTree<JobSpec>(
    ascending(tops).map((top) => top.spec),
    parallel,
  )
  const root = forEthereum(jobs.pop() as MergeSpec)
  return { jobs: [...jobs, root], root: root.key }
}
