import {
  type Address,
  type Bytes32,
  type Claim,
  claimHash,
  dataRoot,
  finish,
  hexToBytes,
  jobOf,
  keccak256,
  MERGE_WORK,
  type MergeBy,
  type Parallel,
  type PayoutPath,
  parallelOf,
  payoutPaths,
  publicInput,
  type Sequence,
  sequenceOf,
  type Transition,
  tag,
  uintToBytes32,
} from '@weft/protocol'

export const MERGE_KEY = tag('test.merge')
export const PROGRAM = tag('test.program')
/** Of a segment, in gates. */
export const WORK = 200_000n

/** A payments rollup's record of 64 bytes. */
export const transfer = (n: number): Uint8Array => {
  const record = new Uint8Array(64)
  record.fill(n, 0, 40)
  record[63] = n
  return record
}

/** The mock verifier takes the public input itself as its proof. */
export const proofOf = (claim: Parallel | Sequence): Uint8Array => hexToBytes(publicInput(claim))

/** A finished claim, and the paths of all its entries, ascending by position. */
export interface Finished {
  readonly claim: Claim
  readonly paths: readonly PayoutPath[]
}

/** A segment with one transfer, from one state to another: a merge's child and a finished claim. */
export interface Batch extends Finished {
  readonly child: Transition & { readonly program: Bytes32 }
}

export const batchOf = (n: number, pre: Bytes32, prover: Address): Batch => {
  const segment: Transition = {
    kind: 'transition',
    pre,
    post: uintToBytes32(BigInt(n)),
    data: dataRoot([keccak256(transfer(n))]),
    prover,
    work: WORK,
  }
  const claim = finish(segment, PROGRAM)
  const paths = payoutPaths({ entry: { prover, work: WORK, job: jobOf(claim) } })
  return { child: { ...segment, program: PROGRAM }, claim, paths }
}

export const mergeBy = (prover: Address): MergeBy => ({ prover, work: MERGE_WORK, mergeKey: MERGE_KEY })

/** A root of one claim: two batches, the second from the state that the first leads to, and their merge. */
export const joined = (
  left: Batch,
  right: Batch,
  prover: Address,
): Finished & { readonly root: Sequence } => {
  const root = sequenceOf(left.child, right.child, mergeBy(prover))
  const entryOf = ({ paths }: Batch) => ({ entry: (paths[0] as PayoutPath).entry })
  const own = { prover, work: MERGE_WORK, job: jobOf(root) }
  const paths = payoutPaths({ left: entryOf(left), right: entryOf(right), own })
  return { root, claim: root, paths: paths.toSorted((a, b) => (a.position < b.position ? -1 : 1)) }
}

/** Two batches in the order of their jobs, and the root of their aggregate. */
export const aggregateOf = <T extends Batch>(a: T, b: T, prover: Address) => {
  const batches = (jobOf(a.claim) < jobOf(b.claim) ? [a, b] : [b, a]) as [T, T]
  const root = parallelOf(batches[0].child, batches[1].child, mergeBy(prover))
  return { batches, root, claims: batches.map(({ claim }) => claimHash(claim)) }
}
