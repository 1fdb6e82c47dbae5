import { createHash, randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Inputs, Limits } from '@weft/proof'
import { type CircomProgram, type CircomSystem, createCircomSystem, setupCircom } from '@weft/system-circom'
import { sign } from '../packages/systems/circom/test/baby-jubjub.js'
import { compileCircuit, wireOf } from '../packages/systems/circom/test/circuits.js'

const NAMES = ['hashes', 'eddsa', 'merkle', 'sha256', 'range'] as const
type Name = (typeof NAMES)[number]

const limits: Limits = { signal: new AbortController().signal, memoryBytes: 8e9, timeMs: 600_000 }

/** Inputs that satisfy a program, and the public inputs that come of them. */
interface Example {
  readonly inputs: Inputs
  readonly publicInputs: readonly bigint[]
}

interface Examples {
  /** Others may follow those public inputs. */
  readonly right: readonly [Example, ...Example[]]
  /** Such as satisfy nothing. */
  readonly wrong: readonly Inputs[]
}

/** A program of circomlib's parts on disk. */
export interface Circuit extends Examples {
  readonly name: Name
  readonly path: string
}

/** Compiles a circuit and makes its key; into a folder as circom and snarkjs leave it. */
const setUp = async (system: CircomSystem, name: Name, folder: string, cacheFolder: string) => {
  const path = join(folder, name)
  await mkdir(path)
  const { r1cs, wasm } = await compileCircuit(name)
  await writeFile(join(path, `${name}.r1cs`), r1cs)
  await writeFile(join(path, `${name}.wasm`), wasm)
  const setup = {
    r1cs: join(path, `${name}.r1cs`),
    protocol: 'groth16',
    powers: { devFolder: join(cacheFolder, 'circom', 'dev-powers') },
    contribution: { name: 'test', entropy: 'test' },
  } as const
  const zkey = await setupCircom(system, setup, limits)
  await writeFile(join(path, `${name}_final.zkey`), zkey)
  return { name, path, program: system.load({ protocol: 'groth16', wasm, zkey, r1cs }) }
}

/** Poseidon of two, three and five values, computed by its circuit. */
const poseidonBy =
  (system: CircomSystem, hashes: CircomProgram) =>
  async (values: readonly bigint[]): Promise<bigint> => {
    const padded = Array.from({ length: 5 }, (_, i) => String(values[i] ?? 0n))
    const wire = { 2: 1, 3: 2, 5: 3 }[values.length] as number
    return wireOf(await system.witness(hashes, { values: padded }, limits), wire)
  }

const bitsOf = (bytes: Uint8Array) => [...bytes].flatMap((byte) => [...byte.toString(2).padStart(8, '0')])

const examplesOf = async (
  poseidon: (values: readonly bigint[]) => Promise<bigint>,
): Promise<Readonly<Record<Name, Examples>>> => {
  const { key, r8, s } = await sign(1234567n, 7654321n, 42n, poseidon)
  const signed = { key: key.map(String), message: '42', r8: r8.map(String), s: String(s) }
  const [even, odd] = [await poseidon([2n, 20n, 1n]), await poseidon([3n, 30n, 1n])]
  const root = await poseidon([even, odd])
  const leaf = { absent: 0, oldKey: 0, oldValue: 0, isOldZero: 0, key: 2, value: 20 }
  const member = { root: String(root), siblings: [String(odd), '0', '0', '0', '0', '0'], ...leaf }
  // Key 4 would be where key 2 is.
  const absent = { ...member, absent: 1, oldKey: 2, oldValue: 20, key: 4, value: 0 }
  const preimage = Uint8Array.of(0xa5)
  const hash = createHash('sha256').update(preimage).digest()
  const range = { least: 5, most: 9, value: 7 }
  // circomlib's own vector of Poseidon(1, 2).
  const poseidonOf12 = 7853200120776062878684798364095072458815029376092732009249414926327459813530n
  return {
    hashes: { right: [{ inputs: { values: [1, 2, 0, 0, 0] }, publicInputs: [poseidonOf12] }], wrong: [] },
    eddsa: {
      right: [{ inputs: signed, publicInputs: [...key, 42n] }],
      wrong: [{ ...signed, message: '43' }],
    },
    merkle: {
      right: [
        { inputs: member, publicInputs: [root, 0n] },
        { inputs: absent, publicInputs: [root, 1n] },
      ],
      wrong: [
        { ...member, value: 21 },
        { ...member, key: 3 },
        { ...absent, key: 2 },
      ],
    },
    sha256: {
      right: [{ inputs: { preimage: bitsOf(preimage) }, publicInputs: bitsOf(hash).map(BigInt) }],
      wrong: [],
    },
    // It is not the least, of 5 to 9.
    range: { right: [{ inputs: range, publicInputs: [0n, 5n, 9n] }], wrong: [{ ...range, value: 10 }] },
  }
}

/** Poseidon, EdDSA, a sparse Merkle tree, SHA-256 and comparators. */
export const makeCircuits = async (folder: string, cacheFolder: string): Promise<readonly Circuit[]> => {
  const system = createCircomSystem({ threads: 2, keyCacheBytes: 1e9, randomBytes, verifyLimits: limits })
  try {
    const made = await Promise.all(NAMES.map((name) => setUp(system, name, folder, cacheFolder)))
    const hashes = made.find(({ name }) => name === 'hashes')?.program as CircomProgram
    const examples = await examplesOf(poseidonBy(system, hashes))
    return made.map(({ name, path }) => ({ name, path, ...examples[name] }))
  } finally {
    await system.close()
  }
}
