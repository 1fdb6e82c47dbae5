import {
  type Child,
  CLAIM_TAGS,
  claimHash,
  claimPath,
  claimsRoot,
  claimsRootOf,
  dataRoot,
  finish,
  foldTree,
  hashWords,
  hexToBytes,
  jobOf,
  keccak256,
  leftCount,
  MAX_SEQUENCE_WORK,
  MERGE_WORK,
  MergeError,
  type PayoutTree,
  parallelOf,
  payoutEntry,
  payoutPaths,
  payoutRoot,
  payoutRootOf,
  proofClaimHash,
  publicInput,
  sequenceOf,
  sharedWorkPerClaimUp,
  tag,
  uintToBytes32,
} from '@weft/protocol'
import { AbiCoder, keccak256 as ethersKeccak, toUtf8Bytes } from 'ethers'
import fc from 'fast-check'
import { encodeAbiParameters, keccak256 as viemKeccak } from 'viem'
import { describe, expect, test } from 'vitest'
import { address, ascending, bytes32, chain, type Leaf, leaf, payoutTree, work } from './arbitrary.js'

const MERGE_KEY = uintToBytes32(0x3e76en)
const by = { prover: `0x${'a1'.repeat(20)}`, work: MERGE_WORK, mergeKey: MERGE_KEY } as const
const coder = AbiCoder.defaultAbiCoder()

describe('hashes are those of viem and ethers', () => {
  test('keccak-256', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(keccak256(bytes)).toBe(viemKeccak(bytes))
        expect(keccak256(bytes)).toBe(ethersKeccak(bytes))
      }),
    )
  })

  test('tags', () => expect(tag('transition')).toBe(ethersKeccak(toUtf8Bytes('weft.transition.v1'))))

  test('ABI encoding of words and addresses', () => {
    fc.assert(
      fc.property(bytes32, address, work, (word, prover, amount) => {
        const own = hashWords(word, prover, uintToBytes32(amount))
        const types = ['bytes32', 'address', 'uint256']
        const values = [word, prover, amount] as const
        expect(own).toBe(
          viemKeccak(
            encodeAbiParameters(
              types.map((type) => ({ type })),
              values as never,
            ),
          ),
        )
        expect(own).toBe(ethersKeccak(coder.encode(types, values)))
      }),
    )
  })

  test('a transition’s claim and its public field', () => {
    fc.assert(
      fc.property(leaf, (claim) => {
        const types = ['bytes32', 'bytes32', 'bytes32', 'bytes32', 'address', 'uint256']
        const { pre, post, data, prover, work: gates } = claim
        const expected = ethersKeccak(
          coder.encode(types, [CLAIM_TAGS.transition, pre, post, data, prover, gates]),
        )
        expect(proofClaimHash(claim)).toBe(expected)
        expect(BigInt(publicInput(claim))).toBe(BigInt(expected) >> 8n)
      }),
    )
  })

  test('every tag is its own', () => {
    const tags = Object.values(CLAIM_TAGS)
    expect(new Set(tags).size).toBe(tags.length)
  })
})

