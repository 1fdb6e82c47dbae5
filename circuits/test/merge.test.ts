import { MERGE } from '@weft/circuits'
import type { MergeChild, VerificationKey } from '@weft/proof'
import {
  type Bytes32,
  type Child,
  MAX_SEQUENCE_WORK,
  MERGE_WORK,
  MergeError,
  type Parallel,
  parallelOf,
  programId,
  publicInput,
  sequenceOf,
  ULTRAHONK,
  uintToBytes32,
} from '@weft/protocol'
import { KEY_FIELDS, type NoirSystem, PROOF_FIELDS } from '@weft/system-noir'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PROVER, realSystem, runner } from './support.js'

// The simulator does not verify proofs, so these children have none: what is tested is what the merge makes of
// their claims. Merges of real proofs are in merge-proofs.test.ts.

const word = (value: number): Bytes32 => uintToBytes32(BigInt(value))
const keyOf = (hash: Bytes32): VerificationKey => ({
  target: 'recursive',
  bytes: new Uint8Array(32 * KEY_FIELDS),
  hash,
})
const MERGE_KEY = keyOf(word(0x3e76e))
const OTHER_MERGE_KEY = keyOf(word(0xbad))
const LEAF_KEY = keyOf(word(0x1eaf))
const OTHER_KEY = keyOf(word(0x07e5))
const by = { prover: PROVER, work: MERGE_WORK, mergeKey: MERGE_KEY.hash }
const foreign = { ...by, mergeKey: OTHER_MERGE_KEY.hash }

type LeafChild = Extract<Child, { kind: 'transition' }>
const leaf = (pre: number, post: number, key = LEAF_KEY): LeafChild => ({
  kind: 'transition',
  pre: word(pre),
  post: word(post),
  data: word(1000 + post),
  prover: `0x${'b2'.repeat(20)}`,
  work: 77n,
  program: programId(ULTRAHONK, key.hash),
})

const withKey = (claim: Child, key = claim.kind === 'transition' ? LEAF_KEY : MERGE_KEY): MergeChild => ({
  claim,
  key,
  proof: new Uint8Array(32 * PROOF_FIELDS),
})

/** The order in which two children may be merged in parallel. */
const ascending = (a: Child, b: Child): [Child, Child] => {
  try {
    parallelOf(a, b, by)
    return [a, b]
  } catch {
    return [b, a]
  }
}

/** Two sets of two leaves each, in the order in which they may be merged. */
const twoSets = (): [Parallel, Parallel] => {
  const leaves = [1, 3, 5, 7].map((i) => leaf(10 * i, 10 * i + 1))
  const [a, b, c, d] = leaves.sort((x, y) => (ascending(x, y)[0] === x ? -1 : 1)) as [
    Child,
    Child,
    Child,
    Child,
  ]
  return [parallelOf(a, b, by), parallelOf(c, d, by)]
}

let system: NoirSystem
let run: Awaited<ReturnType<typeof runner>>
const merge = (
  mode: 'sequence' | 'parallel',
  left: MergeChild,
  right: MergeChild,
  mergeKey = MERGE_KEY.hash,
) => run(system.mergeInputs(mode, left, right, { prover: PROVER, mergeKey }))

beforeAll(async () => {
  system = await realSystem()
  run = await runner(system, MERGE)
})
afterAll(() => system.close())

const [a, b, c, d] = [leaf(1, 2), leaf(2, 3), leaf(3, 4), leaf(4, 5)]
const stranger = leaf(8, 9, OTHER_KEY)
const ab = sequenceOf(a, b, by)
const cd = sequenceOf(c, d, by)

describe('composes the claims that TypeScript composes', () => {
  test.each([
    ['two leaves', a, b],
    ['a merge and a leaf', ab, c],
    ['a leaf and a merge', b, cd],
    ['two merges', ab, cd],
  ])('in sequence: %s', async (_, left, right) => {
    expect(await merge('sequence', withKey(left), withKey(right))).toBe(
      publicInput(sequenceOf(left, right, by)),
    )
  })

  test.each<[string, Child, Child]>([
    ['two leaves', a, b],
    ['two sequences', ab, cd],
    ['a leaf and a sequence', a, cd],
  ])('in parallel: %s', async (_, one, other) => {
    const [left, right] = ascending(one, other)
    const composed = publicInput(parallelOf(left, right, by))
    expect(await merge('parallel', withKey(left), withKey(right))).toBe(composed)
  })

  test('in parallel: leaves of two programs', async () => {
    const [left, right] = ascending(a, stranger)
    const keyed = (claim: Child) => withKey(claim, claim === stranger ? OTHER_KEY : LEAF_KEY)
    expect(await merge('parallel', keyed(left), keyed(right))).toBe(publicInput(parallelOf(left, right, by)))
  })

  test('in parallel: a set and a claim', async () => {
    const [first, second, third] = [a, c, ab].sort((x, y) => (ascending(x, y)[0] === x ? -1 : 1)) as [
      Child,
      Child,
      Child,
    ]
    for (const [left, right] of [
      [parallelOf(first, second, by), third],
      [first, parallelOf(second, third, by)],
    ] as const) {
      expect(await merge('parallel', withKey(left), withKey(right))).toBe(
        publicInput(parallelOf(left, right, by)),
      )
    }
  })

  test('in parallel: work of any size, which is summed by nobody', async () => {
    const [left, right] = ascending({ ...a, work: MAX_SEQUENCE_WORK + 1n }, { ...c, work: 2n ** 256n - 1n })
    const composed = publicInput(parallelOf(left, right, by))
    expect(await merge('parallel', withKey(left), withKey(right))).toBe(composed)
  })

  test('in parallel: two sets', async () => {
    const [left, right] = twoSets()
    expect(await merge('parallel', withKey(left), withKey(right))).toBe(
      publicInput(parallelOf(left, right, by)),
    )
  })
})

