import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { DirectSystem } from '@weft/proof'
import {
  type CircomSystem,
  createCircomDirectSystems,
  packCircomArtifact,
  readCircomProgram,
  setupCircom,
  unpackCircomArtifact,
} from '@weft/system-circom'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compileCircuit } from './circuits.js'
import { contribution, generous, openSystem, PROTOCOLS } from './direct-support.js'

let folder: string
let system: CircomSystem
let range: { r1cs: Uint8Array; wasm: Uint8Array }
let zkey: Uint8Array

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-circom-'))
  system = openSystem()
  range = await compileCircuit('range')
  await writeFile(join(folder, 'range.r1cs'), range.r1cs)
  const powers = { devFolder: join(folder, 'powers') }
  zkey = await setupCircom(
    system,
    { r1cs: join(folder, 'range.r1cs'), protocol: 'groth16', powers, contribution },
    generous,
  )
})
afterAll(async () => {
  await system.close()
  await rm(folder, { recursive: true })
})

let folders = 0
/** A folder with these files. */
const folderOf = async (files: Readonly<Record<string, Uint8Array | string>>): Promise<string> => {
  const path = join(folder, `program-${folders++}`)
  await mkdir(path)
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true })
    await writeFile(join(path, name), content)
  }
  return path
}

describe('an artifact', () => {
  test('has its files, with and without an r1cs', () => {
    for (const files of [
      { wasm: range.wasm, zkey },
      { wasm: range.wasm, zkey, r1cs: range.r1cs },
    ]) {
      const read = unpackCircomArtifact(packCircomArtifact(files))
      expect(Object.keys(read)).toEqual(Object.keys(files))
      for (const [name, content] of Object.entries(read)) {
        expect(Buffer.compare(content, files[name as 'wasm'])).toBe(0)
      }
    }
  })

  test('cut, lengthened, of another version or with lengths that lie is none', () => {
    const artifact = packCircomArtifact({ wasm: range.wasm, zkey })
    const withLength = (file: number, length: bigint) => {
      const changed = artifact.slice()
      new DataView(changed.buffer).setBigUint64(8 + 8 * file, length)
      return changed
    }
    const bad = [
      new Uint8Array(0),
      ...[3, 31, 32, 100, artifact.length - 1].map((length) => artifact.slice(0, length)),
      Uint8Array.from([...artifact, 0]),
      Uint8Array.from([...Buffer.from('zkey'), ...artifact.slice(4)]),
      artifact.with(7, 2),
      withLength(1, 2n ** 31n),
      withLength(1, 2n ** 64n - 1n),
      withLength(0, 0n),
      withLength(2, 1n),
    ]
    for (const bytes of bad) {
      expect(() => unpackCircomArtifact(bytes)).toThrow(expect.objectContaining({ code: 'bad_artifact' }))
    }
  })
})