describe('merges', () => {
  const sequence = (leaves: readonly Child[]) =>
    foldTree(leaves, (left, right) => sequenceOf(left, right, by)) as ReturnType<typeof sequenceOf>

  test('a sequence goes from the first state to the last, and sums the work', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 9 }).chain(chain), (leaves) => {
        const whole = sequence(leaves)
        expect(whole.pre).toBe(leaves[0]?.pre)
        expect(whole.post).toBe(leaves.at(-1)?.post)
        expect(whole.data).toBe(dataRoot(leaves.map(({ data }) => data)))
        const own = BigInt(leaves.length - 1) * MERGE_WORK
        expect(whole.work).toBe(leaves.reduce((sum, one) => sum + one.work, own))
      }),
    )
  })

  test('a set’s claims root opens to each claim', () => {
    fc.assert(
      fc.property(fc.array(leaf, { minLength: 2, maxLength: 12 }), (leaves) => {
        const sorted = ascending(leaves)
        fc.pre(sorted.length > 1)
        const set = foldTree<Child>(sorted, (left, right) => parallelOf(left, right, by))
        const hashes = sorted.map((one) => claimHash(finish(one, one.program)))
        if (set.kind !== 'parallel') throw new Error('not a set')
        expect(set.count).toBe(sorted.length)
        expect(set.claims).toBe(claimsRoot(hashes))
        for (const [at, hash] of hashes.entries()) {
          expect(claimsRootOf(hash, claimPath(hashes, at))).toBe(set.claims)
        }
      }),
    )
  })

  const code = (work: () => unknown) => {
    try {
      work()
      return 'none'
    } catch (error) {
      return error instanceof MergeError ? error.code : String(error)
    }
  }

  test('what has no witness in the circuit is refused', () => {
    fc.assert(
      fc.property(chain(3), ([a, b, c]) => {
        const [left, middle, right] = [a, b, c] as [Leaf, Leaf, Leaf]
        expect(code(() => sequenceOf(left, right, by))).toBe('state_gap')
        expect(code(() => sequenceOf(middle, left, by))).toBe('state_gap')
        const other = { ...middle, program: uintToBytes32(1n) }
        expect(code(() => sequenceOf(left, other, by))).toBe('program_mismatch')
        expect(code(() => parallelOf(left, left, by))).toBe('duplicate_child')
        const [low, high] = ascending([left, right]) as [Leaf, Leaf]
        expect(code(() => parallelOf(high, low, by))).toBe('not_ascending')
        const set = parallelOf(low, high, by)
        expect(code(() => sequenceOf(set, middle, by))).toBe('sequence_of_parallel')
        const foreign = sequenceOf(left, middle, { ...by, mergeKey: uintToBytes32(2n) })
        expect(code(() => sequenceOf(foreign, right, by))).toBe('foreign_merge_key')
      }),
    )
  })

  test('the work of a sequence fits 64 bits', () => {
    fc.assert(
      fc.property(chain(3), ([a, b, c]) => {
        const [left, middle, right] = [a, b, c] as [Leaf, Leaf, Leaf]
        const most = MAX_SEQUENCE_WORK - MERGE_WORK - middle.work
        const full = sequenceOf({ ...left, work: most }, middle, by)
        expect(full.work).toBe(MAX_SEQUENCE_WORK)
        expect(code(() => sequenceOf({ ...left, work: most + 1n }, middle, by))).toBe('too_much_work')
        expect(code(() => sequenceOf(middle, { ...right, work: MAX_SEQUENCE_WORK + 1n }, by))).toBe(
          'too_much_work',
        )
        expect(code(() => sequenceOf(full, { ...right, work: 0n }, { ...by, work: 0n }))).toBe('none')
        expect(code(() => sequenceOf(full, { ...right, work: 0n }, by))).toBe('too_much_work')
      }),
    )
  })

  test('a set keeps the work of its claims, and counts them as long as it can', () => {
    fc.assert(
      fc.property(fc.tuple(leaf, leaf, leaf), (leaves) => {
        const [low, middle, high] = ascending(leaves)
        fc.pre(low !== undefined && middle !== undefined && high !== undefined)
        if (low === undefined || middle === undefined || high === undefined) return
        const great = { ...middle, work: MAX_SEQUENCE_WORK + 1n }
        expect(parallelOf(low, great, by).claims).not.toBe(parallelOf(low, middle, by).claims)
        const set = (count: number) => ({ ...parallelOf(low, middle, by), count })
        expect(parallelOf(set(Number.MAX_SAFE_INTEGER - 1), high, by).count).toBe(Number.MAX_SAFE_INTEGER)
        expect(code(() => parallelOf(set(Number.MAX_SAFE_INTEGER), high, by))).toBe('too_many_claims')
        expect(code(() => parallelOf(set(2 ** 64), high, by))).toBe('too_many_claims')
      }),
    )
  })
})

