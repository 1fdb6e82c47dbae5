import { expect, test } from 'vitest'
import { LruCache } from '../src/prover/lru-cache.js'

test('what was used longest ago goes first', () => {
  const cache = new LruCache<number>(30)
  cache.put('a', 1, 10)
  cache.put('b', 2, 10)
  cache.put('c', 3, 10)
  expect(cache.get('a')).toBe(1)
  cache.put('d', 4, 10)
  expect([cache.get('a'), cache.get('b'), cache.get('c'), cache.get('d')]).toEqual([1, undefined, 3, 4])
  cache.put('e', 5, 25)
  expect([cache.get('a'), cache.get('c'), cache.get('d'), cache.get('e')]).toEqual([
    undefined,
    undefined,
    undefined,
    5,
  ])
  expect(cache.bytes).toBe(25)
})

test('a value replaces its predecessor, and one too large is not kept', () => {
  const cache = new LruCache<number>(30)
  cache.put('a', 1, 20)
  cache.put('a', 2, 30)
  expect([cache.get('a'), cache.bytes]).toEqual([2, 30])
  cache.put('b', 3, 31)
  expect([cache.get('a'), cache.get('b'), cache.bytes]).toEqual([2, undefined, 30])
})
