import {
  type Address,
  type Bytes32,
  type Child,
  jobOf,
  type PayoutTree,
  programId,
  ULTRAHONK,
  uintToBytes32,
} from '@weft/protocol'
import fc from 'fast-check'

export const bytes32: fc.Arbitrary<Bytes32> = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }).map(uintToBytes32)
export const address: fc.Arbitrary<Address> = bytes32.map((word): Address => `0x${word.slice(26)}`)
export const work = fc.bigInt({ min: 1n, max: 2n ** 40n })

export type Leaf = Extract<Child, { kind: 'transition' }>

export const leaf: fc.Arbitrary<Leaf> = fc
  .record({ pre: bytes32, post: bytes32, data: bytes32, prover: address, work, key: bytes32 })
  .map(({ key, ...rest }) => ({ kind: 'transition', ...rest, program: programId(ULTRAHONK, key) }))

/** Leaves of one program, each starting where the one before ends. */
export const chain = (length: number): fc.Arbitrary<Leaf[]> =>
  fc
    .tuple(
      fc.array(leaf, { minLength: length, maxLength: length }),
      fc.uniqueArray(bytes32, { minLength: length + 1, maxLength: length + 1 }),
    )
    .map(([leaves, states]) =>
      leaves.map((one, i) => ({
        ...one,
        program: (leaves[0] as Leaf).program,
        pre: states[i] as Bytes32,
        post: states[i + 1] as Bytes32,
      })),
    )

/** Leaves strictly ascending by job. */
export const ascending = (leaves: readonly Leaf[]): Leaf[] =>
  [...new Map(leaves.map((one) => [jobOf(one), one]))]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, one]) => one)

const entry = fc.record({ prover: address, work, job: bytes32 })

export const payoutTree: fc.Arbitrary<PayoutTree> = fc.letrec<{ tree: PayoutTree }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    entry.map((one): PayoutTree => ({ entry: one })),
    fc.record({ left: fc.option(tie('tree')), right: fc.option(tie('tree')), own: entry }),
  ),
})).tree
