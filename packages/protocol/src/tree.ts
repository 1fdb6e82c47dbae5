import { claimsNode, dataNode } from './claim.js'
import type { Bytes32 } from './hex.js'

/**
 * How many of `count` neighbours go left: the largest power of two below it, as in RFC 6962 §2.1. With it the
 * number of leaves alone says the shape of a tree: plan, circuits' data and L1 agree on it without a word.
 */
export const leftCount = (count: number): number => {
  if (!Number.isSafeInteger(count) || count < 2) throw new RangeError(`${count} leaves have no left part`)
  return 2 ** Math.floor(Math.log2(count - 1))
}

/** Folds a row of at least one item into one, in that shape. */
export const foldTree = <T>(items: readonly T[], node: (left: T, right: T) => T): T => {
  const [only] = items
  if (only === undefined) throw new RangeError('a tree has at least one leaf')
  if (items.length === 1) return only
  const split = leftCount(items.length)
  return node(foldTree(items.slice(0, split), node), foldTree(items.slice(split), node))
}

/** The data commitment of a batch, from its segments' in order. */
export const dataRoot = (segments: readonly Bytes32[]): Bytes32 => foldTree(segments, dataNode)

/** The root of the claims tree, from claim hashes in ascending order of their jobs. */
export const claimsRoot = (claims: readonly Bytes32[]): Bytes32 => foldTree(claims, claimsNode)

/** The way from a claim hash up to the claims root. */
export interface ClaimPath {
  /** Bit i says whether the node at level i is a right child; the leaf's own level is bit 0. */
  readonly index: bigint
  /** The leaf's own sibling first. */
  readonly siblings: readonly Bytes32[]
}

/** Path of the claim at `at`. */
export const claimPath = (claims: readonly Bytes32[], at: number): ClaimPath => {
  if (claims[at] === undefined) throw new RangeError(`no claim at ${at} of ${claims.length}`)
  if (claims.length === 1) return { index: 0n, siblings: [] }
  const split = leftCount(claims.length)
  const [left, right] = [claims.slice(0, split), claims.slice(split)]
  const isRight = at >= split
  const below = isRight ? claimPath(right, at - split) : claimPath(left, at)
  return {
    index: below.index | ((isRight ? 1n : 0n) << BigInt(below.siblings.length)),
    siblings: [...below.siblings, claimsRoot(isRight ? left : right)],
  }
}

/** The root that a path leads to. */
export const claimsRootOf = (claim: Bytes32, path: ClaimPath): Bytes32 =>
  path.siblings.reduce(
    (node, sibling, level) =>
      (path.index >> BigInt(level)) & 1n ? claimsNode(sibling, node) : claimsNode(node, sibling),
    claim,
  )
