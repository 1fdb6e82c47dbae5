import { randomBytes } from 'node:crypto'
import type { Limits } from '@weft/proof'
import {
  type CircomProgram,
  type CircomProof,
  type CircomSystem,
  type CircomVerificationKey,
  createCircomSystem,
  type Protocol,
} from '@weft/system-circom'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compileCircuit } from './circuits.js'

const generous: Limits = { signal: new AbortController().signal, memoryBytes: 2e9, timeMs: 120_000 }
const contribution = { name: 'test', entropy: 'test' }
const SCALAR_FIELD = 21888242871839275222246405745257275088548364400416034343698204186575808495617n
const inputs = { least: 10, most: '0xff', value: 10 }

let system: CircomSystem
let powers: Uint8Array
let range: { r1cs: Uint8Array; wasm: Uint8Array }
let poseidon: { r1cs: Uint8Array; wasm: Uint8Array }
let program: CircomProgram
let key: CircomVerificationKey

const setUp = async (protocol: Protocol, circuit: { r1cs: Uint8Array; wasm: Uint8Array }) => {
  const zkey = await system.setup({ protocol, r1cs: circuit.r1cs, powers, contribution }, generous)
  return system.load({ protocol, ...circuit, zkey })
}

beforeAll(async () => {
  system = createCircomSystem({ threads: 2, keyCacheBytes: 1e8, randomBytes, verifyLimits: generous })
  powers = await system.makeInsecureDevPowers(10, generous)
  range = await compileCircuit('range')
  poseidon = await compileCircuit('poseidon')
  program = await setUp('groth16', range)
  key = await system.verificationKey(program, generous)
})
afterAll(() => system.close())

describe.each(['groth16', 'plonk', 'fflonk'] as const)('%s', (protocol) => {
  test('an honest proof verifies, for its own public signals alone', async () => {
    const mine = await setUp(protocol, range)
    const mineKey = await system.verificationKey(mine, generous)
    const { proof, publicSignals } = await system.prove(mine, inputs, generous)
    expect(publicSignals).toEqual(['1', '10', '255'])
    expect(await system.verify(mineKey, publicSignals, proof)).toBe(true)
    expect(await system.verify(mineKey, ['0', '10', '255'], proof)).toBe(false)
    expect(await system.verify(mineKey, ['1', '255', '10'], proof)).toBe(false)
  })

  test('a proof has one spelling', async () => {
    const mine = await setUp(protocol, range)
    const mineKey = await system.verificationKey(mine, generous)
    const { proof, publicSignals } = await system.prove(mine, inputs, generous)
    const text = JSON.stringify(proof)
    // What only Ethereum's verifier reads is not verified here.
    const numbers = [...new Set(text.replace(/,?"inv":"\d+"/, '').match(/\d{20,}/g))]
    expect(numbers.length).toBeGreaterThan(5)
    for (const number of numbers) {
      for (const other of [BigInt(number) + SCALAR_FIELD, BigInt(number) + 1n]) {
        const changed = JSON.parse(text.replaceAll(`"${number}"`, `"${other}"`))
        expect(await system.verify(mineKey, publicSignals, changed)).toBe(false)
      }
    }
    const signals = publicSignals.with(1, String(SCALAR_FIELD + 10n))
    expect(await system.verify(mineKey, signals, proof)).toBe(false)
    expect(await system.verify(mineKey, publicSignals, proof)).toBe(true)
  })
})

