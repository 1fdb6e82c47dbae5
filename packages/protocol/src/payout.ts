import { hashWords, tag } from './hash.js'
import { type Address, type Bytes32, uintToBytes32, ZERO_BYTES32 } from './hex.js'

const ENTRY = tag('entry')
const PAYOUTS = tag('payouts')

/** Who proved which job, and how much work it was. */
export interface PayoutEntry {
  readonly prover: Address
  /** In gates. */
  readonly work: bigint
  readonly job: Bytes32
}

/** A leaf of the payout tree. */
export const payoutEntry = (entry: PayoutEntry): Bytes32 =>
  hashWords(ENTRY, entry.prover, uintToBytes32(entry.work), entry.job)

/** An inner node of the payout tree: both children's roots and the merge's own entry. */
export const payoutNode = (left: Bytes32, right: Bytes32, own: Bytes32): Bytes32 =>
  hashWords(PAYOUTS, left, right, own)

/** A payout tree as it grows with the merges. */
export type PayoutTree =
  | { readonly entry: PayoutEntry }
  | { readonly left: PayoutTree | null; readonly right: PayoutTree | null; readonly own: PayoutEntry }

/** 0 left, 1 right, 2 the merge's own entry. */
type Place = 0 | 1 | 2

/**
 * The way from an entry up to the root, the entry's own level first. At each level `siblings` has the two
 * other words of the node in the order left, right, own.
 */
export interface PayoutPath {
  readonly entry: PayoutEntry
  /** Two bits a level, the entry's own level lowest: its place plus one. Unique among a tree's entries. */
  readonly position: bigint
  readonly siblings: readonly (readonly [Bytes32, Bytes32])[]
}

/** The root; zero for no tree. */
export const payoutRoot = (tree: PayoutTree | null): Bytes32 => {
  if (tree === null) return ZERO_BYTES32
  if ('entry' in tree) return payoutEntry(tree.entry)
  return payoutNode(payoutRoot(tree.left), payoutRoot(tree.right), payoutEntry(tree.own))
}

/** Paths of all entries, left to right, a merge's own entry behind its children's. */
export const payoutPaths = (tree: PayoutTree | null): PayoutPath[] => {
  if (tree === null) return []
  if ('entry' in tree) return [{ entry: tree.entry, position: 0n, siblings: [] }]
  const words = [payoutRoot(tree.left), payoutRoot(tree.right), payoutEntry(tree.own)] as const
  const step = (path: PayoutPath, place: Place): PayoutPath => {
    const [a, b] = ([0, 1, 2] as const).filter((other) => other !== place) as [Place, Place]
    return {
      entry: path.entry,
      position: path.position | (BigInt(place + 1) << BigInt(2 * path.siblings.length)),
      siblings: [...path.siblings, [words[a], words[b]]],
    }
  }
  return [
    ...payoutPaths(tree.left).map((path) => step(path, 0)),
    ...payoutPaths(tree.right).map((path) => step(path, 1)),
    step({ entry: tree.own, position: 0n, siblings: [] }, 2),
  ]
}

/** The root that a path leads to. */
export const payoutRootOf = (path: PayoutPath): Bytes32 =>
  path.siblings.reduce<Bytes32>((node, [a, b], level) => {
    const place = Number((path.position >> BigInt(2 * level)) & 3n) - 1
    if (place === 0) return payoutNode(node, a, b)
    if (place === 1) return payoutNode(a, node, b)
    if (place === 2) return payoutNode(a, b, node)
    throw new RangeError(`position ${path.position} has no place at level ${level}`)
  }, payoutEntry(path.entry))
