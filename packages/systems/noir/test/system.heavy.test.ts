import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Limits } from '@weft/proof'
import { PROOF_SYSTEM_LAWS } from '@weft/proof/testing'
import { publicInput, ZERO_BYTES32 } from '@weft/protocol'
import {
  createNoirSystem,
  ensureDevSrs,
  findBb,
  type NoirSystem,
  patchSolidity,
  toLanes,
} from '@weft/system-noir'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const CACHE = fileURLToPath(new URL('../../../../.cache/weft', import.meta.url))
const PROGRAMS = fileURLToPath(new URL('../../../../circuits/programs', import.meta.url))
const prover = `0x${'a1'.repeat(20)}` as const
const post = `0x${'17'.repeat(32)}` as const
const generous: Limits = { signal: new AbortController().signal, memoryBytes: 8e9, timeMs: 300_000 }

let folder: string
let system: NoirSystem

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-noir-'))
  const srs = await ensureDevSrs(`${CACHE}/dev-srs`, findBb(process.platform, process.arch), 2)
  system = createNoirSystem({ srs: { kind: 'dev', ...srs }, cacheFolder: folder, threads: 2 })
})
afterAll(async () => {
  await system.close()
  await rm(folder, { recursive: true })
})

describe('UltraHonk keeps the laws of the port', () => {
  test.each(PROOF_SYSTEM_LAWS)('$name', { timeout: 120_000 }, async ({ check }) => {
    await check({
      system,
      program: join(PROGRAMS, 'pad'),
      broken: join(PROGRAMS, 'nothing-here'),
      inputs: { output: toLanes(post), prover },
      publicInput: publicInput({
        kind: 'transition',
        pre: ZERO_BYTES32,
        post,
        data: ZERO_BYTES32,
        prover,
        work: 60_000n,
      }),
      malformed: { output: ['1'], prover },
    })
  })
})

describe('limits', () => {
  const prove = async (limits: Limits) => {
    const artifact = await system.compile(join(PROGRAMS, 'pad'))
    const key = await system.setup(artifact, 'recursive', generous)
    const witness = await system.execute(artifact, { output: toLanes(post), prover }, generous)
    return system.prove(artifact, key, witness, limits)
  }

  test('of time end that job alone', { timeout: 60_000 }, async () => {
    await expect(prove({ ...generous, timeMs: 1 })).rejects.toMatchObject({ code: 'time_limit' })
    expect((await prove(generous)).length).toBeGreaterThan(0)
  })

  test('of memory end that job alone', { timeout: 120_000 }, async () => {
    const merge = await system.compile(join(PROGRAMS, 'merge'))
    const small = { ...generous, memoryBytes: 200e6 }
    await expect(system.setup(merge, 'recursive', small)).rejects.toMatchObject({ code: 'memory_limit' })
    expect((await prove(generous)).length).toBeGreaterThan(0)
  })

  test('a job is cancelled while it is proven', { timeout: 60_000 }, async () => {
    const cancel = new AbortController()
    const merge = await system.compile(join(PROGRAMS, 'merge'))
    const proof = system.setup(merge, 'recursive', { ...generous, signal: cancel.signal })
    setImmediate(() => cancel.abort())
    await expect(proof).rejects.toMatchObject({ code: 'cancelled' })
  })
})

describe('a bad artifact is a typed error', () => {
  const key = { target: 'recursive', bytes: new Uint8Array(3680), hash: ZERO_BYTES32 } as const
  test.each([
    ['no JSON', Buffer.from('{')],
    ['no bytecode', Buffer.from('{"abi":{"parameters":[]}}')],
    ['bytecode that does not unpack', Buffer.from('{"abi":{"parameters":[]},"bytecode":"AAAA"}')],
  ])('%s', async (name, bytes) => {
    const proof = system.prove({ name, bytes }, key, new Uint8Array(8), generous)
    await expect(proof).rejects.toMatchObject({ code: 'bad_artifact' })
  })
})

test('of a circuit that is known, under whatever name, `bb` is asked nothing', async () => {
  const artifact = await system.compile(join(PROGRAMS, 'pad'))
  const known = [
    await system.setup(artifact, 'recursive', generous),
    await system.setup(artifact, 'evm', generous),
    await system.estimate(artifact, generous),
  ]
  const srs = { ...system.srs, bbPath: join(folder, 'no-such-bb') }
  const later = createNoirSystem({ srs, cacheFolder: folder, threads: 1 })
  const json = JSON.parse(Buffer.from(artifact.bytes).toString())
  const renamed = { name: 'renamed', bytes: Buffer.from(JSON.stringify({ ...json, name: 'renamed' })) }
  expect([
    await later.setup(renamed, 'recursive', generous),
    await later.setup(renamed, 'evm', generous),
    await later.estimate(renamed, generous),
  ]).toEqual(known)
  const merge = await system.compile(join(PROGRAMS, 'merge'))
  await expect(later.estimate(merge, generous)).rejects.toMatchObject({ code: 'prover_unavailable' })
  await later.close()
})

test('a key’s hash is what setup said, and nothing else is a key', async () => {
  const key = await system.setup(await system.compile(join(PROGRAMS, 'pad')), 'recursive', generous)
  expect(await system.hashKey(key.bytes)).toBe(key.hash)
  await expect(system.hashKey(key.bytes.subarray(32))).rejects.toMatchObject({ code: 'bad_key' })
})

test('the ceremony constants are replaced in Solidity only where they are', () => {
  expect(() => patchSolidity('contract HonkVerifier {}')).toThrow('no G2 constants')
})
