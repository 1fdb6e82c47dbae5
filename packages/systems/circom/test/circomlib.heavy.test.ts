import { createHash, randomBytes } from 'node:crypto'
import type { Inputs, Limits } from '@weft/proof'
import { type CircomProgram, type CircomSystem, createCircomSystem } from '@weft/system-circom'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sign } from './baby-jubjub.js'
import { compileCircuit, wireOf } from './circuits.js'

const limits: Limits = { signal: new AbortController().signal, memoryBytes: 8e9, timeMs: 600_000 }
const contribution = { name: 'test', entropy: 'test' }

let system: CircomSystem
let powers: Uint8Array
let hashes: CircomProgram

const setUp = async (name: string): Promise<CircomProgram> => {
  const circuit = await compileCircuit(name)
  const zkey = await system.setup({ protocol: 'groth16', r1cs: circuit.r1cs, powers, contribution }, limits)
  return system.load({ protocol: 'groth16', ...circuit, zkey })
}

/** Proves and verifies; resolves with the public signals. */
const proveAndVerify = async (program: CircomProgram, inputs: Inputs): Promise<readonly string[]> => {
  const { proof, publicSignals } = await system.prove(program, inputs, limits)
  const key = await system.verificationKey(program, limits)
  expect(await system.verify(key, publicSignals, proof)).toBe(true)
  const other = publicSignals.with(0, String(BigInt(publicSignals[0] as string) + 1n))
  expect(await system.verify(key, other, proof)).toBe(false)
  return publicSignals
}

/** Poseidon of two, three and five values, computed by its circuit. */
const poseidon = async (values: readonly bigint[]): Promise<bigint> => {
  const padded = Array.from({ length: 5 }, (_, i) => String(values[i] ?? 0n))
  const wire = { 2: 1, 3: 2, 5: 3 }[values.length] as number
  return wireOf(await system.witness(hashes, { values: padded }, limits), wire)
}

beforeAll(async () => {
  system = createCircomSystem({ threads: 2, keyCacheBytes: 1e9, randomBytes, verifyLimits: limits })
  powers = await system.makeInsecureDevPowers(15, limits)
  hashes = await setUp('hashes')
})
afterAll(() => system.close())

describe('circuits of circomlib', () => {
  test('Poseidon', async () => {
    const signals = await proveAndVerify(hashes, { values: [1, 2, 0, 0, 0] })
    // circomlib's own vector of Poseidon(1, 2).
    expect(signals[0]).toBe('7853200120776062878684798364095072458815029376092732009249414926327459813530')
  })

  test('EdDSA: a signature, and none for another message', async () => {
    const program = await setUp('eddsa')
    const { key, r8, s } = await sign(1234567n, 7654321n, 42n, poseidon)
    const inputs = { key: key.map(String), message: '42', r8: r8.map(String), s: String(s) }
    expect(await proveAndVerify(program, inputs)).toEqual([...inputs.key, '42'])
    const forged = system.witness(program, { ...inputs, message: '43' }, limits)
    await expect(forged).rejects.toMatchObject({ code: 'unsatisfied' })
  })

  test('a sparse Merkle tree: what is in it, what is not, and no more', async () => {
    const program = await setUp('merkle')
    const leaf = (key: bigint, value: bigint) => poseidon([key, value, 1n])
    const [even, odd] = [await leaf(2n, 20n), await leaf(3n, 30n)]
    const root = String(await poseidon([even, odd]))
    const siblings = [String(odd), '0', '0', '0', '0', '0']
    const member = { root, absent: 0, siblings, oldKey: 0, oldValue: 0, isOldZero: 0, key: 2, value: 20 }
    expect(await proveAndVerify(program, member)).toEqual([root, '0'])
    // Key 4 would be where key 2 is.
    const absent = { ...member, absent: 1, oldKey: 2, oldValue: 20, key: 4, value: 0 }
    expect(await proveAndVerify(program, absent)).toEqual([root, '1'])
    for (const wrong of [
      { ...member, value: 21 },
      { ...member, key: 3 },
      { ...absent, key: 2 },
    ]) {
      await expect(system.witness(program, wrong, limits)).rejects.toMatchObject({ code: 'unsatisfied' })
    }
  })

  test('SHA-256', async () => {
    const program = await setUp('sha256')
    const bitsOf = (bytes: Uint8Array) => [...bytes].flatMap((byte) => [...byte.toString(2).padStart(8, '0')])
    const preimage = Uint8Array.of(0xa5)
    const hash = createHash('sha256').update(preimage).digest()
    expect(await proveAndVerify(program, { preimage: bitsOf(preimage) })).toEqual(bitsOf(hash))
  })
})
