import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Inputs, Limits } from '@weft/proof'
import {
  type CircomProgram,
  type CircomSystem,
  createCircomSystem,
  sandboxArguments,
} from '@weft/system-circom'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { assemble } from './assemble.js'
import { compileCircuit, wireOf } from './circuits.js'

const generous: Limits = { signal: new AbortController().signal, memoryBytes: 1e9, timeMs: 60_000 }
const SCALAR_FIELD = 21888242871839275222246405745257275088548364400416034343698204186575808495617n
const honest = { least: 10, most: 255, value: 10 }

let system: CircomSystem
let program: CircomProgram

/** The honest circuit's key with another wasm. */
const hostile = (wasm: Uint8Array) => system.load({ protocol: 'groth16', wasm, zkey: program.zkey })
const run = (wasm: Uint8Array, limits: Partial<Limits> = {}) =>
  system.witness(hostile(wasm), honest, { ...generous, ...limits })

beforeAll(async () => {
  system = createCircomSystem({ threads: 1, keyCacheBytes: 0, randomBytes, verifyLimits: generous })
  const range = await compileCircuit('range')
  const powers = await system.makeInsecureDevPowers(7, generous)
  const contribution = { name: 'test', entropy: 'test' }
  const zkey = await system.setup({ protocol: 'groth16', r1cs: range.r1cs, powers, contribution }, generous)
  program = system.load({ protocol: 'groth16', ...range, zkey })
})
afterAll(() => system.close())

describe('inputs', () => {
  test('become a witness', async () => {
    const witness = await system.witness(program, honest, generous)
    expect([0, 1, 2, 3].map((wire) => wireOf(witness, wire))).toEqual([1n, 1n, 10n, 255n])
  })

  test('below zero count from the prime down', async () => {
    const witness = await system.witness(program, { least: '-5', most: 255, value: 10 }, generous)
    expect(wireOf(witness, 2)).toBe(SCALAR_FIELD - 5n)
  })

  test.each<[string, Inputs, string | undefined, RegExp]>([
    ['an unknown name', { ...honest, other: 1 }, 'other', /no input other/],
    ['an array for a number', { ...honest, value: [1, 2] }, 'value', /takes 1 values, not 2/],
    ['an empty array', { ...honest, value: [] }, 'value', /takes 1 values, not 0/],
    ['words', { ...honest, value: 'ten' }, 'value', /no integer/],
    ['fractions', { ...honest, value: 1.5 }, 'value', /no integer/],
    ['imprecise numbers', { ...honest, value: 2 ** 60 }, 'value', /no integer/],
    ['a number beyond the field', { ...honest, value: `0x${'ff'.repeat(32)}` }, 'value', /prime/],
    ['a nested object', { ...honest, value: { deep: 1 } }, 'value.deep', /no input value.deep/],
    ['a missing value', { least: 10, most: 255 }, undefined, /1 of 3 values are missing; given: least, most/],
    ['nothing', {}, undefined, /3 of 3 values are missing/],
  ])('of the wrong shape: %s', async (_, inputs, signal, message) => {
    const error = { code: 'bad_inputs', message: expect.stringMatching(message) }
    const details = signal === undefined ? {} : { details: { signal } }
    await expect(system.witness(program, inputs, generous)).rejects.toMatchObject({ ...error, ...details })
  })

  test('that satisfy nothing are a typed error that says where', async () => {
    await expect(system.witness(program, { ...honest, value: 9 }, generous)).rejects.toMatchObject({
      code: 'unsatisfied',
      message: expect.stringContaining('Range'),
    })
  })
})

const LOOP = [0x03, 0x40]
const AGAIN = [0x0c, 0x00, 0x0b]
const GROW_BY_16_MB = [0x41, 0x80, 0x02, 0x40, 0x00]
/** memory.fill(0, 1, memory.size * 65536). */
const TOUCH_ALL = [0x41, 0x00, 0x41, 0x01, 0x3f, 0x00, 0x41, 0x10, 0x74, 0xfc, 0x0b, 0x00]
const TRAP_ON_FAILURE = [0x41, 0x7f, 0x46, 0x04, 0x40, 0x00, 0x0b]
const DROP = 0x1a

