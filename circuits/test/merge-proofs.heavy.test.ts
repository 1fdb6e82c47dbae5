import { MERGE, PAD } from '@weft/circuits'
import {
  type Artifact,
  type MergeChild,
  type MergeProgram,
  type Program,
  prepareMerge,
  prepareProgram,
} from '@weft/proof'
import {
  type Bytes32,
  type Child,
  MergeError,
  type Parallel,
  parallelOf,
  programId,
  publicInput,
  type Sequence,
  sequenceOf,
  ULTRAHONK,
  uintToBytes32,
  ZERO_BYTES32,
} from '@weft/protocol'
import { type NoirSystem, toLanes } from '@weft/system-noir'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { limits, PROVER, realSystem } from './support.js'

// Real proofs all the way: about half a minute for each merge on two cores.

const MINUTES = 10 * 60_000

let system: NoirSystem
let pad: Program
let merge: MergeProgram

const prepare = async (name: { folder: string; work: bigint }) => {
  const artifact: Artifact = await system.compile(name.folder)
  return prepareProgram(system, artifact, name.work, limits)
}

const provePad = async (output: number): Promise<MergeChild> => {
  const post = uintToBytes32(BigInt(output))
  const witness = await system.execute(pad.artifact, { output: toLanes(post), prover: PROVER }, limits)
  const proof = await system.prove(pad.artifact, pad.key, witness, limits)
  const claim = {
    kind: 'transition',
    pre: ZERO_BYTES32,
    post,
    data: ZERO_BYTES32,
    prover: PROVER,
    work: PAD.work,
  } as const
  return { claim: { ...claim, program: pad.id }, key: pad.key, proof }
}

const by = () => ({ prover: PROVER, work: merge.work, mergeKey: merge.key.hash })

const proveMerge = async (mode: 'sequence' | 'parallel', left: MergeChild, right: MergeChild) => {
  const inputs = system.mergeInputs(mode, left, right, { prover: PROVER, mergeKey: merge.key.hash })
  const witness = await system.execute(merge.artifact, inputs, limits)
  return system.prove(merge.artifact, merge.key, witness, limits)
}

const verifies = (claim: Child, proof: Uint8Array) => system.verify(merge.key, publicInput(claim), proof)

const isAscending = (one: Child, other: Child): boolean => {
  try {
    parallelOf(one, other, by())
    return true
  } catch (error) {
    if (error instanceof MergeError) return false
    throw error
  }
}

const ascending = async () => {
  const [a, b] = [await provePad(1), await provePad(2)]
  return isAscending(a.claim, b.claim) ? ([a, b] as const) : ([b, a] as const)
}

let left: MergeChild
let right: MergeChild

beforeAll(async () => {
  system = await realSystem()
  pad = await prepare(PAD)
  merge = await prepareMerge(system, await system.compile(MERGE.folder), MERGE.work, limits)
  ;[left, right] = await ascending()
}, MINUTES)
afterAll(() => system.close())

describe('merges of real proofs', () => {
  let pair: MergeChild

  test('an honest merge verifies, for its own claim alone', { timeout: MINUTES }, async () => {
    const proof = await proveMerge('parallel', left, right)
    const claim = parallelOf(left.claim, right.claim, by())
    pair = { claim, key: merge.key, proof }
    expect(await verifies(claim, proof)).toBe(true)
    expect(await verifies({ ...claim, count: 3 }, proof)).toBe(false)
    const other = parallelOf(left.claim, right.claim, { ...by(), prover: `0x${'cc'.repeat(20)}` })
    expect(await verifies(other, proof)).toBe(false)
  })

  test("a leaf under another program's key", { timeout: MINUTES }, async () => {
    // The key is the pad's, its hash another program's, under which the claim would count.
    const hash = foreignHashes().find((candidate) => isAscending(under(candidate), right.claim))
    if (hash === undefined) throw new Error('no foreign program before the right child')
    const proof = await proveMerge('parallel', { ...left, key: { ...left.key, hash } }, right)
    expect(await verifies(parallelOf(under(hash), right.claim, by()), proof)).toBe(false)
  })

  test('a changed prover address', { timeout: MINUTES }, async () => {
    const thief = { ...left.claim, prover: `0x${'cc'.repeat(20)}` } as Child
    const proof = await proveMerge('parallel', { ...left, claim: thief }, right)
    expect(await verifies(parallelOf(thief, right.claim, by()), proof)).toBe(false)
  })

  test('changed work', { timeout: MINUTES }, async () => {
    const greedy = { ...left.claim, work: PAD.work * 2n } as Child
    const proof = await proveMerge('parallel', { ...left, claim: greedy }, right)
    expect(await verifies(parallelOf(greedy, right.claim, by()), proof)).toBe(false)
  })

  test('a parallel claim claimed as a sequence', { timeout: MINUTES }, async () => {
    const third = await provePad(3)
    const claim: Sequence = {
      kind: 'sequence',
      mergeKey: merge.key.hash,
      program: pad.id,
      pre: ZERO_BYTES32,
      post: ZERO_BYTES32,
      data: ZERO_BYTES32,
      work: 1n,
      payouts: ZERO_BYTES32,
    }
    const proof = await proveMerge('sequence', { ...pair, claim }, third)
    expect(await verifies(sequenceOf(claim, third.claim, by()), proof)).toBe(false)
  })
})

describe('a sequence of real proofs', () => {
  test('verifies, and is refused where it is claimed as parallel', { timeout: MINUTES }, async () => {
    // A pad's state before is zero, so one with output zero continues into any other.
    const [still, moved, third] = [await provePad(0), await provePad(5), await provePad(6)]
    const proof = await proveMerge('sequence', still, moved)
    const honest = sequenceOf(still.claim, moved.claim, by())
    expect(await verifies(honest, proof)).toBe(true)

    const claim: Parallel = {
      kind: 'parallel',
      mergeKey: merge.key.hash,
      claims: honest.payouts,
      count: 2,
      payouts: honest.payouts,
      first: ZERO_BYTES32,
      last: ZERO_BYTES32,
      job: ZERO_BYTES32,
    }
    const forged = await proveMerge('parallel', { claim, key: merge.key, proof }, third)
    expect(await verifies(parallelOf(claim, third.claim, by()), forged)).toBe(false)
  })
})

const foreignHashes = () => Array.from({ length: 64 }, (_, i) => uintToBytes32(BigInt(i + 1)))

/** The left leaf as a claim of the program with that key hash. */
const under = (hash: Bytes32) => ({ ...left.claim, program: programId(ULTRAHONK, hash) }) as Child
