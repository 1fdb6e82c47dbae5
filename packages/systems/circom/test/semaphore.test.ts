import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Limits } from '@weft/proof'
import { type CircomSystem, createCircomSystem } from '@weft/system-circom'
import { afterAll, beforeAll, expect, test } from 'vitest'

const limits: Limits = { signal: new AbortController().signal, memoryBytes: 4e9, timeMs: 120_000 }
const artifacts = dirname(createRequire(import.meta.url).resolve('@zk-kit/semaphore-artifacts/package.json'))

let system: CircomSystem
beforeAll(() => {
  system = createCircomSystem({ threads: 2, keyCacheBytes: 1e9, randomBytes, verifyLimits: limits })
})
afterAll(() => system.close())

test.each([1, 16, 32])('Semaphore of depth %i, with its published keys', async (depth) => {
  const file = (type: string) => readFile(join(artifacts, `semaphore-${depth}.${type}`))
  const program = system.load({ protocol: 'groth16', wasm: await file('wasm'), zkey: await file('zkey') })
  const published = JSON.parse((await file('json')).toString())
  const key = await system.verificationKey(program, limits)
  expect(key.IC).toEqual(published.IC)

  const inputs = {
    secret: '123456789',
    merkleProofLength: 0,
    merkleProofIndex: 0,
    merkleProofSiblings: Array.from({ length: depth }, () => '0'),
    scope: '7',
    message: '9',
  }
  const { proof, publicSignals } = await system.prove(program, inputs, limits)
  expect(publicSignals.slice(2)).toEqual(['9', '7'])
  expect(await system.verify(published, publicSignals, proof)).toBe(true)
  expect(await system.verify(published, publicSignals.with(2, '10'), proof)).toBe(false)

  const short = { ...inputs, merkleProofSiblings: [] }
  await expect(system.witness(program, short, limits)).rejects.toMatchObject({
    code: 'bad_inputs',
    details: { signal: 'merkleProofSiblings' },
  })
})
