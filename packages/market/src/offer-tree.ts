import { compareResting, isWithinPrice, meetsBeyondPrice, type QuickNeed, type Resting } from './resting.js'

/*
 * A node is one cache line: eight doubles, of which four are its own, three are bounds of its subtree, and the last
 * holds the two 32-bit numbers of its children. What only changes need, parent and height, is kept apart. Node 0
 * stands for "none".
 */
const DOUBLES = 8
const [PRICE, MS, ROOM, COLLATERAL, FASTEST, ROOMIEST, SUREST] = [0, 1, 2, 3, 4, 5, 6] as const
const CHILDREN = 14
const [LEFT, RIGHT] = [0, 1] as const
const FIRST_SLOTS = 16

/** An element that is there. */
const num = (array: Float64Array | Int32Array | Int8Array, at: number): number => array[at] as number

/**
 * The offers for one program or class in the order of bids: an AVL tree (Adelson-Velsky and Landis 1962) whose nodes know the
 * fastest turnaround, the most room and the most collateral below them. A search walks in order and enters no
 * subtree in which one of the three is out of reach: it descends to the first offer that meets the need, and turns
 * back only from subtrees whose offers miss different things. The shape depends on arrival; the answers do not.
 */
export class OfferTree {
  #doubles = new Float64Array(FIRST_SLOTS * DOUBLES)
  /** The same memory. */
  #links = new Int32Array(this.#doubles.buffer)
  #parents = new Int32Array(FIRST_SLOTS)
  #heights = new Int8Array(FIRST_SLOTS)
  readonly #items: (Resting | undefined)[] = [undefined]
  readonly #free: number[] = []
  #root = 0
  #size = 0

  constructor() {
    this.#doubles[FASTEST] = Number.POSITIVE_INFINITY
    this.#doubles[ROOMIEST] = this.#doubles[SUREST] = Number.NEGATIVE_INFINITY
  }

  get size(): number {
    return this.#size
  }

  /** O(log n). */
  insert(item: Resting): void {
    const slot = this.#free.pop() ?? this.#newSlot()
    item.slot = slot
    this.#items[slot] = item
    const at = slot * DOUBLES
    this.#doubles[at + PRICE] = item.price
    this.#doubles[at + MS] = item.turnaroundMs
    this.#doubles[at + ROOM] = item.room
    this.#doubles[at + COLLATERAL] = item.collateral
    this.#setLink(slot, LEFT, 0)
    this.#setLink(slot, RIGHT, 0)
    this.#setRoot(this.#inserted(this.#root, item))
    this.#size++
  }

  /** O(log n). */
  remove(item: Resting): void {
    this.#setRoot(this.#removed(this.#root, item))
    this.#items[item.slot] = undefined
    this.#free.push(item.slot)
    item.slot = 0
    this.#size--
  }

