import { type Sender, type SettlementReader, withdrawCall, withdrawSharedCall } from '@weft/chain'
import { type Address, type Bytes32, MERGE_WORK, type PayoutPath, WeftError } from '@weft/protocol'
import type { Link } from '../coordinator/link.js'
import type { Payments } from '../market/payments.js'
import type { Clock, Logger } from '../ports.js'
import type { Earnings } from '../status.js'
import { untilAborted } from '../until-aborted.js'
import { learn, pathOf } from './learn.js'
import {
  type EarningsState,
  loadState,
  type OwnEntry,
  type SharedPool,
  saveState,
  type UnpaidClaim,
} from './state.js'

const ASK_MS = 30_000
/** Read again at every look, in case a re-organisation moved openings. */
const OVERLAP_BLOCKS = 64n
/** Entries of one transaction: about 10,000 gas each. */
const ENTRIES_AT_ONCE = 64
const PAID_KEPT = 10_000

export interface EarningsOptions {
  /** The file they are kept in. */
  readonly path: string
  readonly link: Link
  readonly reader: SettlementReader
  readonly sender: Sender
  readonly prover: Address
  readonly clock: Clock
  readonly logger: Logger
  readonly minWei: bigint
  readonly pollMs: number
  readonly fromBlock: bigint
  /** Where a market pays; null where tenants' deposits do. */
  readonly payments: Payments | null
}

/**
 * Follows what a prover has coming and withdraws it. The coordinator is asked once for the paths of every entry, which
 * are kept on disk; from then on L1 alone says who has opened what and how much is there. Under a market entries are paid
 * as soon as their request is: what is left to do is in `Payments`, and withdrawing from parallel merges.
 */
export interface EarningsKeeper {
  status(): Earnings
  /** Looks again and again until the signal aborts. Never rejects: what fails is logged and tried again. */
  run(signal: AbortSignal): Promise<void>
}

export const createEarnings = async (options: EarningsOptions): Promise<EarningsKeeper> =>
  new Keeper(options, await loadState(options.path))

/** What entries have coming between two amounts collected; rounded down per entry, as the contract does. */
const dueWei = (entries: readonly OwnEntry[], totalWork: bigint, beforeWei: bigint, nowWei: bigint): bigint =>
  entries.reduce((sum, { work }) => sum + (nowWei * work) / totalWork - (beforeWei * work) / totalWork, 0n)

const parts = <T>(items: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(items.length / ENTRIES_AT_ONCE) }, (_, i) =>
    items.slice(i * ENTRIES_AT_ONCE, (i + 1) * ENTRIES_AT_ONCE),
  )

/** Whether a pool is known to have more for its entries, or was never paid out of. */
const isOpen = ({ drawnWei, seenWei }: SharedPool) => drawnWei === 0n || drawnWei < seenWei

const codeOf = (error: unknown) => (error instanceof WeftError ? error.code : undefined)

class Keeper implements EarningsKeeper {
  readonly #options: EarningsOptions
  readonly #state: EarningsState
  /** Claims whose payment is below the minimum; looked at again after a restart. */
  readonly #small = new Set<string>()

  constructor(options: EarningsOptions, state: EarningsState) {
    this.#options = options
    this.#state = state
  }

  status(): Earnings {
    const { claims, pools, withdrawnWei } = this.#state
    return { open: claims.length + pools.filter(isOpen).length, withdrawnWei }
  }

