import { readFile } from 'node:fs/promises'
import type { OfferView } from '@weft/api'
import { tag, toAddress, uintToBytes32 } from '@weft/protocol'
import { MEASURED_GAS } from '@weft/sdk'
import { expect, test } from 'vitest'
import { estimateOf } from '../src/estimate.js'

const offer = (priceWei: bigint, turnaroundMs: bigint): OfferView => ({
  id: uintToBytes32(priceWei),
  offer: {
    prover: toAddress(`0x${'9a'.repeat(20)}`),
    target: tag('test.program'),
    priceWei,
    turnaroundMs,
    ...{ capacity: 1, collateralWei: 0n, expiry: 1_800_000_000, nonce: 1n },
  },
  roomWork: 1,
})

test('says the most that is paid, and what the cheapest offer makes of it', () => {
  // 250,000 gates and a merge are two million units of work.
  expect(estimateOf(250_000n, 500n, [offer(7n, 12_000n), offer(9n, 1n)])).toMatchObject({
    work: 2_000_000n,
    maxWei: 1_000n,
    offers: 2,
    cheapestPriceWei: 7n,
    cheapestWei: 14n,
    seconds: 24,
  })
})

test('rounds up, and says that nobody offers', () => {
  expect(estimateOf(1n, 1n, [])).toMatchObject({
    maxWei: 2n,
    offers: 0,
    cheapestPriceWei: null,
    cheapestWei: null,
    seconds: null,
  })
  expect(estimateOf(1n, 1n, [offer(1n, 1n)])).toMatchObject({ cheapestWei: 2n, seconds: 1 })
})

test('says gas as it was measured', async () => {
  const snapshot = new URL('../../../contracts/snapshots/gas.json', import.meta.url)
  const gas = JSON.parse(await readFile(snapshot, 'utf8'))
  expect(gas['settle, 2 claims, without verifier']).toBe(String(MEASURED_GAS.settlementWithoutVerifier))
  expect(gas['market, one request, match to payment']).toBe(String(MEASURED_GAS.request))
  expect(gas['market, 32 requests']).toBe(String(MEASURED_GAS.requests32))
  const { alone, oneOf32 } = estimateOf(1n, 1n, []).gas
  expect([alone, oneOf32]).toEqual([963_473, 70_566])
})
