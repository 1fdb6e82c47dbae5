import { type BuiltIn, MERGE, PAD } from '@weft/circuits'
import type { Artifact, MergeChild, VerificationKey } from '@weft/proof'
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

// Real proofs all the way: about half a minute for each merge on two cores. So there is one attack for each thing
// that verifying a child adds to its claim, spread over both children: the quick tests have the rest.

const MINUTES = 10 * 60_000

interface Prepared {
  readonly artifact: Artifact
  readonly key: VerificationKey
}

let system: NoirSystem
let pad: Prepared
let merge: Prepared

const prepare = async ({ folder }: BuiltIn): Promise<Prepared> => {
  const artifact = await system.compile(folder)
  return { artifact, key: await system.setup(artifact, 'recursive', limits) }
}

const prove = async ({ artifact, key }: Prepared, inputs: Parameters<NoirSystem['execute']>[1]) =>
  system.prove(artifact, key, await system.execute(artifact, inputs, limits), limits)

const provePad = async (output: number): Promise<MergeChild> => {
  const post = uintToBytes32(BigInt(output))
  const proof = await prove(pad, { output: toLanes(post), prover: PROVER })
  const statement = {
    pre: ZERO_BYTES32,
    post,
    data: ZERO_BYTES32,
    program: programId(ULTRAHONK, pad.key.hash),
  }
  return { claim: { kind: 'transition', ...statement, prover: PROVER, work: PAD.work }, key: pad.key, proof }
}

const by = () => ({ prover: PROVER, work: MERGE.work, mergeKey: merge.key.hash })

const proveMerge = (mode: 'sequence' | 'parallel', left: MergeChild, right: MergeChild) =>
  prove(merge, system.mergeInputs(mode, left, right, { prover: PROVER, mergeKey: merge.key.hash }))

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

/** The order in which two children may be merged in parallel. */
const ascending = (one: MergeChild, other: MergeChild) =>
  isAscending(one.claim, other.claim) ? ([one, other] as const) : ([other, one] as const)

/** Whether a merge of two children in parallel, whatever is wrong with them, verifies as what they say. */
const mergeVerifies = async (left: MergeChild, right: MergeChild) =>
  verifies(parallelOf(left.claim, right.claim, by()), await proveMerge('parallel', left, right))

let left: MergeChild
let right: MergeChild
/** Of two pads; a pad's state before is zero, so the one with output zero continues into any other. */
let sequence: MergeChild
/** Of that sequence and a pad; proven by the test that it verifies. */
let set: MergeChild

beforeAll(async () => {
  system = await realSystem()
  pad = await prepare(PAD)
  merge = await prepare(MERGE)
  const [still, moved] = [await provePad(0), await provePad(5)]
  ;[left, right] = ascending(still, moved)
  const claim = sequenceOf(still.claim, moved.claim, by())
  sequence = { claim, key: merge.key, proof: await proveMerge('sequence', still, moved) }
}, MINUTES)
afterAll(() => system.close())

describe('honest merges verify', () => {
  test('in sequence', async () => {
    expect(await verifies(sequence.claim, sequence.proof)).toBe(true)
  })

  test('of a merge and a leaf in parallel, for their own claim alone', { timeout: MINUTES }, async () => {
    const [first, second] = ascending(sequence, left)
    const proof = await proveMerge('parallel', first, second)
    const claim = parallelOf(first.claim, second.claim, by())
    set = { claim, key: merge.key, proof }
    expect(await verifies(claim, proof)).toBe(true)
    expect(await verifies({ ...claim, count: 3 }, proof)).toBe(false)
    const other = parallelOf(first.claim, second.claim, { ...by(), prover: `0x${'cc'.repeat(20)}` })
    expect(await verifies(other, proof)).toBe(false)
  })
})

describe('attacks do not verify', () => {
  // Without the verification of that child, and of nothing else, each of the first two verifies.

  test('a changed prover address on the left', { timeout: MINUTES }, async () => {
    // One hash has all words of a claim, and honest merges show that it is this hash that is verified: what holds
    // for the prover holds for the work and all else that a claim says.
    const thief = { ...left.claim, prover: `0x${'cc'.repeat(20)}` } as Child
    expect(await mergeVerifies({ ...left, claim: thief }, right)).toBe(false)
  })

  test("a leaf under another program's key on the right", { timeout: MINUTES }, async () => {
    // The key is the pad's, its hash another program's, under which the claim would count.
    const hash = foreignHashes().find((candidate) => isAscending(left.claim, under(candidate)))
    if (hash === undefined) throw new Error('no foreign program behind the left child')
    const foreign = { ...right, claim: under(hash), key: { ...right.key, hash } }
    expect(await mergeVerifies(left, foreign)).toBe(false)
  })

  test('a set of claims claimed as a sequence', { timeout: MINUTES }, async () => {
    // From zero to zero, so that any pad continues it.
    const claim: Sequence = {
      kind: 'sequence',
      mergeKey: merge.key.hash,
      program: right.claim.kind === 'transition' ? right.claim.program : ZERO_BYTES32,
      pre: ZERO_BYTES32,
      post: ZERO_BYTES32,
      data: ZERO_BYTES32,
      work: 1n,
      payouts: ZERO_BYTES32,
    }
    const forged = await proveMerge('sequence', { ...set, claim }, right)
    expect(await verifies(sequenceOf(claim, right.claim, by()), forged)).toBe(false)
  })

  test('a sequence claimed as a set of claims', { timeout: MINUTES }, async () => {
    // The same words under another tag, and all else as it has to be.
    const { claim } = sequence
    if (claim.kind !== 'sequence') throw new Error('not a sequence')
    const { mergeKey, program, pre, post, data, work, payouts } = claim
    const words: Parallel = {
      kind: 'parallel',
      mergeKey,
      claims: program,
      count: Number(BigInt(pre)),
      payouts: post,
      first: data,
      last: uintToBytes32(work),
      job: payouts,
    }
    expect(await mergeVerifies({ ...sequence, claim: words }, right)).toBe(false)
  })
})

const foreignHashes = () => Array.from({ length: 64 }, (_, i) => uintToBytes32(BigInt(i + 1)))

/** The right leaf as a claim of the program with that key hash. */
const under = (hash: Bytes32) => ({ ...right.claim, program: programId(ULTRAHONK, hash) }) as Child
