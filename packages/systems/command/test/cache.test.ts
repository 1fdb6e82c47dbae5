import { readdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ArtifactCache, sha256 } from '../src/cache.js'
import { newFolder } from './support.js'

const of = (text: string) => ({ name: text, bytes: Buffer.alloc(100_000, text) })
const namesOf = (...texts: string[]) => texts.map((text) => sha256(of(text).bytes).slice(2)).sort()

test('artifacts that were used longest ago make room for new ones; those in use stay', async () => {
  const folder = await newFolder()
  const cache = new ArtifactCache(folder, 400_000)
  const use = async (text: string, hoursAgo: number) => {
    const { artifact } = await cache.store(of(text))
    const at = new Date(Date.now() - hoursAgo * 3_600_000)
    await utimes(artifact, at, at)
  }
  await use('a', 40)
  await use('b', 30)
  await use('c', 20)
  expect(await readdir(folder)).toHaveLength(3)
  await cache.store(of('a'))
  await use('d', 10)
  expect((await readdir(folder)).sort()).toEqual(namesOf('a', 'd'))
  await use('e', 1)
  await use('f', 0)
  await use('g', 0)
  await use('h', 0)
  expect((await readdir(folder)).sort()).toEqual(namesOf('a', 'e', 'f', 'g', 'h'))
})

test('what commands keep counts, and goes with its artifact', async () => {
  const folder = await newFolder()
  const cache = new ArtifactCache(folder, 400_000)
  const { artifact, state } = await cache.store(of('a'))
  await writeFile(join(state, 'kept'), Buffer.alloc(400_000, 1))
  const longAgo = new Date(0)
  await utimes(artifact, longAgo, longAgo)
  await cache.store(of('b'))
  expect(await readdir(folder)).toEqual(namesOf('b'))
})
