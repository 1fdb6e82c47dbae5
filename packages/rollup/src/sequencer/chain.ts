import type { Bytes32 } from '@weft/protocol'
import type { SignedTransfer } from '../state/index.js'
import type { Block } from './block.js'

/** How far a transaction has come. Each stage holds for good. */
export type Stage = 'pending' | 'included' | 'proven' | 'final'

/** A transaction in a block. */
export interface Included {
  readonly transfer: SignedTransfer
  readonly block: Block
  readonly index: number
}

/** Blocks and their transactions, and how far each block has come on L1. */
export class Chain {
  readonly #blocks: Block[]
  readonly #byHash = new Map<Bytes32, Block>()
  readonly #transfers = new Map<Bytes32, { readonly block: number; readonly index: number }>()
  readonly #proven = new Set<number>()
  readonly #l1Txs = new Map<number, Bytes32 | null>()
  #safe = 0
  #final = 0

  constructor(genesis: Block) {
    this.#blocks = [genesis]
    this.#byHash.set(genesis.hash, genesis)
  }

  get head(): Block {
    return this.#blocks.at(-1) as Block
  }

  get transferCount(): number {
    return this.#transfers.size
  }

  /** The last block up to which all are proven. */
  get safeNumber(): number {
    return this.#safe
  }

  /** The last block whose state root L1 holds. */
  get finalNumber(): number {
    return this.#final
  }

  block(at: number | Bytes32): Block | undefined {
    return typeof at === 'number' ? this.#blocks[at] : this.#byHash.get(at)
  }

  included(hash: Bytes32): Included | undefined {
    const at = this.#transfers.get(hash)
    if (at === undefined) return undefined
    const block = this.#blocks[at.block] as Block
    return { block, index: at.index, transfer: block.transfers[at.index] as SignedTransfer }
  }

  stage(block: number): Exclude<Stage, 'pending'> {
    if (block <= this.#final) return 'final'
    return block <= this.#safe || this.#proven.has(block) ? 'proven' : 'included'
  }

  /** The L1 transaction that made a block final, where it is known. */
  l1Tx(block: number): Bytes32 | null {
    return this.#l1Txs.get(block) ?? null
  }

  add(block: Block): void {
    this.#blocks.push(block)
    this.#byHash.set(block.hash, block)
    block.transfers.forEach(({ hash }, index) => {
      this.#transfers.set(hash, { block: block.number, index })
    })
  }

  markProven(block: number): void {
    this.#proven.add(block)
    while (this.#proven.delete(this.#safe + 1)) this.#safe++
  }

  /** Blocks become final in order. */
  markFinal(block: number, l1Tx: Bytes32 | null): void {
    this.#final = Math.max(this.#final, block)
    this.#l1Txs.set(block, l1Tx)
    if (block > this.#safe) this.markProven(block)
  }
}
