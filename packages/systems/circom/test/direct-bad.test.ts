import { type Artifact, type DirectSystem, ProofError } from '@weft/proof'
import { type CircomFiles, packCircomArtifact, unpackCircomArtifact } from '@weft/system-circom'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { assemble } from './assemble.js'
import { type Direct, generous, openDirect, PROTOCOLS } from './direct-support.js'

// Artifacts by strangers: every one is refused with a typed error, or gives proofs that verify or not, within seconds.

const INPUTS = { least: 10, most: 255, value: 10 }

let circom: Direct
/** Gives witnesses no more than a second. */
let impatient: Direct
beforeAll(async () => {
  circom = await openDirect()
  impatient = await openDirect({ minWitnessMs: 1000 })
})
afterAll(async () => {
  await circom?.close()
  await impatient?.close()
})

/** Where a section's content begins, and its length. */
const sectionOf = (file: Uint8Array, type: number): [number, number] => {
  const view = new DataView(file.buffer, file.byteOffset)
  const lengthAt = (at: number) => Number(view.getBigUint64(at + 4, true))
  let at = 12
  while (view.getUint32(at, true) !== type) at += 12 + lengthAt(at)
  return [at + 12, lengthAt(at)]
}

/** Where the header says wires, public signals, size of the domain and so on: u32 each, behind both primes. */
const HEADER_NUMBERS = 72

describe.each(PROTOCOLS)('%s', (protocol) => {
  let direct: DirectSystem
  let artifact: Artifact
  let files: CircomFiles

  beforeAll(async () => {
    direct = circom.system(protocol)
    artifact = await circom.makeArtifact('range', protocol)
    files = unpackCircomArtifact(artifact.bytes)
  })

  const changed = (change: Partial<CircomFiles>): Artifact => ({
    name: 'changed',
    bytes: packCircomArtifact({ ...files, ...change }),
  })
  /** Without the r1cs, which a stranger would leave out. */
  const withZkey = (zkey: Uint8Array): Artifact => ({
    name: 'changed',
    bytes: packCircomArtifact({ wasm: files.wasm, zkey }),
  })
  const edited = (edit: (zkey: Uint8Array, view: DataView) => void): Uint8Array => {
    const zkey = files.zkey.slice()
    edit(zkey, new DataView(zkey.buffer))
    return zkey
  }

  test('an r1cs of another circuit', async () => {
    const { r1cs } = unpackCircomArtifact((await circom.makeArtifact('product', protocol)).bytes)
    const mixed = changed(r1cs ? { r1cs } : {})
    await expect(direct.setup(mixed, generous)).rejects.toMatchObject({
      code: 'bad_artifact',
      details: { reason: 'zkey_mismatch' },
    })
  })

  test('a wasm of another circuit, and one that is none', async () => {
    const { wasm } = unpackCircomArtifact((await circom.makeArtifact('product', protocol)).bytes)
    for (const other of [wasm, files.wasm.slice(0, 1000), Buffer.from('\0asm'), new Uint8Array(0)]) {
      await expect(direct.setup(changed({ wasm: other }), generous)).rejects.toMatchObject({
        code: 'bad_artifact',
      })
    }
  })

  test('a wasm that asks for files', async () => {
    const wasm = assemble({ body: [], imports: [['wasi_snapshot_preview1', 'path_open']] })
    await expect(direct.setup(changed({ wasm }), generous)).rejects.toMatchObject({
      code: 'bad_artifact',
      details: { reason: 'sandbox_violation' },
    })
  })

  test('a wasm that never ends', async () => {
    const wasm = assemble({ body: [0x03, 0x40, 0x0c, 0x00, 0x0b] })
    const limits = { ...generous, timeMs: 1000 }
    await expect(direct.setup(changed({ wasm }), limits)).rejects.toMatchObject({ code: 'time_limit' })
  })

  test('a wasm that never ends, when it is executed and when it is proven', async () => {
    const wasm = assemble({ body: [0x03, 0x40, 0x0c, 0x00, 0x0b] })
    const hasty = impatient.system(protocol)
    const { key } = await direct.setup(artifact, generous)
    const endless = changed({ wasm })
    await expect(hasty.execute(endless, INPUTS, generous)).rejects.toMatchObject({ code: 'time_limit' })
    await expect(hasty.prove(endless, key, INPUTS, generous)).rejects.toMatchObject({ code: 'time_limit' })
  })

  test('a zkey of another protocol', async () => {
    const other = await circom.makeArtifact('range', protocol === 'groth16' ? 'plonk' : 'groth16')
    await expect(direct.setup(other, generous)).rejects.toMatchObject({ code: 'bad_artifact' })
  })

  test('a zkey whose header claims more than there is', async () => {
    const [header] = sectionOf(files.zkey, 2)
    for (let i = 0; i < (protocol === 'groth16' ? 3 : 5); i++) {
      for (const value of [0, 1, 2 ** 20, 2 ** 31, 2 ** 32 - 1]) {
        const zkey = edited((_, view) => view.setUint32(header + HEADER_NUMBERS + 4 * i, value, true))
        const error = await direct.setup(withZkey(zkey), generous).catch((reason: unknown) => reason)
        expect(error, `number ${i} is ${value}`).toMatchObject({ code: 'bad_artifact' })
      }
    }
  })

  test('a zkey whose key has points that are none', async () => {
    const [header, length] = sectionOf(files.zkey, 2)
    const last = edited((zkey) => {
      zkey[header + length - 40] = (zkey[header + length - 40] as number) ^ 1
    })
    await expect(direct.setup(withZkey(last), generous)).rejects.toMatchObject({ code: 'bad_artifact' })
  })

  test('a zkey that is changed anywhere', async () => {
    const run = async (zkey: Uint8Array) => {
      const made = withZkey(zkey)
      const { key } = await direct.setup(made, generous)
      const proof = await direct.prove(made, key, INPUTS, generous)
      return direct.verify(key, proof)
    }
    const places = fc.record({
      type: fc.integer({ min: 1, max: protocol === 'groth16' ? 9 : protocol === 'plonk' ? 14 : 17 }),
      part: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
      bit: fc.integer({ min: 0, max: 7 }),
    })
    await fc.assert(
      fc.asyncProperty(places, async ({ type, part, bit }) => {
        const [at, length] = sectionOf(files.zkey, type)
        const place = at + Math.floor(part * length)
        const zkey = edited((bytes) => {
          bytes[place] = (bytes[place] as number) ^ (1 << bit)
        })
        const result = await run(zkey).catch((reason: unknown) => reason)
        if (typeof result === 'boolean') return
        expect(result).toBeInstanceOf(ProofError)
        expect((result as ProofError).code).toMatch(/^(bad_artifact|unsatisfied)$/)
      }),
      { numRuns: 12 },
    )
    expect(await run(files.zkey)).toBe(true)
  })
})

test('an artifact that claims two gigabytes', async () => {
  const bytes = new Uint8Array(32)
  bytes.set(Buffer.from('wcir\0\0\0\x01'))
  new DataView(bytes.buffer).setBigUint64(16, 2n ** 31n - 2n ** 21n)
  for (const protocol of PROTOCOLS) {
    await expect(circom.system(protocol).setup({ name: 'large', bytes }, generous)).rejects.toMatchObject({
      code: 'bad_artifact',
    })
  }
})