describe('a hostile program', () => {
  test('that never ends is ended', async () => {
    const endless = assemble({ body: [...LOOP, ...AGAIN] })
    await expect(run(endless, { timeMs: 500 })).rejects.toMatchObject({ code: 'time_limit' })
  })

  test('that takes memory until it gets no more', async () => {
    const greedy = assemble({ body: [...LOOP, ...GROW_BY_16_MB, ...TRAP_ON_FAILURE, ...TOUCH_ALL, ...AGAIN] })
    await expect(run(greedy, { memoryBytes: 2e8 })).rejects.toMatchObject({ code: 'memory_limit' })
  })

  test('that takes memory and never ends', async () => {
    const greedy = assemble({ body: [...LOOP, ...GROW_BY_16_MB, DROP, ...TOUCH_ALL, ...AGAIN] })
    const code = expect.stringMatching(/^(memory|time)_limit$/)
    await expect(run(greedy, { memoryBytes: 2e8, timeMs: 3000 })).rejects.toMatchObject({ code })
  })

  test('that begins with more memory than it may have', async () => {
    const large = assemble({ body: [], pages: 20_000 })
    await expect(run(large, { memoryBytes: 2e8 })).rejects.toMatchObject({ code: 'memory_limit' })
  })

  test.each([
    ['wasi_snapshot_preview1', 'path_open'],
    ['env', 'fetch'],
    ['runtime', 'require'],
  ])('that asks for %s.%s', async (from, name) => {
    const curious = assemble({ body: [], imports: [[from, name]] })
    await expect(run(curious)).rejects.toMatchObject({
      code: 'sandbox_violation',
      message: expect.stringContaining(`${from}.${name}`),
    })
  })

  test.each([
    ['traps', assemble({ body: [0x00] })],
    ['reads out of bounds', assemble({ body: [0x41, 0x7f, 0x28, 0x02, 0x00, 0x1a] })],
    ['recurses', assemble({ body: [0x10, 0x00] })],
    ['computes nothing', assemble({ body: [] })],
    ['is no calculator', Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])],
    ['does not compile', Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 99])],
  ])('that %s is a bad artifact', async (_, wasm) => {
    await expect(run(wasm)).rejects.toMatchObject({ code: 'bad_artifact' })
  })

  test('is ended when its job is cancelled', async () => {
    const cancel = new AbortController()
    const witness = run(assemble({ body: [...LOOP, ...AGAIN] }), { signal: cancel.signal })
    setImmediate(() => cancel.abort())
    await expect(witness).rejects.toMatchObject({ code: 'cancelled' })
  })

  test('does not keep others from their witnesses', async () => {
    const endless = run(assemble({ body: [...LOOP, ...AGAIN] }), { timeMs: 2000 })
    const failure = expect(endless).rejects.toMatchObject({ code: 'time_limit' })
    expect(wireOf(await system.witness(program, honest, generous), 2)).toBe(10n)
    await failure
  })
})

describe('the process of a program', () => {
  const node = (code: string) =>
    promisify(execFile)(process.execPath, [...sandboxArguments(2e8), '-e', code], { env: {} })

  test.each([
    ['read files', `require('fs').readFileSync(${JSON.stringify(fileURLToPath(import.meta.url))})`],
    ['list folders', `require('fs').readdirSync('/')`],
    ['write files', `require('fs').writeFileSync('/tmp/weft-sandbox', '')`],
    ['start processes', `require('child_process').execFileSync('true')`],
    ['start threads', `new (require('worker_threads').Worker)('0', { eval: true })`],
  ])('may not %s', async (_, code) => {
    await expect(node(code)).rejects.toMatchObject({ stderr: expect.stringContaining('ERR_ACCESS_DENIED') })
  })

  test('may compute', async () => {
    expect((await node('console.log(6 * 7)')).stdout).toBe('42\n')
  })
})
