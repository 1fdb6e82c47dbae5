import { gunzipSync, gzipSync } from 'node:zlib'
import type { Artifact, Inputs, Limits } from '@weft/proof'
import { uintToBytes32 } from '@weft/protocol'
import { createNoirSystem, type NoirProgram, stripDebug } from '@weft/system-noir'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CACHE, generous, programOf } from './support.js'

// Nothing is proven here, so bb is never started.
const cacheFolder = `${CACHE}/noir-programs`
const system = createNoirSystem({
  srs: { kind: 'dev', crsPath: cacheFolder, bbPath: cacheFolder },
  cacheFolder,
  threads: 1,
})
afterAll(() => system.close())

const run = (program: NoirProgram | Artifact, inputs: Inputs, limits: Partial<Limits> = {}) =>
  system.run('artifact' in program ? program.artifact : program, inputs, { ...generous, ...limits })

const CHECKS = `
mod steps;
struct Pair { a: i8, b: bool }
fn main(x: Field, i: u32, list: [Field; 3], name: pub str<2>, pair: pub Pair, t: pub (u8, [bool; 2])) -> pub (Field, Pair) {
    assert(x != 0, "x must not be zero");
    assert(!pair.b | (i != 9), f"i is {i}");
    println(name);
    (steps::half(x as u8) as Field + list[i], pair)
}
`.replace('mod steps;\n', 'mod steps { pub fn half(x: u8) -> u8 { assert_eq(x % 2, 0); x / 2 } }\n')
const GOOD = {
  x: 8,
  i: 1,
  list: [10, 20, 30],
  name: 'hi',
  pair: { a: '-3', b: true },
  t: [7, [false, true]],
}

let checks: NoirProgram
beforeAll(async () => {
  checks = await programOf('checks', CHECKS, cacheFolder)
})

test('a run says what its proofs make public: parameters in order, then the return value', async () => {
  const { publicInputs, witness, returned } = await run(checks, GOOD)
  const expected = [104, 105, 253, 1, 7, 0, 1, 24, 253, 1]
  expect(publicInputs).toEqual(expected.map((value) => uintToBytes32(BigInt(value))))
  expect(publicInputs).toHaveLength(checks.publicInputs)
  expect(witness.length).toBeGreaterThan(0)
  expect(returned).toEqual(['0x18', { a: expect.stringMatching(/^-0x0*3$/), b: true }])
})

describe('an assertion that does not hold is unsatisfied, with its message and its place', () => {
  test.each<[string, Inputs, string, string]>([
    ['with a message', { x: 0 }, 'x must not be zero', 'src/main.nr:5:5'],
    ['with values in its message', { i: 9 }, 'i is 9', 'src/main.nr:6:5'],
    ['without a message, in a function', { x: 7 }, 'Cannot satisfy constraint', 'src/main.nr:2:40'],
    [
      'of the language',
      { i: 3 },
      'Index out of bounds, array has size 3, but index was 3',
      'src/main.nr:8:38',
    ],
  ])('%s', async (_, change, message, location) => {
    await expect(run(checks, { ...GOOD, ...change })).rejects.toMatchObject({
      code: 'unsatisfied',
      message: `checks: ${message} at ${location}`,
      details: { location },
    })
  })

  test('and without debug information, with its message alone', async () => {
    await expect(run(stripDebug(checks.artifact), { ...GOOD, x: 0 })).rejects.toMatchObject({
      code: 'unsatisfied',
      message: 'checks: x must not be zero',
      details: {},
    })
  })
})

test('inputs are checked before anything is executed', async () => {
  await expect(run(checks, { ...GOOD, pair: { a: 128, b: true } })).rejects.toMatchObject({
    code: 'bad_inputs',
    details: { path: 'inputs.pair.a' },
  })
})

test('a public string that is no text is refused, since its bytes are lost', async () => {
  const main = 'fn main(bytes: [u8; 3]) -> pub str<3> { bytes.as_str_unchecked() }'
  const program = await programOf('text', main, cacheFolder)
  expect((await run(program, { bytes: [97, 98, 99] })).returned).toBe('abc')
  await expect(run(program, { bytes: [0xf0, 0x9f, 0x98] })).rejects.toMatchObject({ code: 'bad_inputs' })
})

test('a run that is cancelled while it waits leaves the one under way alone', async () => {
  const cancel = new AbortController()
  const first = run(checks, GOOD)
  const second = run(checks, GOOD, { signal: cancel.signal })
  cancel.abort()
  await expect(second).rejects.toMatchObject({ code: 'cancelled' })
  expect((await first).publicInputs).toHaveLength(10)
})

