import { expect, test } from 'vitest'
import { deliveryOf } from '../src/delivery.js'

test('a delivery is told once, by name or by switch', () => {
  const none = { individual: false, batched: false, aggregated: false }
  expect(deliveryOf(none)).toBe('auto')
  expect(deliveryOf({ ...none, delivery: 'batched' })).toBe('batched')
  expect(deliveryOf({ ...none, aggregated: true })).toBe('aggregated')
  expect(() => deliveryOf({ ...none, individual: true, batched: true })).toThrow('individual and batched')
})
