import type { Address } from '@weft/protocol'
import { feeWei, gasPriceWei, type SignedTransfer } from '@weft/rollup'
import fc from 'fast-check'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Mempool } from '../src/sequencer/mempool.js'
import { addressOf, BASE_FEE, type Send, sign } from './wallet.js'
import { genesis } from './world.js'

const LIMITS = { maxTransfers: 20, maxWaiting: 4, maxPerSender: 6 }
const RICH = 10n ** 18n

const accounts = new Map<Address, { balanceWei: bigint; nonce: bigint }>()
const accountOf = (address: Address) => accounts.get(address) ?? { balanceWei: 0n, nonce: 0n }
let pool: Mempool
beforeEach(() => {
  accounts.clear()
  for (const i of [1, 2, 3]) accounts.set(addressOf(i), { balanceWei: RICH, nonce: 0n })
  pool = new Mempool(LIMITS, accountOf, genesis)
})

const offer = (transfer: SignedTransfer) => {
  pool.check(transfer)
  pool.put(transfer)
}
const add = async (from: number, send: Send = {}) => {
  const transfer = await sign(from, send)
  offer(transfer)
  return transfer
}
const refused = (code: string) => expect.objectContaining({ name: 'TransferRefused', code })
/** As the sequencer does with a batch. */
const include = (transfers: readonly SignedTransfer[]) => {
  for (const t of transfers) {
    const { balanceWei, nonce } = accountOf(t.from)
    expect(t.nonce).toBe(nonce)
    expect(balanceWei).toBeGreaterThanOrEqual(t.valueWei + feeWei(t, genesis))
    accounts.set(t.from, { balanceWei: balanceWei - t.valueWei - feeWei(t, genesis), nonce: nonce + 1n })
  }
  for (const t of transfers) pool.prune(t.from)
}

describe('the pool', () => {
  test('gives the best price first, then the earliest, each sender in order', async () => {
    const a0 = await add(1, { nonce: 0, maxPriorityFeePerGas: 1n })
    const a1 = await add(1, { nonce: 1, maxPriorityFeePerGas: 9n })
    const b0 = await add(2, { nonce: 0, maxPriorityFeePerGas: 5n })
    const c0 = await add(3, { nonce: 0, maxPriorityFeePerGas: 1n })
    expect(pool.seal(10)).toEqual([b0, a0, a1, c0])
  })

  test('lets nonce gaps wait until they are filled', async () => {
    await add(1, { nonce: 2 })
    await add(1, { nonce: 0 })
    expect([pool.ready, pool.size, pool.nextNonce(addressOf(1))]).toEqual([1, 2, 1n])
    await add(1, { nonce: 1 })
    expect([pool.ready, pool.nextNonce(addressOf(1))]).toEqual([3, 3n])
  })

  test('replaces for 10 % more of both prices, not for less', async () => {
    const fees = { maxFeePerGas: 10n * BASE_FEE, maxPriorityFeePerGas: 100n }
    const old = await add(1, fees)
    for (const less of [
      { maxFeePerGas: 11n * BASE_FEE - 1n, maxPriorityFeePerGas: 200n },
      { maxFeePerGas: 20n * BASE_FEE, maxPriorityFeePerGas: 109n },
      { ...fees, value: 2n },
    ]) {
      await expect(add(1, less)).rejects.toThrow(refused('underpriced_replacement'))
    }
    const better = await add(1, { maxFeePerGas: 11n * BASE_FEE, maxPriorityFeePerGas: 110n, value: 3n })
    expect([pool.size, pool.get(old.hash), pool.get(better.hash)]).toEqual([1, undefined, better])
    expect(pool.seal(9)).toEqual([better])
  })

  test('does not replace what is entering a block, unless the block is given up', async () => {
    const old = await add(1, { maxPriorityFeePerGas: 10n })
    pool.seal(1)
    const better = await sign(1, { maxFeePerGas: 3n * BASE_FEE, maxPriorityFeePerGas: 20n })
    expect(() => pool.check(better)).toThrow(refused('underpriced_replacement'))
    pool.put(better)
    expect(pool.get(better.hash)).toBeUndefined()
    pool.unseal([old])
    offer(better)
    expect(pool.get(better.hash)).toBe(better)
  })

  test('refuses what it has, what is used up, and what is far ahead', async () => {
    const first = await add(1)
    expect(() => pool.check(first)).toThrow(refused('already_known'))
    include(pool.seal(1))
    expect(pool.size).toBe(0)
    expect(() => pool.check(first)).toThrow(refused('nonce_too_low'))
    pool.put(first)
    expect(pool.size).toBe(0)
    await expect(add(1, { nonce: 7 })).rejects.toThrow(refused('nonce_too_high'))
  })

  test('reserves the whole cost of all that a sender has waiting', async () => {
    const cost = 21_000n * 2n * BASE_FEE
    accounts.set(addressOf(1), { balanceWei: 2n * cost + 10n, nonce: 0n })
    await add(1, { nonce: 0, value: 5n })
    await expect(add(1, { nonce: 1, value: 6n })).rejects.toThrow(refused('insufficient_funds'))
    await add(1, { nonce: 1, value: 5n })
    await expect(add(1, { nonce: 2, value: 0n })).rejects.toThrow(refused('insufficient_funds'))
    // A replacement frees what it replaces, and the gas limit counts in full.
    await expect(
      add(1, { nonce: 1, value: 0n, gas: 30_000n, maxFeePerGas: 3n * BASE_FEE, maxPriorityFeePerGas: 1n }),
    ).rejects.toThrow(refused('insufficient_funds'))
  })

  test('is capped, and those that wait for a nonce cannot crowd out the others', async () => {
    for (const nonce of [2, 3, 4, 5]) await add(1, { nonce })
    await expect(add(2, { nonce: 3 })).rejects.toThrow(refused('pool_full'))
    for (const from of [2, 3]) for (let nonce = 0; nonce < 6; nonce++) await add(from, { nonce })
    await add(1, { nonce: 0 })
    await add(1, { nonce: 1 })
    accounts.set(addressOf(4), { balanceWei: RICH, nonce: 0n })
    await add(4)
    await add(4, { nonce: 1 })
    expect(pool.size).toBe(LIMITS.maxTransfers)
    await expect(add(4, { nonce: 2 })).rejects.toThrow(refused('pool_full'))
  })
})