describe('a program is read', () => {
  const artifactOf = (withR1cs: boolean) =>
    packCircomArtifact({ wasm: range.wasm, zkey, ...(withR1cs && { r1cs: range.r1cs }) })

  test('from what circom and snarkjs leave in a folder, and from the path of a zkey', async () => {
    const path = await folderOf({
      'range.r1cs': range.r1cs,
      'range_js/range.wasm': range.wasm,
      'range_js/generate_witness.js': '',
      'range_0001.zkey': zkey,
    })
    for (const given of [path, join(path, 'range_0001.zkey')]) {
      const { name, protocol, bytes } = await readCircomProgram(given)
      expect([name, protocol]).toEqual(['range', 'groth16'])
      expect(Buffer.compare(bytes, artifactOf(true))).toBe(0)
    }
  })

  test('without an r1cs', async () => {
    const path = await folderOf({ 'range.wasm': range.wasm, 'final.zkey': zkey })
    expect(Buffer.compare((await readCircomProgram(path)).bytes, artifactOf(false))).toBe(0)
  })

  test('by the zkey that is named, among several circuits', async () => {
    const path = await folderOf({
      'range.wasm': range.wasm,
      'range-2.wasm': 'another',
      'other.wasm': 'another',
      'range_final.zkey': zkey,
      'other.zkey': 'another',
      'other.r1cs': 'another',
      'range.r1cs': range.r1cs,
    })
    const { bytes, name } = await readCircomProgram(join(path, 'range_final.zkey'))
    expect(name).toBe('range')
    expect(Buffer.compare(bytes, artifactOf(true))).toBe(0)
    await expect(readCircomProgram(path)).rejects.toMatchObject({ code: 'file_ambiguous' })
  })

  test.each<[string, Readonly<Record<string, string>>, string, RegExp]>([
    ['nothing', {}, 'zkey_missing', /circom NAME.circom --r1cs --wasm/],
    ['no zkey', { 'a.r1cs': '', 'a_js/a.wasm': '' }, 'zkey_missing', /weft setup --r1cs .*a\.r1cs .*a\.zkey/],
    ['no wasm', { 'a.zkey': '' }, 'wasm_missing', /circom NAME.circom --wasm/],
    ['two wasms of other names', { 'a.zkey': '', 'b.wasm': '', 'c.wasm': '' }, 'file_ambiguous', /name/],
    ['one wasm twice', { 'a.zkey': '', 'a.wasm': '', 'a_js/a.wasm': '' }, 'file_ambiguous', /name/],
    ['a zkey that is none', { 'a.zkey': 'text', 'a.wasm': '' }, 'bad_artifact', /zkey/],
  ])('or an error says what to do: %s', async (_, files, code, message) => {
    const path = await folderOf(files)
    await expect(readCircomProgram(path)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    })
  })

  test('or there is nothing of that name', async () => {
    const path = await folderOf({ 'a.txt': '' })
    await expect(readCircomProgram(join(path, 'b.zkey'))).rejects.toMatchObject({ code: 'file_missing' })
    await expect(readCircomProgram(join(path, 'a.txt'))).rejects.toMatchObject({ code: 'zkey_missing' })
  })

  test('or a file is larger than can be handed on', async () => {
    const path = await folderOf({ 'a.zkey': zkey })
    const wasm = await open(join(path, 'a.wasm'), 'w')
    await wasm.truncate(2 ** 28 + 1)
    await wasm.close()
    await expect(readCircomProgram(path)).rejects.toMatchObject({ code: 'file_too_large' })
  })
})

describe('a setup from files', () => {
  const r1cs = () => join(folder, 'range.r1cs')

  test.each(PROTOCOLS)('gives a %s key that proves', async (protocol) => {
    const powers = { devFolder: join(folder, 'powers') }
    const made = await setupCircom(system, { r1cs: r1cs(), protocol, powers, contribution }, generous)
    const program = system.load({ protocol, ...range, zkey: made })
    const { proof, publicSignals } = await system.prove(program, { least: 1, most: 2, value: 2 }, generous)
    const key = await system.verificationKey(program, generous)
    expect(await system.verify(key, publicSignals, proof)).toBe(true)
  })

  test('takes powers of a file, and says that they are too few', async () => {
    const file = join(folder, 'few.ptau')
    await writeFile(file, await system.makeInsecureDevPowers(4, generous))
    const request = { r1cs: r1cs(), protocol: 'groth16', powers: { file }, contribution } as const
    await expect(setupCircom(system, request, generous)).rejects.toMatchObject({ code: 'setup_failed' })
    await writeFile(file, 'ptau, but not really')
    await expect(setupCircom(system, request, generous)).rejects.toMatchObject({ code: 'setup_failed' })
    const missing = { ...request, powers: { file: join(folder, 'no.ptau') } }
    await expect(setupCircom(system, missing, generous)).rejects.toMatchObject({ code: 'file_missing' })
    const none = { ...request, r1cs: file }
    await expect(setupCircom(system, none, generous)).rejects.toMatchObject({ code: 'bad_artifact' })
  })
})

test.each([1, 10, 32])('Semaphore of depth %i, as it is published', async (depth) => {
  const published = dirname(
    createRequire(import.meta.url).resolve('@zk-kit/semaphore-artifacts/package.json'),
  )
  const artifact = await readCircomProgram(join(published, `semaphore-${depth}.zkey`))
  expect([artifact.name, artifact.protocol]).toEqual([`semaphore-${depth}`, 'groth16'])
  const [groth16] = createCircomDirectSystems(system, { cacheFolder: folder }) as [DirectSystem]
  const { key } = await groth16.setup(artifact, generous)
  const inputs = {
    secret: '123456789',
    merkleProofLength: 0,
    merkleProofIndex: 0,
    merkleProofSiblings: Array.from({ length: depth }, () => '0'),
    scope: '7',
    message: '9',
  }
  const proof = await groth16.prove(artifact, key, inputs, generous)
  expect(proof.publicInputs).toEqual(await groth16.execute(artifact, inputs, generous))
  expect(proof.publicInputs.slice(2).map(BigInt)).toEqual([9n, 7n])
  expect(await groth16.verify(key, proof)).toBe(true)
})
