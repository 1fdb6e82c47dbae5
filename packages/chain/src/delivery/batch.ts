import { type Bytes32, bytesToHex, type Hex } from '@weft/protocol'
import type { DeliverableProof } from './proof.js'

/** Proofs of one key as the contracts take them. */
export interface ProgramProofs {
  readonly key: Bytes32
  readonly count: bigint
  /** One behind the other, all of one length. */
  readonly proofs: Hex
  /** As many for each. */
  readonly publicInputs: readonly Bytes32[]
}

/** The part of a Groth16 key that all keys of one ceremony share: α, β and γ. */
const CEREMONY_BYTES = 320

const shapeOf = ({ key, proof, publicInputs }: DeliverableProof) =>
  `${key}:${proof.length}:${publicInputs.length}`

const rankOf = (proof: DeliverableProof) =>
  `${bytesToHex(proof.keyBytes.subarray(0, CEREMONY_BYTES))}:${shapeOf(proof)}:${proof.job}`

/**
 * Proofs in the order in which they are cheapest to verify together: those of a key, and the keys of a ceremony, behind
 * one another. The same proofs give the same order, and so the same root.
 */
export const inBatchOrder = <T extends DeliverableProof>(proofs: readonly T[]): T[] =>
  proofs
    .map((proof) => ({ proof, rank: rankOf(proof) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .map(({ proof }) => proof)

/** The proofs in their order, neighbours of one key together. */
export const programProofs = (proofs: readonly DeliverableProof[]): ProgramProofs[] => {
  const groups: { readonly first: DeliverableProof; readonly all: DeliverableProof[] }[] = []
  for (const proof of proofs) {
    const last = groups.at(-1)
    if (last && shapeOf(last.first) === shapeOf(proof)) last.all.push(proof)
    else groups.push({ first: proof, all: [proof] })
  }
  return groups.map(({ first, all }) => ({
    key: first.key,
    count: BigInt(all.length),
    proofs: `0x${all.map(({ proof }) => bytesToHex(proof).slice(2)).join('')}`,
    publicInputs: all.flatMap(({ publicInputs }) => publicInputs),
  }))
}