describe('any history of the pool', () => {
  const offers: SignedTransfer[] = []
  beforeAll(async () => {
    for (const from of [1, 2, 3]) {
      for (let nonce = 0; nonce < 7; nonce++) {
        for (const price of [1n, 2n, 5n]) {
          for (const value of [0n, RICH / 3n]) {
            const fees = { maxFeePerGas: BASE_FEE * (1n + price), maxPriorityFeePerGas: price * 1_000n }
            offers.push(await sign(from, { nonce, value, to: addressOf(7), ...fees }))
          }
        }
      }
    }
  })

  test('keeps its counts and its caps, and whatever it accepted can be paid for', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.nat(offers.length - 1), fc.constant('block' as const)), { maxLength: 80 }),
        (script) => {
          for (const i of [1, 2, 3]) accounts.set(addressOf(i), { balanceWei: RICH, nonce: 0n })
          pool = new Mempool(LIMITS, accountOf, genesis)
          const kept = new Map<string, SignedTransfer>()
          for (const step of script) {
            if (step === 'block') {
              const chosen = pool.seal(3)
              include(chosen)
              for (const t of chosen) kept.delete(`${t.from}${t.nonce}`)
            } else {
              const t = offers[step] as SignedTransfer
              try {
                pool.check(t)
              } catch {
                continue
              }
              const old = kept.get(`${t.from}${t.nonce}`)
              if (old) expect(gasPriceWei(t, genesis)).toBeGreaterThan(gasPriceWei(old, genesis))
              pool.put(t)
              kept.set(`${t.from}${t.nonce}`, t)
            }
            const ready = [1, 2, 3].reduce((sum, i) => {
              let run = accountOf(addressOf(i)).nonce
              while (kept.has(`${addressOf(i)}${run}`)) run++
              expect(pool.nextNonce(addressOf(i))).toBe(run)
              return sum + Number(run - accountOf(addressOf(i)).nonce)
            }, 0)
            expect([pool.size, pool.ready]).toEqual([kept.size, ready])
            expect(pool.size).toBeLessThanOrEqual(LIMITS.maxTransfers)
          }
          for (let chosen = pool.seal(3); chosen.length > 0; chosen = pool.seal(3)) include(chosen)
          expect(pool.ready).toBe(0)
        },
      ),
      { numRuns: 200 },
    )
  })
})
