import { checkOffer, checkRequest, DEFAULT_LIMITS, MAX_WORK } from '@weft/market'
import {
  type Address,
  allowedProversHash,
  decodePolicy,
  encodePolicy,
  type Offer,
  offerId,
  type Request,
  type Selection,
} from '@weft/protocol'
import { encodeAbiParameters, keccak256 } from 'viem'
import { describe, expect, test } from 'vitest'
import {
  aBook,
  anOffer,
  aRequest,
  DOMAIN,
  ETHER,
  NOW_MS,
  NOW_S,
  policyNumber,
  proverAt,
  rest,
  word,
} from './build.js'

const YEAR_S = DEFAULT_LIMITS.horizonS

const BAD_OFFERS: [string, Partial<Offer> | Record<string, unknown>, string][] = [
  ['expired', { expiry: NOW_S - 1 }, 'expired'],
  ['expiring now', { expiry: NOW_S }, 'expired'],
  ['for years', { expiry: NOW_S + YEAR_S + 1 }, 'too_far_ahead'],
  ['free', { priceWei: 0n }, 'zero_value'],
  ['instant', { turnaroundMs: 0n }, 'zero_value'],
  ['of no capacity', { capacity: 0 }, 'zero_value'],
  ['slower than is counted exactly', { turnaroundMs: MAX_WORK + 1n }, 'out_of_range'],
  ['of more jobs than its type', { capacity: 2 ** 32 }, 'out_of_range'],
  ['with a price above its type', { priceWei: 2n ** 96n }, 'out_of_range'],
  ['with a collateral above its type', { collateralWei: 2n ** 96n }, 'out_of_range'],
  ['with a nonce above its type', { nonce: 2n ** 256n }, 'out_of_range'],
  ['with a negative price', { priceWei: -1n }, 'out_of_range'],
  ['with a turnaround above its type', { turnaroundMs: 2n ** 64n }, 'out_of_range'],
  ['with half a millisecond', { turnaroundMs: 0.5 }, 'malformed'],
  ['with a number that is none', { turnaroundMs: Number.NaN }, 'malformed'],
  ['with text for a price', { priceWei: '1' }, 'malformed'],
  ['with a checksummed address', { prover: `0x${'aB'.repeat(20)}` }, 'malformed'],
  ['with a short scope', { target: '0x12' }, 'malformed'],
  ['without a nonce', { nonce: undefined }, 'malformed'],
]

const BAD_REQUESTS: [string, Partial<Request> | Record<string, unknown>, string][] = [
  ['whose offer deadline has passed', { offerDeadline: NOW_S }, 'expired'],
  ['due before offers end', { proofDeadline: NOW_S + 600 }, 'deadlines_out_of_order'],
  [
    'due before bids are revealed',
    { policy: policyNumber('sealed-first-price'), proofDeadline: NOW_S + 630 },
    'deadlines_out_of_order',
  ],
  ['due in years', { proofDeadline: NOW_S + YEAR_S + 1 }, 'too_far_ahead'],
  ['that pays nothing', { maxPriceWei: 0n }, 'zero_value'],
  ['whose floor is above its maximum', { startPriceWei: 6_000_000n }, 'start_above_maximum'],
  ['of dust', { maxTotalWei: DEFAULT_LIMITS.dustWei - 1n }, 'dust'],
  ['that pays nothing in all', { maxTotalWei: 0n }, 'dust'],
  ['with a total above its type', { maxTotalWei: 2n ** 96n }, 'out_of_range'],
  ['with a price above its type', { maxPriceWei: 2n ** 96n }, 'out_of_range'],
  ['with a deadline above its type', { proofDeadline: 2 ** 40 }, 'out_of_range'],
  ['of no known policy', { policy: 6 }, 'unknown_policy'],
  ['of no known delivery', { delivery: 3 }, 'unknown_policy'],
  ['with several winners and no race', { policy: 16 }, 'unknown_policy'],
  ['that allows whom it does not list', { allowedProvers: word(1) }, 'foreign_provers'],
]

test.each(BAD_OFFERS)('an offer %s is refused', (_name, over, code) => {
  const refusal = checkOffer({ ...anOffer(), ...over } as Offer, NOW_MS, DEFAULT_LIMITS)
  expect(refusal).toMatchObject({ kind: 'refused', code })
  expect(refusal?.reason).not.toBe('')
})

test.each(BAD_REQUESTS)('a request %s is refused', (_name, over, code) => {
  const refusal = checkRequest({ ...aRequest(over as Partial<Request>) }, [], NOW_MS, DEFAULT_LIMITS)
  expect(refusal).toMatchObject({ kind: 'refused', code })
  expect(refusal?.reason).not.toBe('')
})

