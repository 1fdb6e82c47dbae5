import type { Address } from '@weft/protocol'
import { keccak256, uintToBytes32 } from '@weft/protocol'
import {
  type Account,
  Accounts,
  accountLeaf,
  compress,
  DOMAIN,
  genesisState,
  rootOf,
  stateRoot,
  ZERO_ADDRESS,
} from '@weft/rollup'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const address = (seed: number): Address => `0x${keccak256(Uint8Array.of(seed)).slice(26)}`

const insert = (accounts: Accounts, account: Omit<Account, 'next'>) => {
  const low = accounts.lowIndexOf(account.address)
  const { next } = accounts.at(low)
  accounts.link(low, account.address)
  accounts.append({ ...account, next })
}

/** Every hash of a 32-level tree again, from the leaves alone: the plain definition. */
const plainRoot = (leaves: readonly bigint[]): bigint => {
  let row = [...leaves]
  let empty = 0n
  for (let level = 0; level < 32; level++) {
    const up: bigint[] = []
    for (let i = 0; i < row.length; i += 2) {
      up.push(compress(row[i] as bigint, row[i + 1] ?? empty, 0n, DOMAIN.node))
    }
    row = up
    empty = compress(empty, empty, 0n, DOMAIN.node)
  }
  return row[0] as bigint
}

const steps = fc.array(
  fc.record({ seed: fc.nat(20), balanceWei: fc.bigInt(0n, (1n << 100n) - 1n), ask: fc.boolean() }),
  { maxLength: 25 },
)

const run = (script: { seed: number; balanceWei: bigint; ask: boolean }[], ask: (a: Accounts) => void) => {
  const accounts = new Accounts()
  const model = new Map<Address, bigint>()
  for (const step of script) {
    const at = address(step.seed)
    const index = accounts.indexOf(at)
    if (index === undefined) insert(accounts, { address: at, balanceWei: step.balanceWei, nonce: 0n })
    else accounts.update(index, { balanceWei: step.balanceWei, nonce: accounts.at(index).nonce + 1n })
    model.set(at, step.balanceWei)
    if (step.ask) ask(accounts)
  }
  return { accounts, model }
}

describe('Poseidon2', () => {
  test("gives the published permutation of zeros (Barretenberg's vector)", () => {
    expect(compress(0n, 0n, 0n, 0n)).toBe(0x18dfb8dc9b82229cff974efefc8df78b1ce96d9d844236b496785c698bc6732en)
  })
})

describe('account tree', () => {
  test('equals a plain map, with every address once and in order', () => {
    fc.assert(
      fc.property(steps, (script) => {
        const { accounts, model } = run(script, (a) => a.root())
        for (const [at, balanceWei] of model) expect(accounts.get(at)?.balanceWei).toBe(balanceWei)
        expect(accounts.size).toBe(model.size + 1)
        const listed: Address[] = []
        for (let at = accounts.at(0).next; at !== ZERO_ADDRESS; at = (accounts.get(at) as Account).next) {
          listed.push(at)
        }
        expect(listed).toEqual([...model.keys()].sort())
      }),
      { numRuns: 30 },
    )
  })

  test('has the root of the plain definition, whenever roots and paths were asked for before', () => {
    fc.assert(
      fc.property(steps, (script) => {
        const { accounts } = run(script, (a) => a.path(a.size - 1))
        const again = run(script, () => undefined).accounts
        const leaves = Array.from({ length: accounts.size }, (_, i) => accountLeaf(accounts.at(i)))
        expect(accounts.root()).toBe(plainRoot(leaves))
        expect(again.root()).toBe(accounts.root())
      }),
      { numRuns: 8 },
    )
  })

  test('paths of leaves and of the free slot lead to the root', () => {
    fc.assert(
      fc.property(steps, fc.nat(), (script, at) => {
        const { accounts } = run(script, (a) => a.root())
        const index = at % accounts.size
        expect(rootOf(accountLeaf(accounts.at(index)), index, accounts.path(index))).toBe(accounts.root())
        expect(rootOf(0n, accounts.size, accounts.path(accounts.size))).toBe(accounts.root())
      }),
      { numRuns: 12 },
    )
  })

  test('an address is never taken twice', () => {
    const accounts = new Accounts()
    insert(accounts, { address: address(1), balanceWei: 1n, nonce: 0n })
    expect(() =>
      accounts.append({ address: address(1), next: ZERO_ADDRESS, balanceWei: 2n, nonce: 0n }),
    ).toThrow(expect.objectContaining({ code: 'account_exists' }))
    expect(accounts.size).toBe(2)
  })
})

describe('genesis', () => {
  const sequencer = address(9)
  const config = { chainId: 1n, sequencer, baseFeeWeiPerGas: 7n }
  const funded = [1, 2, 3].map((seed) => ({ address: address(seed), balanceWei: BigInt(seed) }))

  test('creates the sequencer, and does not depend on the order of the list', () => {
    const state = genesisState({ ...config, accounts: funded })
    expect(state.accounts.get(sequencer)?.balanceWei).toBe(0n)
    expect(stateRoot(genesisState({ ...config, accounts: [...funded].reverse() }))).toBe(stateRoot(state))
  })

  test('the root binds chain, sequencer, base fee and balances', () => {
    const roots = [
      { ...config, accounts: funded },
      { ...config, chainId: 2n, accounts: funded },
      { ...config, baseFeeWeiPerGas: 8n, accounts: funded },
      { ...config, sequencer: address(1), accounts: [...funded, { address: sequencer, balanceWei: 0n }] },
      { ...config, accounts: funded.slice(1) },
    ].map((genesis) => stateRoot(genesisState(genesis)))
    expect(new Set(roots).size).toBe(roots.length)
  })

  test('state root is compress(tree, config, 0, STATE)', () => {
    const state = genesisState({ ...config, accounts: [] })
    const inner = compress(1n, BigInt(sequencer), 7n, DOMAIN.config)
    expect(stateRoot(state)).toBe(uintToBytes32(compress(state.accounts.root(), inner, 0n, DOMAIN.state)))
  })

  test.each([
    ['zero address', { accounts: [{ address: ZERO_ADDRESS, balanceWei: 1n }] }],
    ['zero sequencer', { sequencer: ZERO_ADDRESS }],
    ['named twice', { accounts: [...funded, ...funded] }],
    ['negative', { accounts: [{ address: address(1), balanceWei: -1n }] }],
    ['supply of 2^128', { accounts: funded.map((a) => ({ ...a, balanceWei: 1n << 127n })) }],
    ['chain id 0', { chainId: 0n }],
    ['base fee of 2^64', { baseFeeWeiPerGas: 1n << 64n }],
  ])('refuses: %s', (_, change) => {
    expect(() => genesisState({ ...config, accounts: [], ...change })).toThrow(
      expect.objectContaining({ code: 'bad_genesis' }),
    )
  })
})
