import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CONTRACT } from '@weft/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { externalSystems } from '../src/external-systems.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-cli-'))
})
afterEach(() => rm(folder, { recursive: true }))

const write = async (content: object): Promise<string> => {
  const path = join(folder, 'systems.json')
  await writeFile(path, JSON.stringify(content))
  return path
}
const optionsOf = () => ({ cacheFolder: folder, threads: 1, path: process.env.PATH ?? '' })

test('a config file of external provers is as many systems', async () => {
  const entry = { setup: ['true'], prove: ['true'], verify: ['true'], maxProofBytes: 1000 }
  const path = await write({
    systems: [
      { ...entry, name: 'one' },
      { ...entry, name: 'two' },
    ],
  })
  const systems = await externalSystems(path, optionsOf())
  expect(systems.map(({ name, id }) => [name, id])).toEqual([
    ['one', CONTRACT],
    ['two', CONTRACT],
  ])
  await Promise.all(systems.map((system) => system.close()))
})

test('a wrong one says which field is wrong', async () => {
  const path = await write({ systems: [{ name: 'One' }] })
  await expect(externalSystems(path, optionsOf())).rejects.toMatchObject({
    code: 'bad_config',
    message: expect.stringMatching(/systems\[0\]\.name/),
  })
})
