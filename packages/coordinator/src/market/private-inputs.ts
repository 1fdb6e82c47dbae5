import type { Readable } from 'node:stream'
import {
  ApiError,
  type Capabilities,
  type Digest,
  PRIVATE_INPUTS,
  type Recipient,
  type SignedEncryptionKey,
} from '@weft/api'
import type { Ranked } from '@weft/market'
import { activeLeases, type Job, type JobSpec, type Lease } from '@weft/plan'
import { type Address, type Bytes32, encryptionKeyId, type MarketDomain } from '@weft/protocol'
import type { Context } from '../context.js'
import * as tables from '../db/tables.js'
import type { Node } from '../nodes.js'
import { askL1 } from '../orders/ask-l1.js'
import type { MarketL1 } from '../ports.js'
import type { BlobStore } from '../store/blobs.js'
import type { Board } from './board.js'
import type { MarketOrder } from './order.js'

/*
 * matched ──its requester seals to a node of the holder's──▶ sealed ──that node leases, opens and proves──▶ proven
 *    ▲  │                                                     │                                              │
 *    │  └── nothing for too long ──▶ the request fails        └── taken over, failed ──▶ deleted ◀───────────┘
 *    └──────────────────────────────── the next holder ────────────────┘
 *
 * Only ciphertexts come here. One is kept as long as its job is open and its prover holds it, and not longer.
 */

/** Whether a job's inputs are sealed to whoever proves it. */
export const isPrivate = (spec: JobSpec): boolean => spec.kind === 'segment' && spec.inputs === PRIVATE_INPUTS

/** How long so many bytes are at most when they are sealed: with keys, tag, and padding of less than an eighth. */
export const sealedUpBytes = (bytes: number): number => bytes + Math.ceil(bytes / 8) + 4096

/** Nothing is to be sealed to a key that is deleted soon: requesters refuse those. */
const MARGIN_S = 3_600

const idOf = (job: Bytes32, prover: Address, node: string) => `${job}/${prover}/${node}`

export interface PrivateInputsPorts {
  readonly l1: MarketL1
  readonly domain: MarketDomain
  /** Holds ciphertexts of private inputs, and nothing else; null where they are not taken. */
  readonly store: BlobStore | null
  /** Nodes of a prover that were heard of lately. */
  readonly nodesOf: (prover: Address) => readonly Node[]
}

/** Private inputs on their way from requesters to the nodes that prove. */
export class PrivateInputs {
  readonly #sealed = new Map<string, tables.SealedInputsRow>()

  constructor(
    readonly context: Context,
    readonly ports: PrivateInputsPorts,
    readonly board: Board,
    readonly orders: ReadonlyMap<Bytes32, MarketOrder>,
  ) {}

  /** Whether requests for private inputs are taken here. */
  get areTaken(): boolean {
    return this.ports.store !== null
  }

  async load(): Promise<void> {
    const { deps, journal } = this.context
    for (const row of await tables.sealedInputs.select(deps.database)) {
      if (this.ports.store?.has(row.digest)) this.#sealed.set(row.id, row)
      else journal.drop(tables.sealedInputs, row.id)
    }
    this.tidy()
  }

  /** Errors: `bad_signature`, `l1_unavailable`. */
  async checkKey(prover: Address, { encryptionKey }: Pick<Capabilities, 'encryptionKey'>): Promise<void> {
    if (!encryptionKey) return
    const { signature, ...key } = encryptionKey
    const digest = encryptionKeyId(this.ports.domain, { ...key, prover })
    if (await askL1(() => this.ports.l1.isSignedForProver(prover, digest, signature))) return
    throw new ApiError(
      'bad_signature',
      'sign the encryption key (EIP-712, this chain and market) with the prover’s key or its hot key',
      { publicKey: key.publicKey },
    )
  }

