import type { Inputs } from '@weft/proof'
import { type Bytes32, hashWords, hexToBytes, publicInput, uintToBytes32, ZERO_BYTES32 } from '@weft/protocol'
import { createNoirSystem, toLanes } from '@weft/system-noir'
import { afterAll, describe, expect, test } from 'vitest'
import { CACHE, generous, PROVER, programOf } from './support.js'

// The Noir library says what the protocol, and Ethereum, say. Nothing is proven, so bb is never started.

const cacheFolder = `${CACHE}/noir-programs`
const system = createNoirSystem({
  srs: { kind: 'dev', crsPath: cacheFolder, bbPath: cacheFolder },
  cacheFolder,
  threads: 1,
})
afterAll(() => system.close())

const publicInputsOf = async (name: string, main: string, inputs: Inputs) => {
  const { artifact } = await programOf(name, main, cacheFolder)
  return (await system.run(artifact, inputs, generous)).publicInputs
}

/** Sizes at which a keccak block is nearly full, full, and begun. */
const SIZES = [1, 4, 5, 16, 17, 18, 21, 34]

test('hash_fields is keccak-256 of 32-byte words, at every fill of a block', async () => {
  const largest = SIZES.at(-1) as number
  const values = Array.from({ length: largest }, (_, i) => 2n ** BigInt(7 * i) + BigInt(i))
  const hashes = SIZES.map((size) => {
    const parts = Array.from({ length: size }, (_, i) => `x[${i}]`).join(', ')
    return `hash_fields([${parts}])`
  })
  const main = `
    use weft::program::hash_fields;
    fn main(x: [Field; ${largest}]) -> pub [[u64; 4]; ${SIZES.length + 1}] {
      let nothing: [Field; 0] = [];
      [hash_fields(nothing), ${hashes.join(', ')}]
    }`
  const lanes = await publicInputsOf('hashes', main, { x: values.map(String) })
  const expected = [0, ...SIZES].flatMap((size) =>
    toLanes(hashWords(...values.slice(0, size).map(uintToBytes32))),
  )
  expect(lanes).toEqual(expected.map((lane) => uintToBytes32(BigInt(lane))))
})

describe('a Claim is the public field of the transition', () => {
  const word = (byte: string): Bytes32 => `0x${byte.repeat(32)}`
  const [pre, post, data] = [word('11'), word('22'), word('33')]
  const work = 60_000n

  test('of a state', async () => {
    const main = `
      use weft::program::Claim;
      fn main(pre: [u64; 4], post: [u64; 4], data: [u64; 4], prover: Field) -> pub Claim {
        Claim::transition(pre, post, data, prover, ${work})
      }`
    const inputs = { pre: toLanes(pre), post: toLanes(post), data: toLanes(data), prover: PROVER }
    expect(await publicInputsOf('stateful', main, inputs)).toEqual([
      publicInput({ kind: 'transition', pre, post, data, prover: PROVER, work }),
    ])
  })

  test('without a state', async () => {
    const main = `
      use weft::program::Claim;
      fn main(result: [u64; 4], prover: Field) -> pub Claim { Claim::stateless(result, prover, ${work}) }`
    expect(await publicInputsOf('stateless', main, { result: toLanes(post), prover: PROVER })).toEqual([
      publicInput({ kind: 'transition', pre: ZERO_BYTES32, post, data: post, prover: PROVER, work }),
    ])
  })
})

test('an s is low up to half the group order', async () => {
  const half = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n / 2n
  const low = 2n ** 128n - 1n
  const cases: [bigint, boolean][] = [
    [0n, true],
    [half, true],
    [half + 1n, false],
    // Either half of the bytes decides alone.
    [(half & ~low) - 1n, true],
    [half | low, false],
    [(half | low) + 1n, false],
    [2n ** 256n - 1n, false],
  ]
  const main = `
    use weft::secp256k1::is_low_s;
    fn main(signatures: [[u8; 64]; ${cases.length}]) -> pub [bool; ${cases.length}] { signatures.map(is_low_s) }`
  // The first half of a signature has no say, whatever it is.
  const signatures = cases.map(([s], i) => [
    ...hexToBytes(uintToBytes32(i % 2 === 0 ? 0n : 2n ** 256n - 1n)),
    ...hexToBytes(uintToBytes32(s)),
  ])
  expect(await publicInputsOf('low_s', main, { signatures })).toEqual(
    cases.map(([, isLow]) => uintToBytes32(isLow ? 1n : 0n)),
  )
})
