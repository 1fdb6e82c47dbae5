import { type ChildRef, type Digest, type Job, type Lease, PRIVATE_INPUTS } from '@weft/api'
import {
  type DirectSystem,
  type Inputs,
  type MergeChild,
  ProofError,
  type ProofSystem,
  type VerificationKey,
} from '@weft/proof'
import {
  type Address,
  type Bytes32,
  type Child,
  jobOf,
  MergeError,
  type ProofClaim,
  parallelOf,
  sequenceOf,
  type Transition,
} from '@weft/protocol'
import type { PrivateInputs } from '../private-inputs/open.js'
import type { Blobs } from './blobs.js'
import { parseInputs } from './inputs.js'
import type { LoadedProgram, Programs } from './programs.js'

interface CommonTask {
  readonly program: LoadedProgram
  readonly key: VerificationKey
  readonly inputs: Inputs
}

/** What proving a job takes whose proof is merged. */
export interface MergedTask extends CommonTask {
  readonly kind: 'merged'
  /** What the proof has to say. */
  readonly claim: ProofClaim
}

/** What proving a job takes whose proof nothing merges. */
export interface DirectTask extends CommonTask {
  readonly kind: 'direct'
  readonly system: DirectSystem
  /** The hash of the public inputs that the proof has to have. */
  readonly data: Bytes32
}

/** All that proving a job takes. */
export type Task = MergedTask | DirectTask

export interface TaskOptions {
  readonly system: ProofSystem
  readonly programs: Programs
  readonly blobs: Blobs
  readonly prover: Address
  readonly mergeProgram: Bytes32
  readonly maxInputBytes: number
  /** Null without a market: nothing is sealed to a node that was not matched. */
  readonly privateInputs: PrivateInputs | null
}

type Segment = Extract<Job, { kind: 'segment' }>
type Merge = Extract<Job, { kind: 'merge' }>

const wrongJob = (job: Job) =>
  new ProofError('bad_inputs', `job ${job.id} is not the one that its contents make`, { job: job.id })

const keyOf = (program: LoadedProgram, job: Job): VerificationKey => {
  const key = job.target === 'evm' ? program.evmKey : program.key
  if (key === null) throw new ProofError('bad_inputs', `program ${program.id} has no key for Ethereum`)
  return key
}

/** A segment's inputs as they are, whoever could read them on the way. */
const fetchInputs = (
  { blobs, privateInputs, maxInputBytes }: TaskOptions,
  lease: Lease,
  inputs: Digest,
  signal: AbortSignal,
): Promise<Uint8Array> => {
  if (inputs !== PRIVATE_INPUTS) return blobs.fetch(inputs, maxInputBytes, signal)
  if (privateInputs !== null) return privateInputs.open(lease, signal)
  throw new ProofError('bad_inputs', 'this node has no market, and so no key for private inputs')
}

const segmentTask = async (
  options: TaskOptions,
  lease: Lease,
  job: Segment,
  signal: AbortSignal,
): Promise<Task> => {
  const { programs, prover } = options
  const { inputs, ...statement } = job.segment
  if (jobOf({ program: job.program, ...statement }) !== job.id) throw wrongJob(job)
  const [program, bytes] = await Promise.all([
    programs.load(job.program, signal),
    fetchInputs(options, lease, inputs, signal),
  ])
  const [key, parsed] = [keyOf(program, job), parseInputs(bytes)]
  // Nothing that such a proof makes public names its prover.
  if (program.direct !== null)
    return { kind: 'direct', system: program.direct, program, key, inputs: parsed, data: statement.data }
  const claim: Transition = { kind: 'transition', ...statement, prover, work: program.work }
  return { kind: 'merged', program, key, inputs: { ...parsed, prover }, claim }
}

/** The program whose key verifies a child. */
const programOf = (claim: Child, mergeProgram: Bytes32) =>
  claim.kind === 'transition' ? claim.program : mergeProgram

const mergeChild = async (options: TaskOptions, ref: ChildRef, signal: AbortSignal): Promise<MergeChild> => {
  const { programs, blobs, system } = options
  const [program, proof] = await Promise.all([
    programs.load(programOf(ref.claim, options.mergeProgram), signal),
    blobs.fetch(ref.proof, system.maxProofBytes, signal),
  ])
  return { claim: ref.claim, proof, key: program.key }
}

const mergedClaim = (job: Merge, program: LoadedProgram, prover: Address): ProofClaim => {
  const { mode, left, right } = job.merge
  const by = { prover, work: program.work, mergeKey: program.key.hash }
  try {
    return mode === 'sequence'
      ? sequenceOf(left.claim, right.claim, by)
      : parallelOf(left.claim, right.claim, by)
  } catch (cause) {
    if (!(cause instanceof MergeError)) throw cause
    throw new ProofError('bad_inputs', `the children cannot be merged: ${cause.message}`, {}, { cause })
  }
}

const mergeTask = async (options: TaskOptions, job: Merge, signal: AbortSignal): Promise<Task> => {
  const { system, programs, prover } = options
  if (job.program !== options.mergeProgram) throw wrongJob(job)
  const [program, left, right] = await Promise.all([
    programs.load(job.program, signal),
    mergeChild(options, job.merge.left, signal),
    mergeChild(options, job.merge.right, signal),
  ])
  const claim = mergedClaim(job, program, prover)
  const id = claim.kind === 'parallel' ? claim.job : claim.kind === 'sequence' ? jobOf(claim) : null
  if (id !== job.id) throw wrongJob(job)
  const inputs = system.mergeInputs(job.merge.mode, left, right, { prover, mergeKey: program.key.hash })
  return { kind: 'merged', program, key: keyOf(program, job), inputs, claim }
}

/** Fetches what a lease's job needs and checks that it is that job. Errors: `bad_inputs`, those of `Programs` and `Blobs`. */
export const prepareTask = (options: TaskOptions, lease: Lease, signal: AbortSignal): Promise<Task> => {
  const { job } = lease
  return job.kind === 'segment' ? segmentTask(options, lease, job, signal) : mergeTask(options, job, signal)
}
