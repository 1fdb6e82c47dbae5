import { readdir } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import type { Artifact, VerificationKey } from '@weft/proof'
import { KEY_FIELDS, type NoirSystem } from '@weft/system-noir'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { fakeBb, speaking } from './fake-bb.js'
import { generous, newFolder } from './support.js'

const HASH = `0x${'07'.repeat(32)}` as const
const KEY: VerificationKey = { target: 'recursive', bytes: new Uint8Array(32 * KEY_FIELDS), hash: HASH }
const ARTIFACT: Artifact = {
  name: 'any',
  bytes: Buffer.from(
    JSON.stringify({ abi: { parameters: [] }, bytecode: gzipSync('any').toString('base64') }),
  ),
}

/** Sets up when it is told to, and verifies at once. */
const SLOW = `found.includes('ComputeVk') ? (note('slow'), when('go', answer)) : answer()`

const hash = (system: NoirSystem) => system.hashKey(KEY.bytes)
const verify = (system: NoirSystem) => system.verify(KEY, HASH, new Uint8Array(32))
const setup = (system: NoirSystem, change = {}) =>
  system.setup(ARTIFACT, 'recursive', { ...generous, ...change })

describe('a bb that cannot be started says nothing of a proof, and the next call tries again', () => {
  test('one that is missing', async () => {
    const { system, put } = await fakeBb(null)
    await expect(verify(system)).rejects.toMatchObject({ code: 'prover_unavailable' })
    await expect(hash(system)).rejects.toMatchObject({
      code: 'prover_unavailable',
      message: expect.stringContaining('ENOENT'),
    })
    await put('bb', speaking({}))
    expect(await verify(system)).toBe(true)
  })

  test('one whose path no process can have', async () => {
    const { system } = await fakeBb(null, 30_000, 'b\0b')
    await expect(verify(system)).rejects.toMatchObject({ code: 'prover_unavailable' })
    await expect(hash(system)).rejects.toMatchObject({ code: 'prover_unavailable' })
  })

  test('one that ends before it listens, with what it said', async () => {
    const start = `if (run < 2) { require('node:fs').writeSync(2, 'no threads left'); process.exit(3) }`
    const { system } = await fakeBb(speaking({ start }))
    const calls = await Promise.allSettled([hash(system), hash(system), hash(system)])
    for (const call of calls.slice(0, 2)) {
      expect(call).toMatchObject({
        reason: { code: 'prover_unavailable', message: expect.stringContaining('ended with code 3') },
      })
    }
    expect(calls[2]).toMatchObject({ value: HASH })
  })

  test('one that never listens', async () => {
    const { system, put } = await fakeBb(speaking({ start: 'return setInterval(() => {}, 1000)' }))
    await expect(setup(system, { timeMs: 300 })).rejects.toMatchObject({ code: 'time_limit' })
    await put('bb', speaking({}))
    expect((await setup(system)).hash).toBe(HASH)
  })
})

describe('a bb that ends in the middle of a call fails that call alone', () => {
  test.each([
    ['by a crash', `die('SIGSEGV')`, 'prover_crashed'],
    ['by itself', 'process.exit(7)', 'prover_crashed'],
    ['by the system', `die('SIGKILL')`, 'prover_unavailable'],
  ])('%s', async (_, end, code) => {
    const { system } = await fakeBb(speaking({ asked: `if (run === 0) ${end}; else answer()` }))
    // Setups look for a cached key first, and may take their turns in any order.
    const calls = await Promise.allSettled([hash(system), hash(system)])
    expect(calls).toMatchObject([{ reason: { code } }, { value: HASH }])
  })

  test('and one that does not answer', async () => {
    const { system, put } = await fakeBb(speaking({ asked: '' }))
    await expect(setup(system, { timeMs: 500 })).rejects.toMatchObject({ code: 'time_limit' })
    await put('bb', speaking({}))
    expect((await setup(system)).hash).toBe(HASH)
  })
})

describe('a proof', () => {
  const verified = async (asked: string, answerMs?: number) =>
    verify((await fakeBb(speaking({ asked }), answerMs)).system)

  test('that ends one verifier is given to another', async () => {
    expect(await verified(`run === 0 ? die('SIGSEGV') : answer()`)).toBe(true)
    expect(await verified(`run === 0 ? die('SIGKILL') : answer()`)).toBe(true)
  })

  test('that ends both is no proof', async () => {
    expect(await verified(`die('SIGSEGV')`)).toBe(false)
  })

  test.each([
    ['are killed', `die('SIGKILL')`],
    ['end, one of them killed', `die(run === 0 ? 'SIGSEGV' : 'SIGTERM')`],
    ['end, the other killed', `die(run === 0 ? 'SIGKILL' : 'SIGSEGV')`],
  ])('whose verifiers %s may be one', async (_, asked) => {
    await expect(verified(asked)).rejects.toMatchObject({ code: expect.stringMatching(/^prover_/) })
  })

  test('that is not answered for in time may be one', async () => {
    await expect(verified('', 500)).rejects.toMatchObject({ code: 'time_limit' })
  })

  test('is verified while a program is set up', async () => {
    const { system, put, seen } = await fakeBb(speaking({ asked: SLOW }))
    const key = setup(system)
    await seen('slow')
    expect(await verify(system)).toBe(true)
    await put('go')
    expect((await key).hash).toBe(HASH)
  })
})

test('a proof that is cancelled while it waits leaves the setup under way alone', async () => {
  const { system, put, seen } = await fakeBb(speaking({ asked: SLOW }))
  const cancel = new AbortController()
  const key = setup(system)
  await seen('slow')
  const proof = system.prove(ARTIFACT, KEY, new Uint8Array(32), { ...generous, signal: cancel.signal })
  cancel.abort()
  await expect(proof).rejects.toMatchObject({ code: 'cancelled' })
  await put('go')
  expect((await key).hash).toBe(HASH)
})

test('what is asked of a system that was closed is cancelled', async () => {
  const { system } = await fakeBb(speaking({ asked: '' }))
  const calls = Promise.allSettled([setup(system), setup(system), verify(system)])
  await system.close()
  for (const call of await calls) expect(call).toMatchObject({ reason: { code: 'cancelled' } })
  await expect(hash(system)).rejects.toMatchObject({ code: 'cancelled' })
})

test('one that was closed leaves no socket behind', async () => {
  const folder = await newFolder()
  vi.stubEnv('TMPDIR', folder)
  onTestFinished(() => void vi.unstubAllEnvs())
  const { system } = await fakeBb(speaking({}))
  expect(await verify(system)).toBe(true)
  const sockets = async () => (await readdir(folder)).filter((name) => name.endsWith('.sock'))
  expect(await sockets()).toHaveLength(1)
  await system.close()
  expect(await sockets()).toEqual([])
})
