import { mkdir } from 'node:fs/promises'
import { LIBRARY } from '@weft/circuits'
import type { Artifact, Inputs, VerificationKey } from '@weft/proof'
import { type Address, type Bytes32, publicInput, uintToBytes32 } from '@weft/protocol'
import {
  createNoirSystem,
  ensureDevSrs,
  findBb,
  type NoirProgram,
  type NoirSystem,
  type WrappedProgram,
  wrapProgram,
  wrappedStatement,
} from '@weft/system-noir'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CACHE, generous, PROVER, programOf } from './support.js'

// Real recursion: about half a minute for each wrapper's proof on two cores.

const cacheFolder = `${CACHE}/noir`
const thief: Address = `0x${'cc'.repeat(20)}`
const INPUTS = { secret: '7', base: '3' }

let system: NoirSystem
let square: NoirProgram
let cube: NoirProgram
let wrapped: WrappedProgram
let key: VerificationKey

const program = (name: string, result: string) => {
  const main = `fn main(secret: Field, base: pub Field) -> pub Field { assert(secret != base, "no secret"); ${result} }`
  return programOf(name, main, cacheFolder)
}
const wrap = (inner: NoirProgram, zk: boolean) =>
  wrapProgram(system, inner, { library: LIBRARY, cacheFolder, zk, limits: generous })

const fields = (bytes: Uint8Array): Bytes32[] =>
  Array.from(
    { length: bytes.length / 32 },
    (_, i) => `0x${Buffer.from(bytes).toString('hex', 32 * i, 32 * i + 32)}` as const,
  )

const claimOf = (inputs: readonly bigint[], prover: Address = PROVER, work = wrapped.work) =>
  publicInput({ kind: 'transition', ...wrappedStatement(inputs.map(uintToBytes32)), prover, work })

beforeAll(async () => {
  await mkdir(CACHE, { recursive: true })
  const srs = await ensureDevSrs(`${CACHE}/dev-srs`, findBb(process.platform, process.arch), 2)
  system = createNoirSystem({ srs: { kind: 'dev', ...srs }, cacheFolder, threads: 2 })
  square = await program('square', 'secret * secret + base')
  cube = await program('cube', 'secret * secret * secret + base')
  wrapped = await wrap(square, true)
  key = await system.setup(wrapped.artifact, 'recursive', generous)
})
afterAll(() => system.close())

describe('a wrapped program', () => {
  test('is proven through the port, for the claim on its public inputs alone', async () => {
    const witness = await system.execute(wrapped.artifact, { inner: INPUTS, prover: PROVER }, generous)
    const proof = await system.prove(wrapped.artifact, key, witness, generous)
    expect(await system.verify(key, claimOf([3n, 52n]), proof)).toBe(true)
    const others = [
      claimOf([4n, 52n]),
      claimOf([3n, 53n]),
      claimOf([3n]),
      claimOf([3n, 52n], thief),
      claimOf([3n, 52n], PROVER, wrapped.work + 1n),
    ]
    for (const other of others) expect(await system.verify(key, other, proof)).toBe(false)
    expect((await system.run(square.artifact, INPUTS, generous)).publicInputs).toEqual(
      [3n, 52n].map(uintToBytes32),
    )
  })

  test('costs what its work says, and is made the same again', async () => {
    const { gates, memoryBytes } = await system.estimate(wrapped.artifact, generous)
    expect(Number(wrapped.work)).toBeGreaterThanOrEqual(gates)
    expect(Number(wrapped.work)).toBeLessThan(gates + 2000)
    expect(memoryBytes).toBeLessThan(1.5e9)
    expect(await wrap(square, true)).toEqual(wrapped)
  })

  test('has a key of its own: by zero knowledge, and by program, as the forgeries below show', async () => {
    const open = await wrap(square, false)
    expect((await system.setup(open.artifact, 'recursive', generous)).hash).not.toBe(key.hash)
  })

  test('refuses inputs that are not its program’s, and such as satisfy nothing', async () => {
    const execute = (inputs: Inputs) => system.execute(wrapped.artifact, inputs, generous)
    await expect(execute({ ...INPUTS, prover: PROVER })).rejects.toMatchObject({
      code: 'bad_inputs',
      details: { path: 'inputs.inner' },
    })
    await expect(execute({ inner: { ...INPUTS, base: 'x' }, prover: PROVER })).rejects.toMatchObject({
      code: 'bad_inputs',
      details: { path: 'inputs.inner.base' },
    })
    await expect(execute({ inner: { secret: 3, base: 3 }, prover: PROVER })).rejects.toMatchObject({
      code: 'unsatisfied',
      message: expect.stringContaining('no secret'),
    })
  })
})

