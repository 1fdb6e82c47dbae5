import { compareResting, isWithinPrice, meetsBeyondPrice, type QuickNeed, type Resting } from './resting.js'

const heightOf = (node: Resting | null): number => (node === null ? 0 : node.height)

/** Recomputes a node's height and the bounds of its subtree from itself and its children. */
const pull = (node: Resting): Resting => {
  const { left, right } = node
  let [height, fastest, roomiest, surest] = [0, node.msPerMwork, node.room, node.collateral]
  if (left !== null) {
    height = left.height
    if (left.fastest < fastest) fastest = left.fastest
    if (left.roomiest > roomiest) roomiest = left.roomiest
    if (left.surest > surest) surest = left.surest
  }
  if (right !== null) {
    if (right.height > height) height = right.height
    if (right.fastest < fastest) fastest = right.fastest
    if (right.roomiest > roomiest) roomiest = right.roomiest
    if (right.surest > surest) surest = right.surest
  }
  node.height = height + 1
  node.fastest = fastest
  node.roomiest = roomiest
  node.surest = surest
  return node
}

const rotateRight = (node: Resting): Resting => {
  const top = node.left as Resting
  node.left = top.right
  top.right = pull(node)
  return pull(top)
}

const rotateLeft = (node: Resting): Resting => {
  const top = node.right as Resting
  node.right = top.left
  top.left = pull(node)
  return pull(top)
}

const balance = (node: Resting): Resting => {
  const lean = heightOf(node.left) - heightOf(node.right)
  if (lean > 1) {
    const left = node.left as Resting
    if (heightOf(left.left) < heightOf(left.right)) node.left = rotateLeft(left)
    return rotateRight(node)
  }
  if (lean < -1) {
    const right = node.right as Resting
    if (heightOf(right.right) < heightOf(right.left)) node.right = rotateRight(right)
    return rotateLeft(node)
  }
  return pull(node)
}

const insert = (node: Resting | null, item: Resting): Resting => {
  if (node === null) return pull(item)
  if (compareResting(item, node) < 0) node.left = insert(node.left, item)
  else node.right = insert(node.right, item)
  return balance(node)
}

const withoutFirst = (node: Resting): Resting | null => {
  if (node.left === null) return node.right
  node.left = withoutFirst(node.left)
  return balance(node)
}

const remove = (node: Resting | null, item: Resting): Resting | null => {
  if (node === null) return null
  if (node === item) {
    const { left, right } = node
    if (right === null) return left
    let next = right
    while (next.left !== null) next = next.left
    next.right = withoutFirst(right)
    next.left = left
    return balance(next)
  }
  if (compareResting(item, node) < 0) node.left = remove(node.left, item)
  else node.right = remove(node.right, item)
  return balance(node)
}

const refresh = (node: Resting | null, item: Resting): void => {
  if (node === null) return
  if (node !== item) refresh(compareResting(item, node) < 0 ? node.left : node.right, item)
  pull(node)
}

/**
 * The offers of one scope in the order of bids: an AVL tree (Adelson-Velsky and Landis 1962) whose nodes know the
 * fastest turnaround, the most room and the most collateral below them. A search walks in order and enters no
 * subtree in which one of the three is out of reach, so it is a descent to the first offer that meets the need:
 * logarithmic where one of the three conditions excludes offers, and where several do, as long as they do not
 * exclude *different* offers of every subtree. The tree's shape depends on arrival; what it answers does not.
 */
export class OfferTree {
  #root: Resting | null = null
  #size = 0

  get size(): number {
    return this.#size
  }

  /** O(log n). */
  insert(item: Resting): void {
    this.#root = insert(this.#root, item)
    this.#size++
  }

  /** O(log n). */
  remove(item: Resting): void {
    this.#root = remove(this.#root, item)
    this.#size--
    item.left = item.right = null
  }

  /** After the item's room has changed. O(log n). */
  refresh(item: Resting): void {
    refresh(this.#root, item)
  }

  /** Adds to `found` the first offers that meet the need, one per prover, until there are `count`. */
  search(quick: QuickNeed, count: number, found: Resting[]): void {
    visit(this.#root, quick, count, found)
  }

  /** Every offer, in order. O(n). */
  items(): Resting[] {
    const items: Resting[] = []
    const walk = (node: Resting | null): void => {
      if (node === null) return
      walk(node.left)
      items.push(node)
      walk(node.right)
    }
    walk(this.#root)
    return items
  }
}

const hasProver = (found: readonly Resting[], prover: string): boolean => {
  for (const item of found) if (item.prover === prover) return true
  return false
}

const visit = (node: Resting | null, quick: QuickNeed, count: number, found: Resting[]): void => {
  if (
    node === null ||
    node.fastest > quick.maxMsPerMwork ||
    node.roomiest < quick.work ||
    node.surest < quick.collateral
  )
    return
  visit(node.left, quick, count, found)
  if (found.length >= count || !isWithinPrice(node, quick)) return
  if (meetsBeyondPrice(node, quick) && !hasProver(found, node.prover)) found.push(node)
  if (found.length < count) visit(node.right, quick, count, found)
}