describe('Groth16', () => {
  let honest: CircomProof & { proof: { pi_a: string[]; pi_b: string[][]; pi_c: string[] } }
  beforeAll(async () => {
    honest = (await system.prove(program, inputs, generous)) as typeof honest
  })

  test('two proofs of one witness differ', async () => {
    const witness = await system.witness(program, inputs, generous)
    const [one, two] = [
      await system.prove(program, witness, generous),
      await system.prove(program, witness, generous),
    ]
    expect(one.proof).not.toEqual(two.proof)
  })

  test('another circuit’s proof does not verify', async () => {
    const other = await setUp('groth16', poseidon)
    const { proof, publicSignals } = await system.prove(other, { preimage: [1, 2] }, generous)
    // circomlib's own vector of Poseidon(1, 2).
    expect(publicSignals).toEqual([
      '7853200120776062878684798364095072458815029376092732009249414926327459813530',
    ])
    expect(await system.verify(await system.verificationKey(other, generous), publicSignals, proof)).toBe(
      true,
    )
    expect(await system.verify(key, honest.publicSignals, proof)).toBe(false)
  })

  test.each([
    ['nothing', () => null],
    ['a string', () => 'proof'],
    ['no parts', () => ({})],
    ['one part more', (proof: object) => ({ ...proof, extra: '1' })],
    ['another protocol', (proof: object) => ({ ...proof, protocol: 'plonk' })],
    [
      'swapped points',
      ({ pi_a, pi_c, ...rest }: typeof honest.proof) => ({ ...rest, pi_a: pi_c, pi_c: pi_a }),
    ],
    ['infinity', (proof: object) => ({ ...proof, pi_a: ['0', '1', '0'] })],
    ['numbers instead of strings', (proof: object) => ({ ...proof, pi_a: [1, 2, 1] })],
    ['a point beside the curve', (proof: object) => ({ ...proof, pi_a: ['1', '3', '1'] })],
    [
      'a point on the curve beside the group',
      (proof: object) => ({
        ...proof,
        // x = 1 + 0i, whose product with the group's order is not infinity.
        pi_b: [
          ['1', '0'],
          [
            '18278151005453108793778860132295291098363647455926340152056652516292830556603',
            '5912654199736721486680175016176231956195085055698687135131307249486702594212',
          ],
          ['1', '0'],
        ],
      }),
    ],
  ])('refuses %s', async (_, change) => {
    const proof = change(honest.proof as never)
    expect(await system.verify(key, honest.publicSignals, proof)).toBe(false)
  })

  test('refuses too few and too many signals', async () => {
    const { publicSignals, proof } = honest
    expect(await system.verify(key, publicSignals.slice(1), proof)).toBe(false)
    expect(await system.verify(key, [...publicSignals, '0'], proof)).toBe(false)
    expect(await system.verify(key, [], proof)).toBe(false)
  })

  test('a key that is none is a typed error', async () => {
    const { publicSignals, proof } = honest
    for (const bad of [
      { ...key, curve: 'bls12381' },
      { ...key, nPublic: 2 },
      { ...key, IC: [] },
      { ...key, vk_gamma_2: 'x' },
    ]) {
      await expect(system.verify(bad, publicSignals, proof)).rejects.toMatchObject({ code: 'bad_key' })
    }
    expect(await system.verify(key, publicSignals, proof)).toBe(true)
  })

  test('a key is handed over once', async () => {
    let reads = 0
    const counted = {
      ...program,
      get zkey() {
        reads++
        return program.zkey
      },
    }
    await system.prove(counted, inputs, generous)
    expect(reads).toBe(0)
  })

  test('without room for it, a key is handed over each time', async () => {
    const small = createCircomSystem({ threads: 1, keyCacheBytes: 0, randomBytes, verifyLimits: generous })
    const { proof, publicSignals } = await small.prove(program, inputs, generous)
    await small.prove(program, inputs, generous)
    expect(await small.verify(key, publicSignals, proof)).toBe(true)
    await small.close()
  })

  test('does not notice a witness that satisfies nothing, but its verifier does', async () => {
    const witness = Uint8Array.from(await system.witness(program, inputs, generous))
    witness.set([7], 76 + 32 * 10)
    const { proof, publicSignals } = await system.prove(program, witness, generous)
    expect(await system.verify(key, publicSignals, proof)).toBe(false)
  })

  test('a witness of another circuit is refused', async () => {
    const other = await setUp('groth16', poseidon)
    const witness = await system.witness(other, { preimage: [1, 2] }, generous)
    await expect(system.prove(program, witness, generous)).rejects.toMatchObject({ code: 'bad_inputs' })
    await expect(system.prove(program, new Uint8Array(8), generous)).rejects.toMatchObject({
      code: 'bad_artifact',
    })
  })
})

