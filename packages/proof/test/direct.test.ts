import { bytesToHex, uintToBytes32 } from '@weft/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeDirectProof, encodeDirectProof } from '../src/index.js'

const proofs = fc.record({
  publicInputs: fc.array(fc.bigInt(0n, 2n ** 256n - 1n).map(uintToBytes32), { maxLength: 5 }),
  proof: fc.uint8Array({ maxLength: 300 }),
})

describe('a direct proof as bytes', () => {
  it('is read back as it was', () => {
    fc.assert(
      fc.property(proofs, (proof) => {
        const read = decodeDirectProof(encodeDirectProof(proof))
        expect(read?.publicInputs).toEqual(proof.publicInputs)
        expect(bytesToHex(read?.proof ?? new Uint8Array(1))).toBe(bytesToHex(proof.proof))
      }),
    )
  })

  it('has no more public inputs than bytes, and never thousands', () => {
    const two = encodeDirectProof({
      publicInputs: [uintToBytes32(1n), uintToBytes32(2n)],
      proof: new Uint8Array(),
    })
    expect(decodeDirectProof(two.subarray(0, two.length - 1))).toBeNull()
    expect(decodeDirectProof(new Uint8Array(3))).toBeNull()
    expect(decodeDirectProof(new Uint8Array(4 + 32 * 5000).fill(0, 4).fill(0x13, 2, 3))).toBeNull()
  })
})
