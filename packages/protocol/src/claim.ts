import { hashWords, tag } from './hash.js'
import { type Address, type Bytes32, uintToBytes32, ZERO_BYTES32 } from './hex.js'
import { payoutEntry, payoutNode } from './payout.js'
import { MAX_SEQUENCE_WORK } from './work.js'

/** Domain tags; `circuits/lib/src/claims.nr` and `contracts/src/libraries/Claims.sol` hold the same. */
export const CLAIM_TAGS = {
  transition: tag('transition'),
  sequence: tag('sequence'),
  parallel: tag('parallel'),
  parallelJob: tag('parallel-job'),
  data: tag('data'),
  claim: tag('claim'),
  claims: tag('claims'),
} as const

/** What is proven, whoever proves it: program, state before and after, and the data in between. */
export interface Statement {
  readonly program: Bytes32
  readonly pre: Bytes32
  readonly post: Bytes32
  readonly data: Bytes32
}

/** A finished claim, as L1 records it: a statement, the work in its proof, and who did it. */
export interface Claim extends Statement {
  /** Sum over all jobs of the statement, in gates. */
  readonly work: bigint
  /** Root of the (prover, work, job) entries. */
  readonly payouts: Bytes32
}

/** The public statement of a leaf proof. The program is not in it: it is the key that verifies the proof. */
export interface Transition {
  readonly kind: 'transition'
  readonly pre: Bytes32
  readonly post: Bytes32
  readonly data: Bytes32
  readonly prover: Address
  readonly work: bigint
}

/** The public statement of a merge of two neighbours of one program. */
export interface Sequence extends Claim {
  readonly kind: 'sequence'
  /** Hash of the merge circuit's own verification key. */
  readonly mergeKey: Bytes32
}

/** The public statement of a merge of finished claims: a Merkle tree of them, strictly ascending by job. */
export interface Parallel {
  readonly kind: 'parallel'
  readonly mergeKey: Bytes32
  /** Root of the Merkle tree of claim hashes. */
  readonly claims: Bytes32
  readonly count: number
  /** Root of the entries of the parallel merges alone; each claim carries the entries of its own. */
  readonly payouts: Bytes32
  /** Smallest and largest job among the claims. */
  readonly first: Bytes32
  readonly last: Bytes32
  readonly job: Bytes32
}

export type ProofClaim = Transition | Sequence | Parallel

/** The id of the job that proves a statement; the same for whoever proves it. */
export const jobOf = (s: Statement): Bytes32 => hashWords(s.program, s.pre, s.post, s.data)

/** The id of a parallel merge, from the ids of what it merges. */
export const parallelJob = (left: Bytes32, right: Bytes32): Bytes32 =>
  hashWords(CLAIM_TAGS.parallelJob, left, right)

/** The data commitment of two neighbours. */
export const dataNode = (left: Bytes32, right: Bytes32): Bytes32 => hashWords(CLAIM_TAGS.data, left, right)

/** A leaf of the claims tree. */
export const claimHash = (claim: Claim): Bytes32 =>
  hashWords(CLAIM_TAGS.claim, jobOf(claim), uintToBytes32(claim.work), claim.payouts)

/** An inner node of the claims tree; order matters. */
export const claimsNode = (left: Bytes32, right: Bytes32): Bytes32 =>
  hashWords(CLAIM_TAGS.claims, left, right)

/** keccak-256 of the ABI encoding of a proof's claim, tag first. */
export const proofClaimHash = (claim: ProofClaim): Bytes32 => {
  switch (claim.kind) {
    case 'transition':
      return hashWords(
        CLAIM_TAGS.transition,
        claim.pre,
        claim.post,
        claim.data,
        claim.prover,
        uintToBytes32(claim.work),
      )
    case 'sequence':
      return hashWords(
        CLAIM_TAGS.sequence,
        claim.mergeKey,
        claim.program,
        claim.pre,
        claim.post,
        claim.data,
        uintToBytes32(claim.work),
        claim.payouts,
      )
    case 'parallel':
      return hashWords(
        CLAIM_TAGS.parallel,
        claim.mergeKey,
        claim.claims,
        uintToBytes32(BigInt(claim.count)),
        claim.payouts,
        claim.first,
        claim.last,
        claim.job,
      )
  }
}

/** The one public field of a proof: its claim's hash without the last byte, so that it fits the BN254 field. */
export const publicInput = (claim: ProofClaim): Bytes32 => uintToBytes32(BigInt(proofClaimHash(claim)) >> 8n)

