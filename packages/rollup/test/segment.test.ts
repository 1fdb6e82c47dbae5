import type { Address } from '@weft/protocol'
import {
  executeSegment,
  feeWei,
  type Genesis,
  genesisState,
  isExecutable,
  replaySegment,
  type SignedTransfer,
  type State,
  stateRoot,
} from '@weft/rollup'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { runCircuit } from './circuit.js'
import { addressOf, BASE_FEE, CHAIN_ID, sign } from './wallet.js'

const ETHER = 10n ** 18n
const sequencer = addressOf(0)
const genesis: Genesis = {
  chainId: BigInt(CHAIN_ID),
  sequencer,
  baseFeeWeiPerGas: BASE_FEE,
  accounts: [1, 2, 3].map((i) => ({ address: addressOf(i), balanceWei: ETHER })),
}
const NEW: Address = '0x00000000000000000000000000000000000000ff'

const balance = (state: State, address: Address) => state.accounts.get(address)?.balanceWei ?? 0n
const supply = (state: State) =>
  Array.from({ length: state.accounts.size }, (_, i) => state.accounts.at(i).balanceWei).reduce(
    (a, b) => a + b,
  )

/** Executes and lets the second writing of the circuit agree. */
const execute = async (state: State, transfers: SignedTransfer[], size = 4) => {
  const segment = executeSegment(state, transfers, size)
  const { pre, post, data } = await runCircuit(JSON.parse(JSON.stringify(segment.inputs)))
  expect({ pre, post, data }).toEqual({ pre: segment.pre, post: segment.post, data: segment.data })
  return segment
}

describe('a segment', () => {
  test('moves value and pays the sequencer at its end', async () => {
    const state = genesisState(genesis)
    const transfer = await sign(1, { to: addressOf(2), value: 5n, maxPriorityFeePerGas: 3n })
    await execute(state, [transfer])
    const fee = 21_000n * (BASE_FEE + 3n)
    expect(balance(state, addressOf(1))).toBe(ETHER - 5n - fee)
    expect(balance(state, addressOf(2))).toBe(ETHER + 5n)
    expect(balance(state, sequencer)).toBe(fee)
    expect(state.accounts.get(addressOf(1))?.nonce).toBe(1n)
  })

  test('never takes more than maxFeePerGas', async () => {
    const transfer = await sign(1, { maxFeePerGas: BASE_FEE + 1n, maxPriorityFeePerGas: 9n })
    expect(feeWei(transfer, genesis)).toBe(21_000n * (BASE_FEE + 1n))
  })

  test('a transfer to oneself costs the fee and mints nothing', async () => {
    const state = genesisState(genesis)
    await execute(state, [await sign(1, { to: addressOf(1), value: ETHER / 2n })])
    expect(balance(state, addressOf(1))).toBe(ETHER - 21_000n * BASE_FEE)
    expect(supply(state)).toBe(3n * ETHER)
  })

  test('a new account appears once, also for no value, and can send afterwards', async () => {
    const state = genesisState(genesis)
    await execute(state, [
      await sign(1, { to: NEW, value: 0n }),
      await sign(2, { to: NEW, value: 7n }),
      await sign(1, { nonce: 1, to: addressOf(5), value: ETHER / 2n }),
      await sign(5, { to: NEW, value: 1n }),
    ])
    expect(balance(state, NEW)).toBe(8n)
    // Sentinel, sequencer, three at genesis, two new ones.
    expect(state.accounts.size).toBe(7)
  })

  test("the sender can be the new account's low neighbour, the sequencer sender and recipient", async () => {
    const above = (address: Address): Address => `0x${(BigInt(address) + 1n).toString(16).padStart(40, '0')}`
    const state = genesisState({
      ...genesis,
      accounts: [...genesis.accounts, { address: sequencer, balanceWei: ETHER }],
    })
    await execute(state, [
      await sign(1, { to: above(addressOf(1)) }),
      await sign(0, { to: above(sequencer), value: 3n }),
      await sign(2, { to: sequencer, value: 5n }),
    ])
    expect(balance(state, sequencer)).toBe(ETHER - 3n + 5n + 2n * 21_000n * BASE_FEE)
    expect(supply(state)).toBe(4n * ETHER)
  })

  test('the zero address is an account like any other recipient', async () => {
    const state = genesisState(genesis)
    await execute(state, [await sign(1, { to: `0x${'00'.repeat(20)}`, value: 2n })])
    expect(state.accounts.at(0).balanceWei).toBe(2n)
  })

  test('an overdraft by one wei is refused, the exact balance is not', async () => {
    const all = ETHER - 21_000n * BASE_FEE
    const state = genesisState(genesis)
    const before = stateRoot(state)
    const over = await sign(1, { value: all + 1n })
    expect(() => executeSegment(state, [over], 4)).toThrow(
      expect.objectContaining({ code: 'not_executable' }),
    )
    expect(stateRoot(state)).toBe(before)
    await execute(state, [await sign(1, { to: NEW, value: all })])
    expect(balance(state, addressOf(1))).toBe(0n)
  })

  test.each([
    ['a replayed nonce', { nonce: 1 }, 'not_executable'],
    ['another chain', { chainId: 1 }, 'foreign_chain'],
    ['a fee below the base fee', { maxFeePerGas: BASE_FEE - 1n }, 'fee_below_base'],
    ['a tip above the maximum', { maxPriorityFeePerGas: 2n * BASE_FEE + 1n }, 'tip_above_max_fee'],
    ['too little gas', { gas: 20_999n }, 'gas_too_low'],
  ])('refuses %s', async (_, send, code) => {
    const state = genesisState(genesis)
    // viem refuses to sign a tip above the maximum, so sign without it and put it in.
    const { maxPriorityFeePerGas, ...rest } = { maxPriorityFeePerGas: 0n, ...send }
    const transfer = { ...(await sign(1, rest)), maxPriorityFeeWeiPerGas: maxPriorityFeePerGas }
    expect(() => executeSegment(state, [transfer], 4)).toThrow(expect.objectContaining({ code }))
  })

  test('refuses to be empty or too long', async () => {
    const state = genesisState(genesis)
    const transfer = await sign(1)
    expect(() => executeSegment(state, [], 4)).toThrow(RangeError)
    expect(() => executeSegment(state, [transfer, transfer], 1)).toThrow(RangeError)
  })
})

