import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDirectSystems } from '@weft/cli'
import { CONTRACT, GROTH16 } from '@weft/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deliveryOf } from '../src/delivery.js'
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
  const settings = { zk: true }

  test('is Noir’s by its project or its artifact', async () => {
    const project = await at('noir', ['Nargo.toml'])
    expect(await sourceOf(project, settings)).toEqual({ path: project, zk: true, system: 'ultrahonk' })
    await writeFile(join(folder, 'artifact.json'), '{}')
    expect(await sourceOf(join(folder, 'artifact.json'), settings)).toMatchObject({ system: 'ultrahonk' })
    expect(await sourceOf(project, settings, 'individual')).toMatchObject({ system: 'honk-zk' })
    expect(await sourceOf(project, { zk: false }, 'individual')).toMatchObject({ system: 'honk' })
    expect(await sourceOf(project, settings, 'aggregated')).toMatchObject({ system: 'ultrahonk' })
  })

  test('is circom’s by its files, and says what is missing', async () => {
    const path = await at('circom', ['multiplier.r1cs', 'multiplier.wasm', 'input.json'])
    await expect(sourceOf(path, settings)).rejects.toMatchObject({
      code: 'zkey_missing',
      message: expect.stringContaining('weft setup --r1cs'),
    })
  })

  test('is whatever its author says', async () => {
    const path = await at('guest', ['guest.elf'])
    await expect(sourceOf(path, settings)).rejects.toMatchObject({ code: 'unknown_source' })
    const told = { ...settings, system: 'sp1', work: 7n }
    expect(await sourceOf(path, told, 'individual')).toEqual({ path, zk: true, system: 'sp1', work: 7n })
  })

  test('that is not there is an error', async () => {
    await expect(sourceOf(join(folder, 'nowhere'), settings)).rejects.toMatchObject({
      code: 'unknown_source',
    })
  })
})

test('a delivery is told once, by name or by switch', () => {
  const none = { individual: false, batched: false, aggregated: false }
  expect(deliveryOf(none)).toBe('auto')
  expect(deliveryOf({ ...none, delivery: 'batched' })).toBe('batched')
  expect(deliveryOf({ ...none, aggregated: true })).toBe('aggregated')
  expect(() => deliveryOf({ ...none, individual: true, batched: true })).toThrow('individual and batched')
})