/** A leaf proof's claim as a finished claim of the program whose key verified it. */
export const finish = (transition: Transition, program: Bytes32): Claim => {
  const { pre, post, data, prover, work } = transition
  const statement = { program, pre, post, data }
  return { ...statement, work, payouts: payoutEntry({ prover, work, job: jobOf(statement) }) }
}

/** What a merge is given of a child: its claim, and for a leaf the program whose key verified it. */
export type Child = Sequence | Parallel | (Transition & { readonly program: Bytes32 })

const finished = (child: Exclude<Child, Parallel>): Claim =>
  child.kind === 'transition' ? finish(child, child.program) : child

/** Who proves a merge, what a merge counts as, and the merge circuit's key. */
export interface MergeBy {
  readonly prover: Address
  /** Work of the merge itself, in gates. */
  readonly work: bigint
  readonly mergeKey: Bytes32
}

/** Why two claims cannot be merged. */
export class MergeError extends Error {
  override readonly name = 'MergeError'
  constructor(
    readonly code:
      | 'sequence_of_parallel'
      | 'program_mismatch'
      | 'state_gap'
      | 'duplicate_child'
      | 'not_ascending'
      | 'foreign_merge_key'
      | 'too_much_work'
      | 'too_many_claims',
    message: string,
  ) {
    super(message)
  }
}

const checkMergeKey = (child: Child, mergeKey: Bytes32) => {
  if (child.kind !== 'transition' && child.mergeKey !== mergeKey) {
    throw new MergeError('foreign_merge_key', 'a child was merged by another merge circuit')
  }
}

/** The claim of a merge of two neighbours. Throws a MergeError where the circuit would have no witness. */
export const sequenceOf = (left: Child, right: Child, by: MergeBy): Sequence => {
  checkMergeKey(left, by.mergeKey)
  checkMergeKey(right, by.mergeKey)
  if (left.kind === 'parallel' || right.kind === 'parallel') {
    throw new MergeError('sequence_of_parallel', 'a parallel claim has no state to continue')
  }
  const [l, r] = [finished(left), finished(right)]
  if (l.program !== r.program)
    throw new MergeError('program_mismatch', 'neighbours are of different programs')
  if (l.post !== r.pre)
    throw new MergeError('state_gap', 'the right claim does not start where the left one ends')
  const [lJob, rJob] = [jobOf(l), jobOf(r)]
  if (lJob === rJob) throw new MergeError('duplicate_child', 'both children are the same statement')
  const work = l.work + r.work + by.work
  if (work > MAX_SEQUENCE_WORK)
    throw new MergeError('too_much_work', 'the work of the children and the merge overflows 64 bits')
  const statement = { program: l.program, pre: l.pre, post: r.post, data: dataNode(l.data, r.data) }
  const own = payoutEntry({ prover: by.prover, work: by.work, job: jobOf(statement) })
  return {
    kind: 'sequence',
    mergeKey: by.mergeKey,
    ...statement,
    work,
    payouts: payoutNode(l.payouts, r.payouts, own),
  }
}

/** A child seen as a set of finished claims. */
const asSet = (child: Child) => {
  if (child.kind === 'parallel') return child
  const claim = finished(child)
  const job = jobOf(claim)
  return { claims: claimHash(claim), count: 1, payouts: ZERO_BYTES32, first: job, last: job, job }
}

/**
 * The claim of a merge of finished claims, whose work it leaves as it is, whatever its size. Throws a MergeError where
 * the circuit would have no witness, and for more claims than a number counts.
 */
export const parallelOf = (left: Child, right: Child, by: MergeBy): Parallel => {
  checkMergeKey(left, by.mergeKey)
  checkMergeKey(right, by.mergeKey)
  const [l, r] = [asSet(left), asSet(right)]
  if (l.job === r.job) throw new MergeError('duplicate_child', 'both children are the same statement')
  // Equal-length lower-case hexadecimal: text order is numeric order.
  if (!(l.last < r.first)) throw new MergeError('not_ascending', 'claims are not strictly ascending by job')
  const count = l.count + r.count
  if (!Number.isSafeInteger(count))
    throw new MergeError('too_many_claims', 'the children say that they have more claims than can be counted')
  const job = parallelJob(l.job, r.job)
  const own = payoutEntry({ prover: by.prover, work: by.work, job })
  return {
    kind: 'parallel',
    mergeKey: by.mergeKey,
    claims: claimsNode(l.claims, r.claims),
    count,
    payouts: payoutNode(l.payouts, r.payouts, own),
    first: l.first,
    last: r.last,
    job,
  }
}
