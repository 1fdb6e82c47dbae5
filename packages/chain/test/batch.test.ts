import { type DeliverableProof, directJobOf } from '@weft/chain'
import { GROTH16, keccak256, uintToBytes32 } from '@weft/protocol'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { inBatchOrder, programProofs } from '../src/delivery/batch.js'

/** A proof of a circuit of a ceremony, by name; not one that verifies. */
const proof = fc
  .record({
    ceremony: fc.nat(2),
    circuit: fc.nat(3),
    publicInputs: fc.array(fc.bigInt(0n, 10n), { minLength: 1, maxLength: 2 }),
  })
  .map(({ ceremony, circuit, publicInputs }): DeliverableProof => {
    const keyBytes = new Uint8Array(640).fill(ceremony, 0, 320).fill(circuit, 320)
    const made = {
      system: GROTH16,
      key: keccak256(keyBytes),
      publicInputs: publicInputs.map(uintToBytes32),
      proof: new Uint8Array(256).fill(circuit),
    }
    return { ...made, keyBytes, verifier: { kind: 'groth16' }, job: directJobOf(made) }
  })

/** No value comes again once another has followed it. */
const areTogether = (values: readonly string[]) =>
  values.every((value, i) => i === 0 || value === values[i - 1] || !values.slice(0, i).includes(value))

const batch = fc.uniqueArray(proof, { selector: ({ job }) => job, minLength: 1, maxLength: 20 })

it('puts proofs in one order, whatever order they come in', () =>
  fc.assert(
    fc.property(
      batch.chain((proofs) =>
        fc.tuple(fc.constant(proofs), fc.shuffledSubarray(proofs, { minLength: proofs.length })),
      ),
      ([proofs, shuffled]) => {
        expect(inBatchOrder(shuffled)).toEqual(inBatchOrder(proofs))
      },
    ),
  ))

it('keeps keys of a ceremony together, and proofs of a key, and loses none', () =>
  fc.assert(
    fc.property(batch, (proofs) => {
      const ordered = inBatchOrder(proofs)
      expect(areTogether(ordered.map(({ keyBytes }) => String(keyBytes[0])))).toBe(true)
      expect(areTogether(ordered.map(({ key }) => key))).toBe(true)
      const groups = programProofs(ordered)
      expect(groups.reduce((sum, { count }) => sum + count, 0n)).toBe(BigInt(proofs.length))
      expect(groups.flatMap(({ publicInputs }) => publicInputs)).toEqual(
        ordered.flatMap(({ publicInputs }) => publicInputs),
      )
      for (const { count, proofs: bytes, publicInputs } of groups) {
        expect((bytes.length - 2) / 2).toBe(256 * Number(count))
        expect(publicInputs.length % Number(count)).toBe(0)
      }
    }),
  ))
