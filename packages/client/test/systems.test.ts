import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDirectSystems } from '@weft/client'
import { CONTRACT, GROTH16 } from '@weft/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sourceOf } from '../src/program-source.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-systems-'))
})
afterAll(() => rm(folder, { recursive: true }))

const namesOf = async (systems: string) => {
  const opened = await openDirectSystems({ systems, threads: 1, cacheFolder: folder })
  await opened.close()
  return opened.systems.map(({ name, id }) => [name, id])
}

describe('a process has', () => {
  const CIRCOM = [
    ['groth16', GROTH16],
    ['plonk', CONTRACT],
    ['fflonk', CONTRACT],
  ]

  test('circom’s proof systems where they are installed', async () => {
    expect(await namesOf('auto')).toEqual(CIRCOM)
    expect(await namesOf('circom')).toEqual(CIRCOM)
  })

  test('none of them when it is told so', async () => {
    expect(await namesOf('none')).toEqual([])
  })

  test.each(['snark', 'circom,', 'external:/nowhere.json'])('an error for %j', async (systems) => {
    await expect(namesOf(systems)).rejects.toMatchObject({ code: 'bad_config' })
  })
})

describe('what is at a path', () => {
  const at = async (name: string, files: readonly string[]) => {
    await mkdir(join(folder, name))
    for (const file of files) await writeFile(join(folder, name, file), '')
    return join(folder, name)
  }
  const zk = true

  test('is Noir’s by its project or its artifact', async () => {
    const path = await at('noir', ['Nargo.toml'])
    expect(await sourceOf({ path, zk })).toEqual({ path, zk, system: 'ultrahonk' })
    await writeFile(join(folder, 'artifact.json'), '{}')
    expect(await sourceOf({ path: join(folder, 'artifact.json') })).toMatchObject({ system: 'ultrahonk' })
    expect(await sourceOf({ path, alone: true })).toEqual({ path, system: 'honk-zk' })
    expect(await sourceOf({ path, alone: true, zk: false })).toEqual({ path, zk: false, system: 'honk' })
  })

  test('is circom’s by its files, and says what is missing', async () => {
    const path = await at('circom', ['multiplier.r1cs', 'multiplier.wasm', 'input.json'])
    await expect(sourceOf({ path })).rejects.toMatchObject({
      code: 'zkey_missing',
      message: expect.stringContaining('weft setup --r1cs'),
    })
  })

  test('is whatever its author says', async () => {
    const path = await at('guest', ['guest.elf'])
    await expect(sourceOf({ path })).rejects.toMatchObject({ code: 'unknown_source' })
    const told = { path, system: 'sp1', work: 7n }
    expect(await sourceOf({ ...told, alone: true })).toEqual(told)
  })

  test('that is not there is an error', async () => {
    await expect(sourceOf({ path: join(folder, 'nowhere') })).rejects.toMatchObject({
      code: 'unknown_source',
    })
  })
})