  /** After the item's room has changed: up the tree, as far as it matters. O(log n). */
  refresh(item: Resting): void {
    const doubles = this.#doubles
    let node = item.slot
    doubles[node * DOUBLES + ROOM] = item.room
    while (node !== 0) {
      const at = node * DOUBLES
      const roomiest = Math.max(
        doubles[at + ROOM] as number,
        doubles[this.#link(node, LEFT) * DOUBLES + ROOMIEST] as number,
        doubles[this.#link(node, RIGHT) * DOUBLES + ROOMIEST] as number,
      )
      if (roomiest === doubles[at + ROOMIEST]) return
      doubles[at + ROOMIEST] = roomiest
      node = this.#parents[node] as number
    }
  }

  /** Adds to `found` the first offers that meet the need, one per prover, until there are `count`. */
  search(quick: QuickNeed, count: number, found: Resting[]): void {
    this.#visit(this.#root, quick, count, found)
  }

  /** Every offer, in order. O(n). */
  items(): Resting[] {
    const items: Resting[] = []
    const walk = (node: number): void => {
      if (node === 0) return
      walk(this.#link(node, LEFT))
      items.push(this.#items[node] as Resting)
      walk(this.#link(node, RIGHT))
    }
    walk(this.#root)
    return items
  }

  #visit(node: number, quick: QuickNeed, count: number, found: Resting[]): void {
    const doubles = this.#doubles
    const at = node * DOUBLES
    if (
      (doubles[at + FASTEST] as number) > quick.maxTurnaroundMs ||
      (doubles[at + ROOMIEST] as number) < quick.work ||
      (doubles[at + SUREST] as number) < quick.collateral ||
      node === 0
    )
      return
    this.#visit(this.#link(node, LEFT), quick, count, found)
    if (found.length >= count || (doubles[at + PRICE] as number) > quick.limit) return
    // Own numbers first: most offers that fail do so without their object being touched.
    if (
      (doubles[at + MS] as number) <= quick.maxTurnaroundMs &&
      (doubles[at + ROOM] as number) >= quick.work &&
      (doubles[at + COLLATERAL] as number) >= quick.collateral
    ) {
      const item = this.#items[node] as Resting
      if (!isWithinPrice(item, quick)) return
      if (meetsBeyondPrice(item, quick) && !hasProver(found, item.prover)) found.push(item)
    }
    if (found.length < count) this.#visit(this.#link(node, RIGHT), quick, count, found)
  }

  #link(node: number, which: typeof LEFT | typeof RIGHT): number {
    return this.#links[2 * DOUBLES * node + CHILDREN + which] as number
  }

  #setLink(node: number, which: typeof LEFT | typeof RIGHT, to: number): void {
    this.#links[2 * DOUBLES * node + CHILDREN + which] = to
  }

  #setRoot(root: number): void {
    this.#root = root
    this.#parents[root] = 0
  }

  #newSlot(): number {
    const slot = this.#items.length
    if (slot >= this.#parents.length) {
      const doubles = new Float64Array(2 * this.#doubles.length)
      doubles.set(this.#doubles)
      this.#doubles = doubles
      this.#links = new Int32Array(doubles.buffer)
      const [parents, heights] = [this.#parents, this.#heights]
      this.#parents = new Int32Array(2 * slot)
      this.#parents.set(parents)
      this.#heights = new Int8Array(2 * slot)
      this.#heights.set(heights)
    }
    return slot
  }

  #precedes(item: Resting, node: number): boolean {
    const price = this.#doubles[node * DOUBLES + PRICE] as number
    if (item.price !== price) return item.price < price
    return compareResting(item, this.#items[node] as Resting) < 0
  }

  /** Recomputes what a node says of its subtree, and says to its children who their parent is. */
  #pull(node: number): number {
    const doubles = this.#doubles
    const left = this.#link(node, LEFT)
    const right = this.#link(node, RIGHT)
    const at = node * DOUBLES
    const l = left * DOUBLES
    const r = right * DOUBLES
    // Node 0 has bounds that no offer is beyond.
    doubles[at + FASTEST] = Math.min(
      num(doubles, at + MS),
      num(doubles, l + FASTEST),
      num(doubles, r + FASTEST),
    )
    doubles[at + ROOMIEST] = Math.max(
      num(doubles, at + ROOM),
      num(doubles, l + ROOMIEST),
      num(doubles, r + ROOMIEST),
    )
    doubles[at + SUREST] = Math.max(
      num(doubles, at + COLLATERAL),
      num(doubles, l + SUREST),
      num(doubles, r + SUREST),
    )
    this.#heights[node] = 1 + Math.max(num(this.#heights, left), num(this.#heights, right))
    if (left !== 0) this.#parents[left] = node
    if (right !== 0) this.#parents[right] = node
    return node
  }

  /** Lifts the child on one side above its parent. */
  #rotated(node: number, up: typeof LEFT | typeof RIGHT): number {
    const other = up === LEFT ? RIGHT : LEFT
    const top = this.#link(node, up)
    this.#setLink(node, up, this.#link(top, other))
    this.#setLink(top, other, this.#pull(node))
    return this.#pull(top)
  }

  #lean(node: number): number {
    return num(this.#heights, this.#link(node, LEFT)) - num(this.#heights, this.#link(node, RIGHT))
  }

  #balanced(node: number): number {
    const lean = this.#lean(node)
    if (lean >= -1 && lean <= 1) return this.#pull(node)
    const heavy = lean > 1 ? LEFT : RIGHT
    const other = lean > 1 ? RIGHT : LEFT
    const child = this.#link(node, heavy)
    if (this.#lean(child) * lean < 0) this.#setLink(node, heavy, this.#rotated(child, other))
    return this.#rotated(node, heavy)
  }

  #inserted(node: number, item: Resting): number {
    if (node === 0) return this.#pull(item.slot)
    const side = this.#precedes(item, node) ? LEFT : RIGHT
    this.#setLink(node, side, this.#inserted(this.#link(node, side), item))
    return this.#balanced(node)
  }

  #removed(node: number, item: Resting): number {
    if (node === item.slot) return this.#withoutTop(node)
    const side = this.#precedes(item, node) ? LEFT : RIGHT
    this.#setLink(node, side, this.#removed(this.#link(node, side), item))
    return this.#balanced(node)
  }

  #withoutTop(node: number): number {
    const left = this.#link(node, LEFT)
    const right = this.#link(node, RIGHT)
    if (left === 0 || right === 0) return left === 0 ? right : left
    let next = right
    while (this.#link(next, LEFT) !== 0) next = this.#link(next, LEFT)
    this.#setLink(next, RIGHT, this.#withoutFirst(right))
    this.#setLink(next, LEFT, left)
    return this.#balanced(next)
  }

  #withoutFirst(node: number): number {
    const left = this.#link(node, LEFT)
    if (left === 0) return this.#link(node, RIGHT)
    this.#setLink(node, LEFT, this.#withoutFirst(left))
    return this.#balanced(node)
  }
}

const hasProver = (found: readonly Resting[], prover: string): boolean => {
  for (const item of found) if (item.prover === prover) return true
  return false
}