describe('limits', () => {
  test('of time end that job alone', async () => {
    const proof = system.prove(program, inputs, { ...generous, timeMs: 1 })
    await expect(proof).rejects.toMatchObject({ code: 'time_limit' })
    expect((await system.prove(program, inputs, generous)).publicSignals).toEqual(['1', '10', '255'])
  })

  test('a cancelled job fails as cancelled, and the next one works', async () => {
    const cancel = new AbortController()
    const witness = await system.witness(program, inputs, generous)
    const proof = system.prove(program, witness, { ...generous, signal: cancel.signal })
    setImmediate(() => cancel.abort())
    await expect(proof).rejects.toMatchObject({ code: 'cancelled' })
    await expect(system.prove(program, inputs, { ...generous, signal: cancel.signal })).rejects.toMatchObject(
      {
        code: 'cancelled',
      },
    )
    expect((await system.prove(program, witness, generous)).publicSignals).toEqual(['1', '10', '255'])
  })

  test('after closing nothing is taken on', async () => {
    const closed = createCircomSystem({ threads: 1, keyCacheBytes: 0, randomBytes, verifyLimits: generous })
    await closed.close()
    await expect(closed.prove(program, inputs, generous)).rejects.toMatchObject({ code: 'cancelled' })
    await closed.close()
  })
})

describe('setup', () => {
  test('refuses powers that are too few', async () => {
    const few = await system.makeInsecureDevPowers(4, generous)
    const setup = system.setup({ protocol: 'groth16', r1cs: range.r1cs, powers: few, contribution }, generous)
    await expect(setup).rejects.toMatchObject({ code: 'setup_failed' })
  })

  test('refuses a contribution without entropy, and powers beyond reason', async () => {
    const setup = system.setup(
      { protocol: 'groth16', r1cs: range.r1cs, powers, contribution: { name: 'test', entropy: '' } },
      generous,
    )
    await expect(setup).rejects.toMatchObject({ code: 'setup_failed' })
    await expect(system.makeInsecureDevPowers(40, generous)).rejects.toMatchObject({ code: 'setup_failed' })
  })
})

/** Where a section's content begins. */
const sectionAt = (file: Uint8Array, type: number): number => {
  const view = new DataView(file.buffer, file.byteOffset)
  let at = 12
  while (view.getUint32(at, true) !== type) at += 12 + Number(view.getBigUint64(at + 4, true))
  return at + 12
}

describe('loading', () => {
  test.each(['groth16', 'plonk', 'fflonk'] as const)(
    'a %s key of another circuit does not fit',
    async (protocol) => {
      const { zkey } = await setUp(protocol, range)
      const load = () => system.load({ protocol, ...poseidon, zkey })
      expect(load).toThrow(expect.objectContaining({ code: 'zkey_mismatch' }))
    },
  )

  test('a wasm of another circuit is noticed when it runs', async () => {
    const mixed = system.load({ protocol: 'groth16', wasm: poseidon.wasm, zkey: program.zkey })
    await expect(system.witness(mixed, { preimage: [1, 2] }, generous)).rejects.toMatchObject({
      code: 'bad_artifact',
    })
  })

  test('a key of another protocol is refused', () => {
    const load = () => system.load({ protocol: 'plonk', wasm: range.wasm, zkey: program.zkey })
    expect(load).toThrow(expect.objectContaining({ code: 'bad_artifact' }))
  })

  test.each(['wasm', 'zkey', 'r1cs'] as const)('a cut %s is a typed error', (file) => {
    const files = { protocol: 'groth16', ...range, zkey: program.zkey } as const
    for (const length of [0, 3, 11, 30, 100, files[file].length - 1]) {
      // A wasm is compiled in the sandbox only.
      if (file === 'wasm' && length > 3) continue
      const load = () => system.load({ ...files, [file]: files[file].slice(0, length) })
      expect(load, `${length} bytes`).toThrow(expect.objectContaining({ code: 'bad_artifact' }))
    }
  })

  test('a key whose coefficients point elsewhere is refused', () => {
    const zkey = Uint8Array.from(program.zkey)
    const wireOfFirst = sectionAt(zkey, 4) + 4 + 8
    zkey.fill(255, wireOfFirst, wireOfFirst + 4)
    const load = () => system.load({ protocol: 'groth16', wasm: range.wasm, zkey })
    expect(load).toThrow(expect.objectContaining({ code: 'bad_artifact' }))
  })
})