  async run(signal: AbortSignal) {
    const { clock, logger, pollMs } = this.#options
    const steps = [() => this.#ask(signal), ...this.#steps(signal)]
    while (!signal.aborted) {
      for (const step of steps) {
        try {
          await step()
        } catch (error) {
          if (signal.aborted) return
          const log = { code: codeOf(error) ?? 'internal', error: String(error) }
          logger.warn(log, 'cannot look after payments now')
        }
      }
      await clock.sleep(pollMs, signal)
    }
  }

  #steps(signal: AbortSignal): (() => Promise<void>)[] {
    const { payments } = this.#options
    if (payments === null) {
      return [() => this.#observe(), () => this.#collectClaims(signal), () => this.#collectPools(signal)]
    }
    return [
      () => this.#learnSettled(payments, signal),
      () => this.#observePaid(payments),
      () => this.#collectPools(signal),
      () => payments.claimLeftOut(signal),
      () => this.#collectEarned(payments, signal),
    ]
  }

  #save() {
    return saveState(this.#options.path, this.#state)
  }

  /** What settled since the last look, from the coordinator. */
  async #ask(signal: AbortSignal) {
    const { link, prover, logger } = this.#options
    const { cursor } = this.#state
    const query = cursor === null ? {} : { after: String(cursor) }
    const told = await link.once(signal, ASK_MS, (api, limited) =>
      api.payouts({ params: { prover }, query, signal: limited }),
    )
    const { refused } = learn(this.#state, prover, told)
    if (refused > 0) logger.error({ refused }, 'the coordinator gives payouts that do not add up')
    if (this.#state.cursor !== cursor) await this.#save()
  }

  /** Who has opened what, from L1. */
  async #observe() {
    const { reader, fromBlock } = this.#options
    const { claims, pools } = this.#state
    if (claims.length + pools.length === 0) return
    const head = await reader.headBlock()
    const fresh = claims.filter((claim) => claim.isNew).map((claim) => claim.claimHash)
    const opened = [
      ...(await reader.openings(fromBlock, head, fresh)),
      ...(await reader.openings(this.#scanFrom(), head)),
    ]
    const known = new Map(claims.map((claim) => [claim.claimHash, claim]))
    for (const claim of claims) claim.isNew = false
    for (const { claimHash, tenant } of opened) {
      const claim = known.get(claimHash)
      if (claim && !claim.tenants.includes(tenant)) claim.tenants.push(tenant)
    }
    await this.#scanned(opened, head)
  }

  /** Which trees' requests were paid, from L1. */
  async #observePaid({ l1 }: Payments) {
    if (this.#state.pools.length === 0) return
    const head = await l1.reader.headBlock()
    await this.#scanned(await l1.reader.settledOrders(this.#scanFrom(), head), head)
  }

  #scanFrom(): bigint {
    const { fromBlock } = this.#options
    const { scannedTo } = this.#state
    const again = scannedTo === null ? fromBlock : scannedTo - OVERLAP_BLOCKS
    return again > fromBlock ? again : fromBlock
  }

  /** Notes the pools that were paid into up to `head`. */
  async #scanned(paid: readonly { readonly claimsRoot: Bytes32 }[], head: bigint) {
    const roots = new Set(paid.map(({ claimsRoot }) => claimsRoot))
    for (const pool of this.#state.pools) pool.isDirty ||= roots.has(pool.claimsRoot)
    this.#state.scannedTo = head
    await this.#save()
  }

  /** Keeps what settled claims prove of own commitments; the claims themselves are paid without this node. */
  async #learnSettled(payments: Payments, signal: AbortSignal) {
    const { prover } = this.#options
    for (const claim of [...this.#state.claims]) {
      const paths = claim.entries.map((entry) => pathOf(prover, entry))
      if (!(await payments.learn({ claimHash: claim.claimHash, paths }, signal))) continue
      this.#forget(claim)
      await this.#save()
    }
  }

  async #collectEarned(payments: Payments, signal: AbortSignal) {
    const earnedWei = await payments.collect(signal)
    if (earnedWei > 0n) await this.#paid(earnedWei, { from: 'market' })
  }

  #forget(claim: UnpaidClaim) {
    this.#state.claims = this.#state.claims.filter((other) => other !== claim)
    this.#state.paid = [...this.#state.paid, claim.claimHash].slice(-PAID_KEPT)
  }