describe('payout trees', () => {
  const entriesOf = (tree: PayoutTree | null): number =>
    tree === null ? 0 : 'entry' in tree ? 1 : 1 + entriesOf(tree.left) + entriesOf(tree.right)

  test('every entry has one path, to the root, at a position of its own', () => {
    fc.assert(
      fc.property(payoutTree, (tree) => {
        const paths = payoutPaths(tree)
        expect(paths.length).toBe(entriesOf(tree))
        expect(new Set(paths.map(({ position }) => position)).size).toBe(paths.length)
        for (const path of paths) expect(payoutRootOf(path)).toBe(payoutRoot(tree))
      }),
    )
  })

  test('a path of a changed entry leads elsewhere', () => {
    fc.assert(
      fc.property(payoutTree, address, (tree, thief) => {
        const [path] = payoutPaths(tree)
        fc.pre(path !== undefined && path.entry.prover !== thief)
        if (path === undefined) return
        const stolen = { ...path, entry: { ...path.entry, prover: thief } }
        expect(payoutRootOf(stolen)).not.toBe(payoutRoot(tree))
      }),
    )
  })

  test('a position without a place is refused', () => {
    const entry = { prover: by.prover, work: 1n, job: uintToBytes32(1n) }
    const root = payoutEntry(entry)
    expect(() => payoutRootOf({ entry, position: 0n, siblings: [[root, root]] })).toThrow(RangeError)
  })
})

describe('trees', () => {
  test('the left part is the largest power of two below the count', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 1 << 20 }), (count) => {
        const left = leftCount(count)
        expect(Number.isInteger(Math.log2(left))).toBe(true)
        expect(left).toBeLessThan(count)
        expect(2 * left).toBeGreaterThanOrEqual(count)
      }),
    )
  })
  test.each([-1, 0, 1, 1.5])('%d leaves have no left part', (count) =>
    expect(() => leftCount(count)).toThrow(RangeError),
  )
  test('nothing has no root', () => expect(() => dataRoot([])).toThrow(RangeError))
  test('no path to what is not there', () =>
    expect(() => claimPath([uintToBytes32(1n)], 1)).toThrow(RangeError))
})

test('the shared work is covered, and no claim pays for a whole merge', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000 }), (count) => {
      const each = sharedWorkPerClaimUp(count)
      const total = BigInt(count - 1) * MERGE_WORK
      expect(each * BigInt(count)).toBeGreaterThanOrEqual(total)
      expect(each * BigInt(count) - total).toBeLessThan(BigInt(count))
      expect(each).toBeLessThan(MERGE_WORK)
    }),
  )
})

test('jobs are the same for every prover, and differ by statement', () => {
  fc.assert(
    fc.property(leaf, address, bytes32, (one, prover, data) => {
      expect(jobOf({ ...one, prover } as Leaf)).toBe(jobOf(one))
      fc.pre(data !== one.data)
      expect(jobOf({ ...one, data })).not.toBe(jobOf(one))
    }),
  )
})

test('hexadecimal is read strictly', () => {
  const long = `0x${'00'.repeat(33)}`
  for (const bad of ['0x0', '0xAB', '0xzz', 'ab', '', '0xé0', long]) {
    expect(() => hashWords(bad as never), bad).toThrow(TypeError)
  }
  const many = Array.from({ length: 40 }, (_, i) => uintToBytes32(BigInt(i)))
  expect(hashWords(...many)).toBe(ethersKeccak(`0x${many.map((word) => word.slice(2)).join('')}`))
  for (const bad of ['0x0', '0xAB', '0xzz', 'ab', ''])
    expect(() => hexToBytes(bad as never)).toThrow(TypeError)
  expect(() => uintToBytes32(-1n)).toThrow(RangeError)
  expect(() => uintToBytes32(2n ** 256n)).toThrow(RangeError)
})
