import type { ChildRef, JobView, Job as WireJob } from '@weft/api'
import { claimOf, type Job, type JobKey } from '@weft/plan'
import type { Context } from './context.js'

const childRef = (context: Context, key: JobKey): ChildRef => {
  const job = context.plan.job(key)
  if (!job?.proof) throw new Error(`a merge is ready, but its child ${key} is not proven`)
  return { claim: claimOf(context.plan, job, context.mergeKey), proof: job.proof.proof }
}

/** A job as a node is told it. */
export const jobToWire = (context: Context, { spec }: Job): WireJob => {
  const { id, target, program, gates, work } = spec
  const common = { id, target, program, gates, work }
  if (spec.kind === 'segment') {
    const { pre, post, data } = spec.statement
    return { kind: 'segment', ...common, segment: { pre, post, data, inputs: spec.inputs } }
  }
  const [left, right] = [childRef(context, spec.left), childRef(context, spec.right)]
  return { kind: 'merge', ...common, merge: { mode: spec.mode, left, right } }
}

/** A job as its batch or aggregate shows it. */
export const jobView = ({ spec, state, proof }: Job): JobView => ({
  id: spec.id,
  kind: spec.kind,
  target: spec.target,
  state,
  gates: spec.gates,
  prover: proof?.prover ?? null,
  seconds: proof ? Math.max(0, proof.provenMs - proof.startedMs) / 1000 : null,
})
