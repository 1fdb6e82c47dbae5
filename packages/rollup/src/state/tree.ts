import { compress, DOMAIN } from './poseidon.js'

/** Levels above the leaves: room for 2^32 accounts. */
export const DEPTH = 32

const hashNode = (left: bigint, right: bigint): bigint => compress(left, right, 0n, DOMAIN.node)

/** Roots of empty subtrees by level; an empty leaf is 0. */
const EMPTY: readonly bigint[] = Array.from({ length: DEPTH }).reduce<bigint[]>(
  (roots) => [...roots, hashNode(roots.at(-1) as bigint, roots.at(-1) as bigint)],
  [0n],
)

/**
 * A Merkle tree whose leaves fill up from the left. A change only forgets the hashes above it; they are computed
 * again when a path or the root asks for them, so that many changes in a row pay for their shared upper levels once.
 */
export class LazyTree {
  readonly #leafHash: (index: number) => bigint
  /** Known hashes by level and index; undefined where a change below has not been hashed yet. */
  readonly #levels: (bigint | undefined)[][] = Array.from({ length: DEPTH + 1 }, () => [])
  #size = 0

  /** `leafHash` gives the current hash of a leaf; it is asked again only after `touch`. */
  constructor(leafHash: (index: number) => bigint) {
    this.#leafHash = leafHash
  }

  /** Leaves so far: also the index of the next free one. */
  get size(): number {
    return this.#size
  }

  /** Says that a leaf has changed, or that the one at `size` is now taken. Throws a RangeError beyond that. */
  touch(index: number): void {
    if (index > this.#size || index >= 2 ** DEPTH) throw new RangeError(`leaf ${index} of ${this.#size}`)
    if (index === this.#size) this.#size++
    let at = index
    for (const level of this.#levels) {
      level[at] = undefined
      at = Math.floor(at / 2)
    }
  }

  root(): bigint {
    return this.#node(DEPTH, 0)
  }

  /** Siblings from the leaf's own level up. Bit i of the index says whether the node at level i is a right child. */
  path(index: number): bigint[] {
    const siblings: bigint[] = []
    let at = index
    for (let level = 0; level < DEPTH; level++) {
      siblings.push(this.#node(level, at % 2 === 0 ? at + 1 : at - 1))
      at = Math.floor(at / 2)
    }
    return siblings
  }

  #node(level: number, index: number): bigint {
    if (index * 2 ** level >= this.#size) return EMPTY[level] as bigint
    const row = this.#levels[level] as (bigint | undefined)[]
    const known = row[index]
    if (known !== undefined) return known
    const hash =
      level === 0
        ? this.#leafHash(index)
        : hashNode(this.#node(level - 1, 2 * index), this.#node(level - 1, 2 * index + 1))
    row[index] = hash
    return hash
  }
}

/** The root that a leaf's path leads to. */
export const rootOf = (leaf: bigint, index: number, path: readonly bigint[]): bigint => {
  let node = leaf
  let at = index
  for (const sibling of path) {
    node = at % 2 === 0 ? hashNode(node, sibling) : hashNode(sibling, node)
    at = Math.floor(at / 2)
  }
  return node
}
