import { type Address, WeftError } from '@weft/protocol'
import { compress, DOMAIN } from './poseidon.js'
import { LazyTree } from './tree.js'

export const ZERO_ADDRESS: Address = `0x${'00'.repeat(20)}`

/** A leaf of the state. `next` is the next larger address in use, zero at the end of the list. */
export interface Account {
  readonly address: Address
  readonly next: Address
  readonly balanceWei: bigint
  readonly nonce: bigint
}

/** Hash of an account. Balances stay below 2^128, as the whole supply does, so balance and nonce share a word. */
export const accountLeaf = (account: Account): bigint =>
  compress(
    BigInt(account.address),
    BigInt(account.next),
    account.balanceWei + (account.nonce << 128n),
    DOMAIN.account,
  )

/**
 * All accounts, as an indexed Merkle tree (https://docs.aztec.network, "Indexed Merkle Tree"): leaves in order of
 * creation, linked in order of address, so that one leaf proves both that an address is absent and where it belongs.
 * Index 0 is the sentinel with address 0.
 *
 * A new account takes two steps, as in the circuit: `link` points the low account at it, `append` writes its leaf.
 */
export class Accounts {
  readonly #accounts: Account[] = []
  readonly #indexes = new Map<Address, number>()
  /** Ascending; fixed-length lower-case hexadecimal, so text order is numeric order. */
  readonly #sorted: Address[] = []
  readonly #tree = new LazyTree((index) => accountLeaf(this.at(index)))

  constructor() {
    this.append({ address: ZERO_ADDRESS, next: ZERO_ADDRESS, balanceWei: 0n, nonce: 0n })
  }

  /** Accounts so far, the sentinel included: also the index of the next free leaf. */
  get size(): number {
    return this.#accounts.length
  }

  at(index: number): Account {
    const account = this.#accounts[index]
    if (account === undefined) throw new RangeError(`no account at ${index} of ${this.size}`)
    return account
  }

  indexOf(address: Address): number | undefined {
    return this.#indexes.get(address)
  }

  get(address: Address): Account | undefined {
    const index = this.#indexes.get(address)
    return index === undefined ? undefined : this.at(index)
  }

  /** Index of the account with the largest address below one that is absent. */
  lowIndexOf(address: Address): number {
    return this.#indexes.get(this.#sorted[this.#rank(address) - 1] as Address) as number
  }

  /** Writes balance and nonce of an account that exists. */
  update(index: number, change: { readonly balanceWei: bigint; readonly nonce: bigint }): void {
    this.#accounts[index] = { ...this.at(index), ...change }
    this.#tree.touch(index)
  }

  /** Points the low account at a new address. The list is whole again after `append`. */
  link(lowIndex: number, address: Address): void {
    this.#accounts[lowIndex] = { ...this.at(lowIndex), next: address }
    this.#tree.touch(lowIndex)
  }

  /** Writes the leaf of a new account into the next free slot. */
  append(account: Account): void {
    if (this.#indexes.has(account.address)) {
      throw new WeftError('account_exists', `${account.address} is in the state already: update it instead`, {
        address: account.address,
      })
    }
    const index = this.#accounts.length
    this.#sorted.splice(this.#rank(account.address), 0, account.address)
    this.#indexes.set(account.address, index)
    this.#accounts.push(account)
    this.#tree.touch(index)
  }

  path(index: number): bigint[] {
    return this.#tree.path(index)
  }

  root(): bigint {
    return this.#tree.root()
  }

  /** How many addresses are below this one; binary search. */
  #rank(address: Address): number {
    let low = 0
    let high = this.#sorted.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#sorted[middle] as Address) < address) low = middle + 1
      else high = middle
    }
    return low
  }
}
