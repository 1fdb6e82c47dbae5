import type { Opening, RecordOpening } from '@weft/api'
import {
  type Address,
  allowedProversHash,
  type Bytes32,
  claimHash,
  claimsRootOf,
  type Evidence,
  type Order,
  type PayoutPath,
  WeftError,
  ZERO_BYTES32,
} from '@weft/protocol'
import type { Link } from '../coordinator/link.js'
import type { Logger } from '../ports.js'
import { untilAborted } from '../until-aborted.js'
import type { Commitments, KeptCommitment } from './commitments.js'
import type { NodeMarketL1 } from './l1.js'

const TIME_MS = 10_000

export interface PaymentsOptions {
  readonly link: Link
  readonly prover: Address
  readonly l1: NodeMarketL1
  readonly commitments: Commitments
  readonly logger: Logger
  /** Earnings below this wait for more. */
  readonly minWei: bigint
}

/** An entry of a settled claim as the coordinator tells it, checked against the claim's root. */
export interface SettledClaim {
  readonly claimHash: Bytes32
  readonly paths: readonly PayoutPath[]
}

/** What keeps a transaction from being sent now, and is no refusal of the contract's. */
const PASSING: ReadonlySet<string> = new Set([
  'l1_unavailable',
  'insufficient_funds',
  'storage_full',
  'closed',
])

const codeOf = (error: unknown) => (error instanceof WeftError ? error.code : undefined)

/** Whether an opening is of this claim, and its path is one at all. */
const opens = ({ claim, index, siblings, claimsRoot }: Opening, hash: Bytes32): boolean =>
  claimHash(claim) === hash && claimsRootOf(hash, { index, siblings }) === claimsRoot

/**
 * What a market pays a prover by itself, and what it does not: keeps the proof of own entries with the commitments,
 * claims entries that a settlement left out, and moves earnings to the prover's account.
 */
export class Payments {
  readonly #options: PaymentsOptions

  constructor(options: PaymentsOptions) {
    this.#options = options
  }

  get l1(): NodeMarketL1 {
    return this.#options.l1
  }

  /** Keeps a settled claim's evidence with the commitments for its jobs. False while it cannot be had. */
  async learn(settled: SettledClaim, signal: AbortSignal): Promise<boolean> {
    const { commitments } = this.#options
    let isComplete = true
    for (const kept of commitments.all()) {
      const path = settled.paths.find(({ entry }) => entry.job === kept.commitment.job)
      if (kept.evidence !== null || path === undefined) continue
      isComplete = (await this.#prove(kept, settled.claimHash, path, signal)) && isComplete
    }
    return isComplete
  }

  async #prove(kept: KeptCommitment, hash: Bytes32, path: PayoutPath, signal: AbortSignal): Promise<boolean> {
    const { commitments, logger } = this.#options
    const { request } = kept.commitment
    const opening = await this.#opening(request, signal)
    if (opening === null) return false
    // It is paid as soon as it is recorded, and nobody can be accused of it: nothing of it has to be kept.
    if ('kind' in opening) return true
    if (!opens(opening, hash)) {
      logger.error(
        { request, claim: hash },
        'the coordinator opens another claim than the one that has this node’s entry',
      )
      return true
    }
    const { claim, index, siblings } = opening
    const evidence: Evidence = { claim, index, siblings, path }
    await commitments.put({ ...kept, evidence })
    return true
  }

  async #opening(request: Bytes32, signal: AbortSignal): Promise<Opening | RecordOpening | null> {
    try {
      return await this.#options.link.once(signal, TIME_MS, (api, limited) =>
        api.opening({ params: { id: request }, signal: limited }),
      )
    } catch (error) {
      if (codeOf(error) === 'not_settled' || codeOf(error) === 'unknown_batch') return null
      throw error
    }
  }

  /** Looks whether requests that L1 has paid have left own entries out, and claims those. */
  async claimLeftOut(signal: AbortSignal): Promise<void> {
    const { commitments, l1 } = this.#options
    for (const kept of commitments.all()) {
      const { request, evidence, isPaid } = kept
      if (evidence === null || isPaid) continue
      if (!(await l1.reader.isNonceUsed(request.owner, request.nonce))) continue
      const held = await l1.reader.heldOf(kept.commitment.request)
      if (held !== null && held.amountWei > 0n && held.claimHash === claimHash(evidence.claim)) {
        await this.#claim(kept, evidence, signal)
      }
      await commitments.put({ ...kept, isPaid: true })
    }
  }

  async #claim(kept: KeptCommitment, evidence: Evidence, signal: AbortSignal) {
    const { l1, logger } = this.#options
    const { request, job } = kept.commitment
    const allowed = await this.#allowed(kept, signal)
    if (allowed === null) {
      logger.error(
        { request, job },
        'the coordinator does not tell the provers that the request names: claim its entry by hand',
      )
      return
    }
    try {
      await untilAborted(l1.claim(orderOf(kept, evidence, allowed)), signal)
      logger.info({ request, job }, 'claimed an entry that the settlement left out')
    } catch (error) {
      // Another prover's entry was left out.
      const code = codeOf(error)
      if (code === 'entry_already_paid') return
      if (code === undefined || PASSING.has(code)) throw error
      logger.error(
        { request, job, error: String(error) },
        'L1 refuses to pay an entry that the settlement left out',
      )
    }
  }

  /** The provers that a request allows, as its hash confirms; null where the coordinator tells others. */
  async #allowed({ commitment, request }: KeptCommitment, signal: AbortSignal) {
    if (request.allowedProvers === ZERO_BYTES32) return []
    const { provers } = await this.#options.link.once(signal, TIME_MS, (api, limited) =>
      api.request({ params: { id: commitment.request }, signal: limited }),
    )
    return allowedProversHash(provers) === request.allowedProvers ? provers : null
  }

  /** Collects earnings if they are worth it; what was collected, in wei. */
  async collect(signal: AbortSignal): Promise<bigint> {
    const { l1, prover, minWei } = this.#options
    const earnedWei = await l1.reader.earnedWei(prover)
    if (earnedWei === 0n || earnedWei < minWei) return 0n
    const block = await l1.reader.headBlock()
    await untilAborted(l1.collect(prover, `collect:${l1.contract}:${prover}:${block}`), signal)
    return earnedWei
  }
}

/** The order that pays one entry out of what is held. L1 takes the owner's signature for given: it has paid already. */
const orderOf = (kept: KeptCommitment, { claim, path }: Evidence, allowed: readonly Address[]): Order => {
  const { request, commitment, signature, counterSignature } = kept
  const { priceWei, deadline, collateralWei, rank } = commitment
  return {
    request,
    signature: '0x',
    place: 0n,
    post: claim.post,
    work: claim.work,
    payouts: claim.payouts,
    allowed,
    entries: [{ path, priceWei, deadline, collateralWei, rank, signature, counterSignature }],
  }
}