  /** Nodes of an order's matched provers that have not got what they have to prove. */
  recipients(order: MarketOrder): Recipient[] {
    return this.#openJobs(order).flatMap((job) => {
      const holders = this.board.get(order.id, job.spec.id)?.holders ?? []
      return holders.flatMap(({ prover }) => {
        // Who holds a lease has opened them, or is about to.
        if (activeLeases(job).some((lease) => lease.prover === prover)) return []
        return this.#nodesFor(job.spec, prover)
          .filter(({ node }) => !this.#sealed.has(idOf(job.spec.id, prover, node)))
          .map(({ node, key }) => ({ job: job.spec.id, prover, node, key }))
      })
    })
  }

  /** Takes inputs from their requester. Errors: see the route `sealInputs`. */
  async put(
    order: MarketOrder | undefined,
    sender: Address,
    to: { readonly job: Bytes32; readonly publicKey: Bytes32 },
    digest: Digest,
    octets: Readable,
  ): Promise<void> {
    const { store } = this.ports
    try {
      if (!order || !store) throw new ApiError('unknown_intent', 'no such request is under way here')
      if (order.signed.request.owner !== sender)
        throw new ApiError('not_the_owner', 'only the owner of a request seals its inputs: open its session')
      this.context.journal.assertAvailable()
      if (!this.#isThere(order, to.job, digest)) {
        this.#recipient(order, to)
        await store.put(digest, octets, sealedUpBytes(this.context.limits.maxInputBytes))
        this.#keep(order, this.#recipient(order, to), digest)
      }
    } finally {
      octets.resume()
    }
    await this.context.journal.commit()
  }

  /** The ciphertext for the holder of a lease. Throws `unknown_blob`. */
  open({ job, prover, node }: Lease) {
    const row = this.#sealed.get(idOf(job.spec.id, prover, node))
    const blob = row && this.ports.store?.open(row.digest)
    if (blob) return blob
    throw new ApiError('unknown_blob', 'nothing is sealed to this node for this job', { job: job.spec.id })
  }

  /** Whether a node may have a job: one with private inputs only once they are there. */
  isReadyFor(spec: JobSpec, { prover, capabilities }: Node): boolean {
    return !isPrivate(spec) || this.#sealed.has(idOf(spec.id, prover, capabilities.name))
  }

  /** From when on a prover could begin that was given a job at `sinceMs`; null while it waits for the requester. */
  beginsMs({ spec }: Job, { prover }: Ranked, sinceMs: number): number | null {
    if (!isPrivate(spec)) return sinceMs
    const rows = [...this.#sealed.values()].filter((row) => row.job === spec.id && row.prover === prover)
    if (rows.length > 0) return Math.max(sinceMs, ...rows.map((row) => row.sealed_ms))
    // Nothing can be sealed to a prover without a node: then it is the prover that is waited for.
    return this.#nodesFor(spec, prover).length === 0 ? sinceMs : null
  }

  /** Whether a matched prover has waited too long for the requester: it keeps room free that others could use. */
  isAbandoned(order: MarketOrder, nowMs: number): boolean {
    return this.#openJobs(order).some((job) => {
      const assignment = this.board.get(order.id, job.spec.id)
      if (!assignment || assignment.sinceMs + this.context.timing.inputsMs > nowMs) return false
      return assignment.holders.some((ranked) => this.beginsMs(job, ranked, assignment.sinceMs) === null)
    })
  }

  /** Deletes what nobody needs any more: of jobs that are proven or over, or that others have now. */
  tidy(): void {
    const { journal, deps } = this.context
    for (const row of this.#sealed.values()) {
      if (this.#isNeeded(row)) continue
      this.#sealed.delete(row.id)
      journal.drop(tables.sealedInputs, row.id)
    }
    // Looked up anew for each: more may be sealed while files are removed.
    const isKept = (digest: Digest) => [...this.#sealed.values()].some((row) => row.digest === digest)
    this.ports.store?.sweep(isKept, Number.MAX_SAFE_INTEGER).catch((error: unknown) => {
      deps.log.error({ error: String(error) }, 'cannot delete sealed inputs')
    })
  }

  #openJobs({ batch }: MarketOrder): Job[] {
    return this.context.plan
      .ownedBy(batch.id)
      .filter(({ spec, state }) => isPrivate(spec) && (state === 'ready' || state === 'leased'))
  }

  #nodesFor({ gates }: JobSpec, prover: Address): { node: string; key: SignedEncryptionKey }[] {
    const nowS = this.context.deps.clock.nowMs() / 1000
    return this.ports.nodesOf(prover).flatMap(({ capabilities, taker }) => {
      const { name: node, encryptionKey: key } = capabilities
      return key && key.expiry > nowS + MARGIN_S && taker.maxGates >= gates ? [{ node, key }] : []
    })
  }

  /** Sent again, because the first answer got lost. */
  #isThere(order: MarketOrder, job: Bytes32, digest: Digest): boolean {
    const rows = [...this.#sealed.values()]
    return rows.some((row) => row.request === order.id && row.job === job && row.digest === digest)
  }

  /** Throws `not_a_recipient`. */
  #recipient(order: MarketOrder, to: { readonly job: Bytes32; readonly publicKey: Bytes32 }): Recipient {
    const found = this.recipients(order).find(
      ({ job, key }) => job === to.job && key.publicKey === to.publicKey,
    )
    if (found) return found
    throw new ApiError(
      'not_a_recipient',
      'no node waits for these inputs under this key: ask again whom to seal to (GET /v1/requests/:id/recipients)',
      to,
    )
  }

  #keep(order: MarketOrder, { job, prover, node }: Recipient, digest: Digest): void {
    const sealed_ms = this.context.deps.clock.nowMs()
    const row = { id: idOf(job, prover, node), request: order.id, job, prover, node, digest, sealed_ms }
    this.#sealed.set(row.id, row)
    this.context.journal.put(tables.sealedInputs, row)
  }

  #isNeeded({ request, job, prover }: tables.SealedInputsRow): boolean {
    const order = this.orders.get(request)
    const holders = this.board.get(request, job)?.holders ?? []
    return (
      order !== undefined &&
      holders.some((holder) => holder.prover === prover) &&
      this.#openJobs(order).some(({ spec }) => spec.id === job)
    )
  }
}