describe('attacks have no witness', () => {
  test('children swapped in a sequence', async () => {
    await expect(merge('sequence', withKey(b), withKey(a))).rejects.toThrow(
      'does not start where the left one ends',
    )
  })
  test('a gap between left.post and right.pre', async () => {
    await expect(merge('sequence', withKey(a), withKey(c))).rejects.toThrow(
      'does not start where the left one ends',
    )
  })
  test('children swapped in parallel', async () => {
    const [left, right] = ascending(ab, cd)
    await expect(merge('parallel', withKey(right), withKey(left))).rejects.toThrow('not strictly ascending')
  })
  test('a duplicated child', async () => {
    await expect(merge('parallel', withKey(ab), withKey(ab))).rejects.toThrow('a duplicated child')
    const still = leaf(6, 6)
    await expect(merge('sequence', withKey(still), withKey(still))).rejects.toThrow('a duplicated child')
  })
  test('a claim that is already deep inside the other set', async () => {
    const [left, right] = ascending(ab, cd)
    const set = parallelOf(left, right, by)
    for (const [one, other] of [
      [set, right],
      [set, left],
      [left, set],
      [right, set],
    ] as const) {
      await expect(merge('parallel', withKey(one), withKey(other))).rejects.toThrow('not strictly ascending')
    }
  })
  test('a sequence over two programs', async () => {
    const other = leaf(2, 3, OTHER_KEY)
    await expect(merge('sequence', withKey(a), withKey(other, OTHER_KEY))).rejects.toThrow(
      'different programs',
    )
  })
  test('a sequence of sets', async () => {
    const set = parallelOf(...ascending(a, c), by)
    await expect(merge('sequence', withKey(set), withKey(b))).rejects.toThrow('a sequence of a set')
    await expect(merge('sequence', withKey(a), withKey(set))).rejects.toThrow('a sequence of a set')
  })
  test('a node proven by a look-alike merge circuit', async () => {
    const lookAlike = withKey(sequenceOf(a, b, foreign), OTHER_MERGE_KEY)
    await expect(merge('sequence', lookAlike, withKey(cd))).rejects.toThrow('a node under a foreign key')
    await expect(merge('sequence', lookAlike, withKey(cd), OTHER_MERGE_KEY.hash)).rejects.toThrow(
      'foreign key',
    )
  })
  test('a node whose claim carries another merge key', async () => {
    const inner = withKey(sequenceOf(a, b, foreign), MERGE_KEY)
    await expect(merge('sequence', inner, withKey(cd))).rejects.toThrow('a node of another merge circuit')
  })
  test('a leaf that says it is a node', async () => {
    await expect(merge('sequence', withKey(ab, LEAF_KEY), withKey(cd))).rejects.toThrow(
      'a node under a foreign key',
    )
  })
  test('a node that says it is a leaf', async () => {
    await expect(merge('sequence', withKey(a, MERGE_KEY), withKey(b))).rejects.toThrow(
      'a leaf under the merge key',
    )
  })
  test('an unknown kind of claim', async () => {
    const inputs = system.mergeInputs('sequence', withKey(a), withKey(b), {
      prover: PROVER,
      mergeKey: MERGE_KEY.hash,
    })
    const left = { ...(inputs.left as object), kind: 3 }
    await expect(run({ ...inputs, left } as never)).rejects.toThrow('no such kind of claim')
  })
  test('work beyond 64 bits, or that overflows the sum', async () => {
    const huge = { ...a, work: MAX_SEQUENCE_WORK + 1n }
    await expect(merge('sequence', withKey(huge), withKey(b))).rejects.toThrow('not a u64')
    const next = { ...b, work: MAX_SEQUENCE_WORK + 1n }
    await expect(merge('sequence', withKey(a), withKey(next))).rejects.toThrow('not a u64')
    const most = { ...a, work: MAX_SEQUENCE_WORK - MERGE_WORK - b.work }
    expect(await merge('sequence', withKey(most), withKey(b))).toBe(publicInput(sequenceOf(most, b, by)))
    const much = { ...a, work: most.work + 1n }
    await expect(merge('sequence', withKey(much), withKey(b))).rejects.toThrow('attempt to add with overflow')
    for (const [left, right] of [
      [huge, b],
      [a, next],
      [much, b],
    ] as const) {
      expect(() => sequenceOf(left, right, by)).toThrow(MergeError)
    }
  })
  test('more claims than 64 bits count', async () => {
    const [left, right] = twoSets()
    const counting = (claim: Parallel, count: number) => withKey({ ...claim, count })
    const beyond = merge('parallel', counting(left, 2 ** 64), withKey(right))
    await expect(beyond).rejects.toThrow('not a u64')
    const together = merge('parallel', counting(left, 2 ** 63), counting(right, 2 ** 63))
    await expect(together).rejects.toThrow('attempt to add with overflow')
  })
})

describe('what a child says decides what is proven of it', () => {
  // Each change gives another public field for the child, under which its proof does not verify.
  const changes: [string, Partial<LeafChild>][] = [
    ['prover', { prover: `0x${'cc'.repeat(20)}` }],
    ['work', { work: 78n }],
    ['data', { data: word(5) }],
    ['pre-state', { pre: word(0) }],
  ]
  test.each(changes)('%s', async (_, change) => {
    const changed = { ...a, ...change }
    expect(publicInput(changed)).not.toBe(publicInput(a))
    const composed = publicInput(sequenceOf(changed, b, by))
    expect(await merge('sequence', withKey(changed), withKey(b))).toBe(composed)
    expect(composed).not.toBe(publicInput(sequenceOf(a, b, by)))
  })
})
