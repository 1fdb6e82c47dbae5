import { type Inputs, type MergeChild, ProofError } from '@weft/proof'
import {
  type Address,
  type Bytes32,
  type Child,
  hexToBytes,
  uintToBytes32,
  ZERO_BYTES32,
} from '@weft/protocol'

/** Fields of 32 big-endian bytes. */
export const toFields = (bytes: Uint8Array): `0x${string}`[] =>
  Array.from({ length: bytes.length / 32 }, (_, i) => {
    return `0x${Buffer.from(bytes.subarray(32 * i, 32 * i + 32)).toString('hex')}` as const
  })

/** A word as the circuits take it: four little-endian lanes. */
export const toLanes = (word: Bytes32 | Address): string[] => {
  const bytes = Buffer.alloc(32)
  const value = hexToBytes(word)
  bytes.set(value, 32 - value.length)
  return [0, 8, 16, 24].map((at) => bytes.readBigUInt64LE(at).toString())
}

/** A claim's kind in the merge circuit and its words behind the tag. */
const claimWords = (claim: Child): { kind: number; words: (Bytes32 | Address)[] } => {
  switch (claim.kind) {
    case 'transition': {
      const { pre, post, data, prover, work } = claim
      return { kind: 0, words: [pre, post, data, prover, uintToBytes32(work), ZERO_BYTES32, ZERO_BYTES32] }
    }
    case 'sequence': {
      const { mergeKey, program, pre, post, data, work, payouts } = claim
      return { kind: 1, words: [mergeKey, program, pre, post, data, uintToBytes32(work), payouts] }
    }
    case 'parallel': {
      const { mergeKey, claims, count, payouts, first, last, job } = claim
      return { kind: 2, words: [mergeKey, claims, uintToBytes32(BigInt(count)), payouts, first, last, job] }
    }
  }
}

/** Fields of a recursive verification key and proof, at every circuit size. */
export const KEY_FIELDS = 115
export const PROOF_FIELDS = 410
/** Of a recursive proof with zero knowledge. */
export const ZK_PROOF_FIELDS = 458

const childInputs = ({ claim, proof, key }: MergeChild): Inputs => {
  const { kind, words } = claimWords(claim)
  const [keyFields, proofFields] = [toFields(key.bytes), toFields(proof)]
  if (keyFields.length !== KEY_FIELDS || proofFields.length !== PROOF_FIELDS) {
    throw new ProofError(
      'bad_inputs',
      'a child is not a proof that can be merged: it needs target recursive',
      {
        keyFields: keyFields.length,
        proofFields: proofFields.length,
      },
    )
  }
  return { key: keyFields, key_hash: key.hash, proof: proofFields, kind, words: words.map(toLanes) }
}

export const mergeInputs = (
  mode: 'sequence' | 'parallel',
  left: MergeChild,
  right: MergeChild,
  by: { readonly prover: Address; readonly mergeKey: Bytes32 },
): Inputs => ({
  left: childInputs(left),
  right: childInputs(right),
  is_parallel: mode === 'parallel',
  prover: by.prover,
  merge_key: by.mergeKey,
})
