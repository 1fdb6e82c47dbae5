import { Plan, planDirect, type Taker } from '@weft/plan'
import { jobOf, ZERO_BYTES32 } from '@weft/protocol'
import { describe, expect, it } from 'vitest'
import { prover, RULES, SEGMENT, segmentsOf, word } from './build.js'

const SEGMENTS = [{ pre: ZERO_BYTES32, post: ZERO_BYTES32, data: word(7), inputs: word(8) }]

describe('planDirect', () => {
  it('is one job for Ethereum', () => {
    const planned = planDirect(SEGMENTS, SEGMENT, 'circom-groth16')
    if ('kind' in planned) throw new Error(planned.code)
    const { jobs, top, below, statement } = planned
    expect(jobs).toEqual([top.spec])
    expect(below).toEqual([top.spec.key])
    expect(top.spec).toMatchObject({ id: jobOf(statement), target: 'evm', system: 'circom-groth16' })
  })

  it('has neither neighbours nor state', () => {
    const code = (segments: typeof SEGMENTS) => {
      const planned = planDirect(segments, SEGMENT, 'circom-groth16')
      return 'kind' in planned ? planned.code : 'planned'
    }
    expect(code([])).toBe('not_alone')
    expect(code([...SEGMENTS, ...SEGMENTS])).toBe('not_alone')
    expect(code(segmentsOf(1))).toBe('not_stateless')
    expect(code(SEGMENTS.map((segment) => ({ ...segment, post: word(1) })))).toBe('not_stateless')
  })

  it('goes to nodes that have its proof system', () => {
    const planned = planDirect(SEGMENTS, SEGMENT, 'circom-groth16')
    if ('kind' in planned) throw new Error(planned.code)
    const plan = new Plan(RULES)
    plan.add('request', 1, planned.jobs)
    const node: Taker = {
      prover: prover(1),
      node: 'a',
      maxGates: 1000,
      gatesPerSecond: 1000,
      systems: new Set(['circom-plonk']),
    }
    expect(plan.take(node, 'lease', 0, 10)).toBeNull()
    const able = { ...node, systems: new Set(['circom-plonk', 'circom-groth16']) }
    expect(plan.take(able, 'lease', 0, 10)?.job.spec.key).toBe(planned.top.spec.key)
  })
})