test('its limits are those of inner program and wrapper together', async () => {
  const execute = (timeMs: number) =>
    system.execute(wrapped.artifact, { inner: INPUTS, prover: PROVER }, { ...generous, timeMs })
  await expect(execute(1)).rejects.toMatchObject({ code: 'time_limit' })
  expect((await execute(generous.timeMs)).length).toBeGreaterThan(0)
})

describe('a wrapper proves an honest proof, and nothing', () => {
  /** Whether a proof of the wrapper itself, around whatever inner proof, verifies. */
  const forge = async (
    inner: NoirProgram,
    publicInputs: readonly bigint[] | null,
    change?: (witness: Uint8Array) => Uint8Array,
  ) => {
    const innerKey = await system.setup(inner.artifact, 'recursive', generous)
    const { witness } = await system.run(inner.artifact, INPUTS, generous)
    const direct = await system.proveDirect(
      inner.artifact,
      innerKey,
      change?.(witness) ?? witness,
      generous,
      true,
    )
    expect(await system.verifyDirect(innerKey, direct)).toBe(change === undefined)
    const inputs = {
      key: fields(innerKey.bytes),
      proof: fields(direct.proof),
      public_inputs: publicInputs?.map(uintToBytes32) ?? [...direct.publicInputs],
      prover: PROVER,
    }
    const own = JSON.parse(Buffer.from(wrapped.artifact.bytes).toString())
    const wrapper: Artifact = {
      name: 'wrapper',
      bytes: Buffer.from(JSON.stringify({ ...own, inner: undefined })),
    }
    const outer = await system.execute(wrapper, inputs, generous)
    const proof = await system.prove(wrapped.artifact, key, outer, generous)
    return system.verify(key, claimOf(inputs.public_inputs.map(BigInt)), proof)
  }

  test('else: the honest one verifies', async () => {
    expect(await forge(square, null)).toBe(true)
  })

  test('of another program', async () => {
    expect(await forge(cube, null)).toBe(false)
  })

  test('with other public inputs', async () => {
    expect(await forge(square, [3n, 53n])).toBe(false)
  })

  test('of a witness that satisfies nothing', async () => {
    // The last byte is of the return value, or of what it is made of.
    const change = (bytes: Uint8Array) => bytes.map((byte, i) => (i === bytes.length - 1 ? byte ^ 1 : byte))
    expect(await forge(square, null, change)).toBe(false)
  })
})

describe('what cannot be wrapped', () => {
  test('speaks the claim interface, makes too much public, or has the ABI of another', async () => {
    const claim = await programOf(
      'claim',
      'use weft::program::Claim;\nfn main(x: u64, prover: Field) -> pub Claim { Claim::stateless([x; 4], prover, 60000) }',
      cacheFolder,
    )
    const wide = await programOf('wide', 'fn main(x: pub [Field; 129]) { assert(x[0] != 1); }', cacheFolder)
    const liar = { ...square, publicInputs: 1 }
    for (const inner of [claim, wide, liar]) {
      await expect(wrap(inner, false)).rejects.toMatchObject({ code: 'bad_artifact' })
    }
  })

  test('has more public inputs than can be hashed; as many as that, and none at all, can be wrapped', async () => {
    const programs = [
      await programOf('silent', 'fn main(x: Field) { assert(x * x == 9); }', cacheFolder),
      await programOf('widest', 'fn main(x: pub [Field; 128]) { assert(x[0] != 1); }', cacheFolder),
    ]
    const works = []
    for (const inner of programs) works.push(Number((await wrap(inner, false)).work))
    expect(works[0]).toBeLessThan(750_000)
    expect(works[1]).toBeLessThan(1_400_000)
  })
})
