import { ApiError, type Terms, toWire } from '@weft/api'
import type { Lease } from '@weft/plan'
import { type Bytes32, commitmentId, type Hex, type SignedCommitment } from '@weft/protocol'
import type { Context } from '../context.js'
import * as tables from '../db/tables.js'
import { holderOf, jobRef } from '../events.js'
import type { MarketL1, Matcher } from '../ports.js'
import { type Board, rankIn } from './board.js'
import type { Ledger } from './ledger.js'
import { commitmentFor, type MarketOrder } from './order.js'

/** What provers sign for the jobs that they lease. */
export class TermsDesk {
  constructor(
    readonly context: Context,
    readonly l1: MarketL1,
    readonly matcher: Matcher,
    readonly ledger: Ledger,
    readonly board: Board,
  ) {}

  /** The terms of a lease of a matched job; null where its holder is not among the matched. */
  async of(order: MarketOrder, lease: Lease): Promise<Terms | null> {
    const commitment = this.#commitmentOf(order, lease)
    if (!commitment) return null
    const counterSignature = await this.matcher.sign(commitmentId(this.ledger.rules.domain, commitment))
    return { commitment, request: order.signed.request, counterSignature }
  }

  /** Whether the lease's holder has signed for it. */
  isSigned(order: MarketOrder, lease: Lease): boolean {
    return this.#signedFor(order, lease) !== undefined
  }

  /** Takes a prover's signature. Errors: `lease_lost`, `bad_signature`, `storage_unavailable`. */
  async sign(order: MarketOrder, lease: Lease, signature: Hex): Promise<void> {
    const terms = await this.of(order, lease)
    if (!terms) throw new ApiError('lease_lost', 'the job was given to another prover: drop the lease')
    const { commitment, counterSignature } = terms
    const id = commitmentId(this.ledger.rules.domain, commitment)
    if (!(await this.l1.isSignedForProver(lease.prover, id, signature))) {
      throw new ApiError(
        'bad_signature',
        'sign the lease’s commitment (EIP-712, this chain and market) with the prover’s key or its hot key',
        { commitment: id },
      )
    }
    if (this.isSigned(order, lease)) return
    this.#store(order, id, { commitment, signature, counterSignature })
    this.#tell(order, lease, commitment)
    await this.context.journal.commit()
  }

  #store(order: MarketOrder, id: Bytes32, signed: SignedCommitment): void {
    const { job, prover } = signed.commitment
    order.commitments.set(job, [...(order.commitments.get(job) ?? []), signed])
    const row = { id, request: order.id, prover, signed_json: toWire(signed) }
    this.context.journal.put(tables.commitments, row)
  }

  #tell(order: MarketOrder, lease: Lease, commitment: SignedCommitment['commitment']): void {
    const { priceWei, collateralWei, deadline, rank, job } = commitment
    const assignment = this.board.get(order.id, job)
    const behind = assignment?.match.ranks.filter((ranked) => rankIn(assignment, ranked) > rank) ?? []
    this.context.events.emit({
      type: 'job_committed',
      ...jobRef(lease.job),
      ...holderOf(lease),
      request: order.id,
      priceWei,
      collateralWei,
      deadline,
      rank,
      runnersUp: behind.map(({ prover }) => prover),
    })
  }

  #signedFor(order: MarketOrder, lease: Lease): SignedCommitment | undefined {
    const expected = this.#commitmentOf(order, lease)
    const signed = order.commitments.get(lease.job.spec.id) ?? []
    // A lease that was taken over was signed when it was held.
    return signed.findLast(
      ({ commitment }) =>
        commitment.prover === lease.prover && (expected === null || commitment.rank === expected.rank),
    )
  }

  #commitmentOf(order: MarketOrder, { job, prover, startedMs }: Lease) {
    const { id } = job.spec
    const assignment = this.board.get(order.id, id)
    const ranked = assignment?.holders.find((holder) => holder.prover === prover)
    if (!assignment || !ranked) return null
    return commitmentFor(order, id, assignment, ranked, startedMs, this.context.timing.graceMs)
  }
}