describe('any row of transfers', () => {
  /** Signed once (signing costs a millisecond): nonces 0 to 3 of three senders to eight recipients. */
  const pool: SignedTransfer[] = []
  const recipients = [0, 1, 2, 3, 4, 5]
    .map(addressOf)
    .concat(NEW, '0xffffffffffffffffffffffffffffffffffffffff')
  beforeAll(async () => {
    for (const from of [1, 2, 3]) {
      for (let nonce = 0; nonce < 4; nonce++) {
        for (const [i, to] of recipients.entries()) {
          pool.push(
            await sign(from, {
              nonce,
              to,
              value: (ETHER / 3n) * BigInt(i % 3),
              maxPriorityFeePerGas: BigInt(i),
            }),
          )
        }
      }
    }
  })

  test('conserves the supply, proves itself, and replays without hashing to the same root', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(95), { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 5 }),
        async (picks, size) => {
          const [state, replay] = [genesisState(genesis), genesisState(genesis)]
          const model = new Map(genesis.accounts.map((a) => [a.address, a.balanceWei]))
          let row: SignedTransfer[] = []
          const flush = async () => {
            if (row.length === 0) return
            await execute(state, row, size)
            replaySegment(replay, row, size)
            row = []
          }
          const nonces = new Map<Address, bigint>()
          for (const pick of picks) {
            const t = pool[pick] as SignedTransfer
            // The model is a plain map; fees reach the sequencer only at the segment's end, which it never spends here.
            const sender = { balanceWei: model.get(t.from) ?? 0n, nonce: nonces.get(t.from) ?? 0n }
            if (!isExecutable(t, sender, genesis)) continue
            model.set(t.from, sender.balanceWei - t.valueWei - feeWei(t, genesis))
            model.set(t.to, (model.get(t.to) ?? 0n) + t.valueWei)
            model.set(sequencer, (model.get(sequencer) ?? 0n) + feeWei(t, genesis))
            nonces.set(t.from, t.nonce + 1n)
            row.push(t)
            if (row.length === size) await flush()
          }
          await flush()
          for (const [address, balanceWei] of model) expect(balance(state, address)).toBe(balanceWei)
          expect(supply(state)).toBe(3n * ETHER)
          expect(stateRoot(replay)).toBe(stateRoot(state))
        },
      ),
      { numRuns: 10 },
    )
  })
})