  async #collectClaims(signal: AbortSignal) {
    for (const claim of [...this.#state.claims]) {
      for (const tenant of claim.tenants) {
        if (!this.#state.claims.includes(claim)) break
        await this.#collectClaim(claim, tenant, signal)
      }
    }
  }

  async #collectPools(signal: AbortSignal) {
    for (const pool of [...this.#state.pools]) if (pool.isDirty) await this.#collectShared(pool, signal)
  }

  async #collectClaim(claim: UnpaidClaim, tenant: Address, signal: AbortSignal) {
    const { reader, sender, minWei, prover } = this.#options
    const { claimHash, entries } = claim
    const pool = `${claimHash}:${tenant}`
    if (this.#small.has(pool)) return
    const opening = await reader.opening(tenant, claimHash)
    if (opening === null) {
      // A re-organisation took the opening back.
      claim.tenants = claim.tenants.filter((other) => other !== tenant)
      return
    }
    const due = dueWei(entries, claim.work, 0n, opening.collectedWei)
    if (due === 0n || due < minWei) {
      this.#small.add(pool)
      return
    }
    await this.#send(entries, signal, (paths, part) => {
      const id = `withdraw:${reader.settlement}:${pool}:${prover}:${part}`
      return sender.send(withdrawCall(reader.settlement, tenant, claim, paths, id))
    })
    this.#forget(claim)
    await this.#paid(due, { claim: claimHash })
  }

  async #collectShared(pool: SharedPool, signal: AbortSignal) {
    const { reader, minWei, logger, payments } = this.#options
    const { claimsRoot, entries } = pool
    const onChain = await reader.aggregate(claimsRoot)
    // This endpoint may lag behind the coordinator's.
    if (onChain === null) return
    if (onChain.payouts !== pool.payouts) {
      logger.error({ claimsRoot }, 'L1 knows this pool with other entries: the coordinator made them up')
      this.#state.pools = this.#state.pools.filter((other) => other !== pool)
      return this.#save()
    }
    const { collectedWei } = payments === null ? onChain : await payments.l1.reader.sharedOf(claimsRoot)
    const due = dueWei(entries, BigInt(onChain.claims - 1) * MERGE_WORK, pool.drawnWei, collectedWei)
    pool.isDirty = false
    pool.seenWei = collectedWei
    if (due === 0n || due < minWei) return this.#save()
    try {
      await this.#send(entries, signal, (paths, part) =>
        this.#withdrawShared(claimsRoot, paths, `${collectedWei}:${part}`),
      )
    } catch (error) {
      pool.isDirty = true
      throw error
    }
    pool.drawnWei = collectedWei
    // A market pays into earnings first, which are counted when they are collected.
    if (payments === null) await this.#paid(due, { pool: claimsRoot })
    else await this.#save()
  }

  #withdrawShared(claimsRoot: Bytes32, paths: readonly PayoutPath[], what: string): Promise<unknown> {
    const { reader, sender, prover, payments } = this.#options
    const contract = payments?.l1.contract ?? reader.settlement
    const id = `withdraw-shared:${contract}:${claimsRoot}:${prover}:${what}`
    if (payments !== null) return payments.l1.withdrawShared(claimsRoot, paths, id)
    return sender.send(withdrawSharedCall(contract, claimsRoot, paths, id))
  }

  /** Sends a withdrawal in parts; parts that somebody else has sent count as sent. */
  async #send(
    entries: readonly OwnEntry[],
    signal: AbortSignal,
    send: (paths: readonly PayoutPath[], part: number) => Promise<unknown>,
  ) {
    const { prover } = this.#options
    for (const [i, part] of parts(entries).entries()) {
      const paths = part.map((entry) => pathOf(prover, entry))
      try {
        await untilAborted(send(paths, i), signal)
      } catch (error) {
        if (codeOf(error) !== 'nothing_due') throw error
      }
    }
  }

  async #paid(amountWei: bigint, of: object) {
    this.#state.withdrawnWei += amountWei
    this.#options.logger.info({ ...of, amountWei: String(amountWei) }, 'withdrawn')
    await this.#save()
  }
}