test('what is at the edge of the limits is admitted', () => {
  const largest = { priceWei: 2n ** 96n - 1n, capacity: 2 ** 32 - 1, collateralWei: 2n ** 96n - 1n }
  expect(checkOffer(anOffer(largest), NOW_MS, DEFAULT_LIMITS)).toBeNull()
  expect(
    checkOffer(anOffer({ expiry: NOW_S + 1, turnaroundMs: MAX_WORK }), NOW_MS, DEFAULT_LIMITS),
  ).toBeNull()
  const dearest = { maxPriceWei: 2n ** 96n - 1n, maxTotalWei: 2n ** 96n - 1n }
  expect(checkRequest(aRequest(dearest), [], NOW_MS, DEFAULT_LIMITS)).toBeNull()
})

test.each([
  ['twice the same', [proverAt(1), proverAt(1)], 'duplicate_prover'],
  ['a crowd', Array.from({ length: 65 }, (_, i) => proverAt(i + 1)), 'too_many_provers'],
  ['no addresses', ['0x12'], 'malformed'],
  ['no list', undefined, 'malformed'],
])('a list of provers that is %s is refused', (_name, list, code) => {
  const provers = list as Address[]
  const allowedProvers = Array.isArray(list) && code !== 'malformed' ? allowedProversHash(provers) : word(0)
  const request = aRequest({ allowedProvers })
  expect(checkRequest(request, provers, NOW_MS, DEFAULT_LIMITS)).toMatchObject({ kind: 'refused', code })
})

test('the list whose hash is signed is admitted, in its order alone', () => {
  const provers = [proverAt(1), proverAt(2)]
  const allowedProvers = allowedProversHash(provers)
  expect(allowedProvers).toBe(keccak256(encodeAbiParameters([{ type: 'address[]' }], [provers])))
  const request = aRequest({ allowedProvers })
  expect(checkRequest(request, provers, NOW_MS, DEFAULT_LIMITS)).toBeNull()
  expect(checkRequest(request, [...provers].reverse(), NOW_MS, DEFAULT_LIMITS)?.code).toBe('foreign_provers')
  expect(checkRequest(request, [], NOW_MS, DEFAULT_LIMITS)?.code).toBe('foreign_provers')
})

test('a policy byte says what it was made of, and nothing else does', () => {
  const bytes = Array.from({ length: 300 }, (_, byte) => byte)
  const known = bytes.filter((byte) => decodePolicy(byte) !== null)
  for (const byte of known) expect(encodePolicy(decodePolicy(byte) as Selection)).toBe(byte)
  // Five policies and sixteen sizes of race, on two curves.
  expect(known).toHaveLength(2 * (5 + 16))
})

describe('the book refuses', () => {
  const add = (book = aBook(), over: Partial<Offer> = {}) => {
    const offer = anOffer(over)
    return book.add(offerId(DOMAIN, offer), offer, NOW_MS)?.code
  }

  test('offers of keys without stake, and collateral that is not there', () => {
    const book = aBook()
    expect(add(book)).toBe('too_little_stake')
    book.setAccount(proverAt(1), { collateralWei: ETHER, stakeWei: DEFAULT_LIMITS.minStakeWei - 1n })
    expect(add(book)).toBe('too_little_stake')
    book.setAccount(proverAt(1), { collateralWei: ETHER, stakeWei: DEFAULT_LIMITS.minStakeWei })
    expect(add(book, { collateralWei: ETHER + 1n })).toBe('beyond_collateral')
    expect(book.size).toBe(0)
    expect(add(book)).toBeUndefined()
  })

  test('an offer twice, and a nonce twice, also after it was withdrawn', () => {
    const book = aBook()
    const id = rest(book, anOffer())
    expect(add(book)).toBe('already_resting')
    expect(add(book, { priceWei: 5n })).toBe('nonce_used')
    book.withdraw(id)
    expect(add(book)).toBe('nonce_used')
  })

  test('ten thousand tiny offers from one key', () => {
    const book = aBook()
    book.setAccount(proverAt(1), { collateralWei: ETHER, stakeWei: ETHER })
    const codes = new Map<string | undefined, number>()
    for (let i = 0; i < 10_000; i++) {
      const code = add(book, { capacity: 1, nonce: BigInt(i), target: word(i % 100) })
      codes.set(code, (codes.get(code) ?? 0) + 1)
    }
    expect(codes).toEqual(
      new Map([
        [undefined, 256],
        ['too_many_offers', 9_744],
      ]),
    )
    // Another prover is not held up by it.
    rest(book, anOffer({ prover: proverAt(2) }))
    expect(book.size).toBe(257)
  })

  test('signing and withdrawing without end', () => {
    const book = aBook({ offersPerProver: 4 })
    let [admitted, code]: [number, string | undefined] = [0, undefined]
    book.setAccount(proverAt(1), { collateralWei: ETHER, stakeWei: ETHER })
    for (let i = 0; i < 100; i++) {
      const offer = anOffer({ nonce: BigInt(i) })
      code = book.add(offerId(DOMAIN, offer), offer, NOW_MS)?.code
      if (code === undefined) admitted++
      book.withdraw(offerId(DOMAIN, offer))
    }
    expect([admitted, code]).toEqual([64, 'too_many_offers'])
  })
})
