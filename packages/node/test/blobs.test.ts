import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ApiClient, digestOf } from '@weft/api'
import { expect, test } from 'vitest'
import type { Link } from '../src/coordinator/link.js'
import { createBlobs } from '../src/job/blobs.js'

const MIB = 2 ** 20
const signal = new AbortController().signal

test('one try at a blob lasts as long as the largest that is taken needs over a slow line', async () => {
  const bytes = new Uint8Array(1000).fill(7)
  const stream = () => new Blob([bytes]).stream()
  const triedMs: number[] = []
  const ask: Link['ask'] = (_, timeMs, call) => {
    triedMs.push(timeMs)
    return call({ getBlob: async () => stream() } as unknown as ApiClient, signal)
  }
  const folder = await mkdtemp(join(tmpdir(), 'weft-node-blobs-'))
  const blobs = createBlobs({ ask, deliver: ask, once: ask }, folder)
  const digest = await digestOf(bytes)
  for (const maxBytes of [16_384, 64 * MIB, 256 * MIB])
    expect(await blobs.fetch(digest, maxBytes, signal)).toEqual(bytes)
  // A megabit a second takes 9 minutes for 64 MiB, and 36 for 256 MiB.
  const [short, long, longest] = triedMs as [number, number, number]
  expect(short).toBeLessThan(3 * 60_000)
  expect(long).toBeGreaterThan(9 * 60_000)
  expect(longest).toBeGreaterThan(36 * 60_000)
  await rm(folder, { recursive: true })
})