describe('a program cannot take more than its limits', () => {
  const spin = (body: string) =>
    `unconstrained fn spin(a: Field) -> Field { ${body} }
     fn main(a: Field) -> pub Field {
       // Safety: what it returns does not matter.
       unsafe { spin(a) }
     }`

  test('of time', async () => {
    const main = spin('let mut x = a; loop { x += 1; if x == 0 { break; } } x')
    const endless = await programOf('endless', main, cacheFolder)
    await expect(run(endless, { a: 1 }, { timeMs: 1500 })).rejects.toMatchObject({ code: 'time_limit' })
    expect((await run(checks, GOOD)).publicInputs).toHaveLength(10)
  })

  test('of memory', async () => {
    const main = spin(
      'let mut v: [Field] = @[]; let mut x = a; loop { v = v.push_back(x); x += 1; if x == 0 { break; } } v[0]',
    )
    const hungry = await programOf('hungry', main, cacheFolder)
    await expect(run(hungry, { a: 1 }, { memoryBytes: 300e6 })).rejects.toMatchObject({
      code: 'memory_limit',
    })
    expect((await run(checks, GOOD)).publicInputs).toHaveLength(10)
  })
})

describe('an artifact that is not what the compiler wrote is a bad artifact', () => {
  const changed = (change: (json: { abi: NoirProgram['abi']; bytecode: string }) => object): Artifact => {
    const json = JSON.parse(Buffer.from(checks.artifact.bytes).toString())
    return { name: 'changed', bytes: Buffer.from(JSON.stringify({ ...json, ...change(json) })) }
  }
  const bytecode = (change: (raw: Buffer) => Uint8Array) =>
    changed((json) => {
      const raw = gunzipSync(Buffer.from(json.bytecode, 'base64'))
      return { bytecode: gzipSync(change(raw)).toString('base64') }
    })

  test.each<[string, () => Artifact]>([
    ['no bytecode', () => bytecode(() => Buffer.alloc(0))],
    ['bytecode of something else', () => bytecode(() => Buffer.from('hello'))],
    ['half of the bytecode', () => bytecode((raw) => raw.subarray(0, raw.length >> 1))],
    ['bytecode that is not packed', () => changed(() => ({ bytecode: 'AAAA' }))],
    ['a parameter of a type that is none', () => changed(() => ({ abi: { parameters: [{ name: 'x' }] } }))],
    ['no ABI', () => changed(() => ({ abi: {} }))],
    ['a program inside that is none', () => changed(() => ({ inner: { abi: {} } }))],
  ])('%s', async (_, artifact) => {
    await expect(run(artifact(), GOOD)).rejects.toMatchObject({ code: 'bad_artifact' })
  })

  test('an ABI of fewer parameters than the circuit has', async () => {
    const artifact = changed(({ abi }) => ({ abi: { ...abi, parameters: abi.parameters.slice(0, -1) } }))
    const { t: _, ...inputs } = GOOD
    await expect(run(artifact, inputs)).rejects.toMatchObject({ code: 'bad_artifact' })
  })

  test('a program that asks for an oracle', async () => {
    const main = `
      #[oracle(get_secret)]
      unconstrained fn get_secret() -> Field {}
      unconstrained fn ask() -> Field { get_secret() }
      fn main(a: Field) -> pub Field {
        // Safety: what it returns does not matter.
        let secret = unsafe { ask() };
        a + secret
      }`
    await expect(run(await programOf('asking', main, cacheFolder), { a: 1 })).rejects.toMatchObject({
      code: 'bad_artifact',
      message: expect.stringContaining('get_secret'),
    })
  })

  test('any change of the bytecode runs or is a typed error, and the next run works', async () => {
    const raw = gunzipSync(
      Buffer.from(JSON.parse(Buffer.from(checks.artifact.bytes).toString()).bytecode, 'base64'),
    )
    const change = fc.tuple(fc.nat(raw.length - 1), fc.integer({ min: 1, max: 255 }))
    const codes = ['bad_artifact', 'unsatisfied', 'time_limit', 'memory_limit', 'bad_inputs']
    await fc.assert(
      fc.asyncProperty(change, async ([at, bits]) => {
        const artifact = bytecode((bytes) => bytes.map((byte, i) => (i === at ? byte ^ bits : byte)))
        const code = await run(artifact, GOOD, { timeMs: 5000, memoryBytes: 1e9 }).then(
          () => 'ran',
          (error: { code?: string }) => error.code,
        )
        expect(['ran', ...codes]).toContain(code)
        await run(checks, GOOD)
      }),
      { numRuns: 30 },
    )
  })
})
