import {
  checkOffer,
  checkRequest,
  DEFAULT_LIMITS,
  MAX_WORK,
  type Offer,
  offerId,
  type Request,
} from '@weft/market'
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
  ['expired', { expiryS: NOW_S - 1n }, 'expired'],
  ['expiring now', { expiryS: NOW_S }, 'expired'],
  ['for years', { expiryS: NOW_S + YEAR_S + 1n }, 'too_far_ahead'],
  ['free', { weiPerMwork: 0n }, 'zero_value'],
  ['instant', { msPerMwork: 0 }, 'zero_value'],
  ['of no capacity', { capacityWork: 0n }, 'zero_value'],
  ['of dust', { capacityWork: DEFAULT_LIMITS.dustWork - 1n }, 'dust'],
  ['of more work than is counted exactly', { capacityWork: MAX_WORK + 1n }, 'out_of_range'],
  ['with a price above its type', { weiPerMwork: 2n ** 96n }, 'out_of_range'],
  ['with a collateral above its type', { collateralWei: 2n ** 128n }, 'out_of_range'],
  ['with a nonce above its type', { nonce: 2n ** 256n }, 'out_of_range'],
  ['with a negative price', { weiPerMwork: -1n }, 'out_of_range'],
  ['with a turnaround above its type', { msPerMwork: 2 ** 32 }, 'out_of_range'],
  ['with half a millisecond', { msPerMwork: 0.5 }, 'malformed'],
  ['with a number that is none', { msPerMwork: Number.NaN }, 'malformed'],
  ['with text for a price', { weiPerMwork: '1' }, 'malformed'],
  ['with a checksummed address', { prover: `0x${'aB'.repeat(20)}` }, 'malformed'],
  ['with a short scope', { scope: '0x12' }, 'malformed'],
  ['without a nonce', { nonce: undefined }, 'malformed'],
]

const BAD_REQUESTS: [string, Partial<Request> | Record<string, unknown>, string][] = [
  ['whose offer deadline has passed', { offerDeadlineS: NOW_S }, 'expired'],
  ['due before offers end', { proofDeadlineS: NOW_S + 600n }, 'deadlines_out_of_order'],
  ['whose ramp ends after its offers', { rampS: 601 }, 'deadlines_out_of_order'],
  ['that opens after its offers end', { openS: NOW_S + 601n }, 'deadlines_out_of_order'],
  ['due in years', { proofDeadlineS: NOW_S + YEAR_S + 1n }, 'too_far_ahead'],
  ['that pays nothing', { floorWeiPerMwork: 0n, maxWeiPerMwork: 0n }, 'zero_value'],
  ['whose floor is above its maximum', { floorWeiPerMwork: 6_000_000n }, 'floor_above_maximum'],
  ['of dust', { maxTotalWei: DEFAULT_LIMITS.dustWei - 1n }, 'dust'],
  ['that pays nothing in all', { maxTotalWei: 0n }, 'dust'],
  ['with a total above its type', { maxTotalWei: 2n ** 128n }, 'out_of_range'],
  ['with a price above its type', { maxWeiPerMwork: 2n ** 96n }, 'out_of_range'],
  ['with a deadline above its type', { proofDeadlineS: 2n ** 64n }, 'out_of_range'],
  ['of no known policy', { policy: 6 }, 'out_of_range'],
  ['of no known curve', { curve: 2 }, 'out_of_range'],
  ['of no known delivery', { delivery: 2 }, 'out_of_range'],
  ['without winners', { winners: 0 }, 'phase_without_policy'],
  ['with several winners and no race', { winners: 2 }, 'phase_without_policy'],
  ['that reveals without sealing', { revealS: 10 }, 'phase_without_policy'],
  ['that seals without revealing', { policy: policyNumber('sealed-first-price') }, 'phase_without_policy'],
  ['that names a prover twice', { provers: [proverAt(1), proverAt(1)] }, 'duplicate_prover'],
  [
    'that names a crowd',
    { provers: Array.from({ length: 65 }, (_, i) => proverAt(i + 1)) },
    'too_many_provers',
  ],
  ['that names no address', { provers: ['0x12'] }, 'malformed'],
  ['without provers', { provers: undefined }, 'malformed'],
]

test.each(BAD_OFFERS)('an offer %s is refused', (_name, over, code) => {
  const refusal = checkOffer({ ...anOffer(), ...over } as Offer, NOW_MS, DEFAULT_LIMITS)
  expect(refusal).toMatchObject({ kind: 'refused', code })
  expect(refusal?.reason).not.toBe('')
})

test.each(BAD_REQUESTS)('a request %s is refused', (_name, over, code) => {
  const refusal = checkRequest({ ...aRequest(), ...over } as Request, NOW_MS, DEFAULT_LIMITS)
  expect(refusal).toMatchObject({ kind: 'refused', code })
  expect(refusal?.reason).not.toBe('')
})

test('what is at the edge of the limits is admitted', () => {
  const largest = { weiPerMwork: 2n ** 96n - 1n, capacityWork: MAX_WORK, collateralWei: 2n ** 128n - 1n }
  expect(checkOffer(anOffer(largest), NOW_MS, DEFAULT_LIMITS)).toBeNull()
  expect(
    checkOffer(anOffer({ expiryS: NOW_S + 1n, capacityWork: 65_536n }), NOW_MS, DEFAULT_LIMITS),
  ).toBeNull()
  const dearest = { maxWeiPerMwork: 2n ** 96n - 1n, maxTotalWei: 2n ** 128n - 1n, rampS: 600 }
  expect(checkRequest(aRequest(dearest), NOW_MS, DEFAULT_LIMITS)).toBeNull()
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
    expect(add(book, { weiPerMwork: 5n })).toBe('nonce_used')
    book.withdraw(id)
    expect(add(book)).toBe('nonce_used')
  })

  test('ten thousand tiny offers from one key', () => {
    const book = aBook()
    book.setAccount(proverAt(1), { collateralWei: ETHER, stakeWei: ETHER })
    const codes = new Map<string | undefined, number>()
    for (let i = 0; i < 10_000; i++) {
      const code = add(book, { capacityWork: 65_536n, nonce: BigInt(i), scope: word(i % 100) })
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
