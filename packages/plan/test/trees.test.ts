import { canAggregate, planAggregate, planBatch } from '@weft/plan'
import { dataNode, dataRoot, jobOf, leftCount, MAX_SEQUENCE_WORK, parallelJob } from '@weft/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { batchOf, MERGE, SEGMENT, segmentsOf, word } from './build.js'

describe('planBatch', () => {
  it('has the statement of the whole trace on top, at every size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), (count) => {
        const segments = segmentsOf(count)
        const { jobs, top, statement } = batchOf(count)
        const data = dataRoot(segments.map((s) => s.data))
        expect(statement).toEqual({ program: SEGMENT.id, pre: word(0), post: word(count), data })
        expect(top.spec.id).toBe(jobOf(statement))
        const all = top.kind === 'segment' ? jobs : [...jobs, top.spec]
        expect(all.filter((job) => job.kind === 'segment')).toHaveLength(count)
        expect(all.filter((job) => job.kind === 'merge')).toHaveLength(count - 1)
        expect(new Set(all.map((job) => job.key)).size).toBe(all.length)
      }),
    )
  })

  it('lists children before parents, and longer ways to the top at the children', () => {
    const { jobs, top } = batchOf(13)
    const seen = new Map<string, number>()
    for (const job of [...jobs, top.spec]) {
      if (job.kind === 'merge') {
        for (const child of [job.left, job.right]) expect(seen.get(child)).toBeGreaterThan(job.pathGates)
      }
      seen.set(job.key, job.pathGates)
    }
  })

  it('waits for the two halves of the RFC 6962 shape', () => {
    const { below, jobs } = batchOf(7)
    const left = jobOf({
      program: SEGMENT.id,
      pre: word(0),
      post: word(leftCount(7)),
      data: dataRoot(segmentsOf(4).map((s) => s.data)),
    })
    expect(jobs.find((job) => job.key === below[0])?.id).toBe(left)
    expect(jobs.map((job) => job.key)).toContain(below[1])
  })

  it('names the segment that does not follow the one before', () => {
    const segments = segmentsOf(4)
    const broken = segments.map((s, i) => (i === 2 ? { ...s, pre: word(77) } : s))
    expect(planBatch(broken, SEGMENT, MERGE)).toEqual({ kind: 'refused', code: 'gap', segment: 2 })
  })

  it('refuses the same statement twice', () => {
    const loop = { pre: word(5), post: word(5), data: word(9), inputs: word(1) }
    expect(planBatch([loop, loop], SEGMENT, MERGE)).toEqual({
      kind: 'refused',
      code: 'repeated_statement',
      segment: 1,
    })
  })

  it('refuses more work than the proof of a sequence can say', () => {
    const three = { ...SEGMENT, work: (MAX_SEQUENCE_WORK - 2n * MERGE.work) / 3n }
    expect(planBatch(segmentsOf(3), three, MERGE)).toMatchObject({ top: { kind: 'merge' } })
    const refused = { kind: 'refused', code: 'too_much_work', segment: 2 }
    expect(planBatch(segmentsOf(3), { ...three, work: three.work + 1n }, MERGE)).toEqual(refused)
    expect(planBatch(segmentsOf(4), three, MERGE)).toEqual({ ...refused, segment: 3 })
    expect(planBatch(segmentsOf(1), { ...SEGMENT, work: MAX_SEQUENCE_WORK + 1n }, MERGE)).toMatchObject({
      top: { kind: 'segment' },
    })
  })

  it.each([
    [
      'of a merge as a segment',
      [
        [0, 1, word(7)],
        [1, 0, word(8)],
        [0, 0, dataNode(word(7), word(8))],
      ],
      0,
    ],
    [
      'of a merge as another merge',
      [
        [0, 1, word(7)],
        [1, 0, word(8)],
        [0, 2, word(7)],
        [2, 0, word(8)],
      ],
      2,
    ],
  ] as const)('refuses the statement %s', (_, moves, segment) => {
    const segments = moves.map(([pre, post, data]) => ({
      pre: word(pre),
      post: word(post),
      data,
      inputs: word(1),
    }))
    expect(planBatch(segments, SEGMENT, MERGE)).toEqual({
      kind: 'refused',
      code: 'repeated_statement',
      segment,
    })
  })
})

describe('planAggregate', () => {
  it('makes the top of a lone batch the root', () => {
    const { top } = batchOf(3)
    const { jobs, root } = planAggregate([top], MERGE)
    expect(jobs).toEqual([{ ...top.spec, target: 'evm', key: `${top.spec.key}/evm` }])
    expect(root).toBe(`${top.spec.key}/evm`)
  })

  it('cannot make a root of a lone segment', () => {
    const { top } = batchOf(1)
    expect(canAggregate([top])).toBe(false)
    expect(canAggregate([])).toBe(false)
    expect(() => planAggregate([top], MERGE)).toThrow(RangeError)
  })

  it('merges any set of batches ascending by job, with one root for Ethereum', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 2, maxLength: 9 }), (sizes) => {
        const tops = sizes.map((size, i) => batchOf(size, i + 1).top)
        const { jobs, root } = planAggregate(tops, MERGE)
        const parallels = jobs.filter((job) => job.kind === 'merge' && job.mode === 'parallel')
        expect(parallels).toHaveLength(tops.length - 1)
        expect(jobs.filter((job) => job.target === 'evm').map((job) => job.key)).toEqual([root])
        const byKey = new Map(jobs.map((job) => [job.key, job]))
        const leaves = (key: string): string[] => {
          const job = byKey.get(key)
          if (job?.kind !== 'merge' || job.mode === 'sequence') return [key]
          expect(job.id).toBe(parallelJob(byKey.get(job.left)?.id ?? '0x', byKey.get(job.right)?.id ?? '0x'))
          return [...leaves(job.left), ...leaves(job.right)]
        }
        expect(leaves(root).map((key) => byKey.get(key)?.id)).toEqual(tops.map((top) => top.spec.id).sort())
      }),
    )
  })
})
