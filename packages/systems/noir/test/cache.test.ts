import { readdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { readCached, trimFolder, writeCached } from '../src/cache.js'
import { newFolder } from './support.js'

let folder: string
beforeEach(async () => {
  folder = await newFolder()
})

/** Files of 100 bytes, used so many seconds ago. */
const files = async (ages: Readonly<Record<string, number>>) => {
  for (const [name, age] of Object.entries(ages)) {
    await writeFile(join(folder, name), Buffer.alloc(100))
    const at = Date.now() / 1000 - age
    await utimes(join(folder, name), at, at)
  }
}
const names = async () => (await readdir(folder)).sort()

describe('the cache folder', () => {
  it('loses what was used longest ago once it is too large, and no more than it has to', async () => {
    await files({ a: 40, b: 30, c: 20, d: 10 })
    await trimFolder(folder, 400, 250)
    expect(await names()).toEqual(['a', 'b', 'c', 'd'])
    await trimFolder(folder, 399, 250)
    expect(await names()).toEqual(['c', 'd'])
  })

  it('keeps what was read lately', async () => {
    await files({ a: 40, b: 30 })
    expect(await readCached(join(folder, 'a'))).toHaveLength(100)
    await trimFolder(folder, 150, 100)
    expect(await names()).toEqual(['a'])
  })

  it('gives back what was written, and nothing for what is not there or cannot be read', async () => {
    await writeCached(join(folder, 'new', 'x'), 'text')
    expect(Buffer.from((await readCached(join(folder, 'new', 'x'))) ?? []).toString()).toBe('text')
    expect(await readCached(join(folder, 'y'))).toBeNull()
    expect(await readCached(folder)).toBeNull()
  })
})
