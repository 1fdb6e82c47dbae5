import { type Bytes32, claimPath, claimsRoot, jobOf, type Order, WeftError } from '@weft/protocol'
import type { L1Client } from '../client.js'
import type { MarketAddresses } from '../market/addresses.js'
import { marketReader } from '../market/reader.js'
import type { Call, Sender } from '../sender/index.js'
import { simulate } from '../simulate.js'
import { inBatchOrder } from './batch.js'
import { type ProvenOrder, recordCall, settleProvenCall } from './calls.js'
import { createKeys } from './keys.js'
import { checkJob, type DeliverableProof, type DirectRecord } from './proof.js'
import { createRecords } from './records.js'

/** Has direct proofs recorded on L1 and paid for: the coordinator's port. */
export interface DirectSettler {
  /**
   * Has proofs of one system recorded, in one transaction, and registers keys and deploys verifiers that L1 does not have
   * yet. What is recorded already is not sent again; asked again, it is the same transaction. Where each job is
   * recorded, in the order of the proofs.
   * Errors: those of `Sender.send`; `l1_unavailable`; `mixed_systems`, `foreign_job`, `foreign_verifier`; the contracts'
   * refusals, `invalid_proof` among them, with the `job` at fault in the details: leave that one out. Nothing was sent
   * then, but keys and verifiers of others.
   */
  record(proofs: readonly DeliverableProof[]): Promise<readonly DirectRecord[]>
  /**
   * Pays the provers of recorded jobs; resolves with the transaction that did. Orders that are paid already are left out;
   * those that have become impossible are skipped, see `MarketSettler.skippedBy`.
   * Errors: as above; of an order that was never right, with its `job` in the details.
   */
  pay(orders: readonly { readonly order: Order; readonly record: DirectRecord }[]): Promise<Bytes32>
  /** Where a job is recorded, whoever did it; null if it is not. Errors: `l1_unavailable`, `l1_reverted`. */
  recordOf(job: Bytes32): Promise<DirectRecord | null>
}

export interface DirectSettlerOptions {
  readonly client: L1Client
  readonly addresses: Pick<
    MarketAddresses,
    'market' | 'staking' | 'defaults' | 'registry' | 'groth16Verifier' | 'contractVerifiers'
  >
  /** The block of the deployment, from which events are read. */
  readonly fromBlock: bigint
}

/** Throws `mixed_systems`. */
const checkSystems = ([first, ...others]: readonly DeliverableProof[]): void => {
  const other = others.find(({ system }) => system !== first?.system)
  if (other === undefined) return
  const message = 'proofs of two systems cannot be recorded together: give each system its own call'
  throw new WeftError('mixed_systems', message, { job: other.job, system: other.system })
}

/** The refusal as it names the job at fault. */
const naming = (refusal: WeftError, job: Bytes32) =>
  new WeftError(
    refusal.code,
    `job ${job}: ${refusal.message}`,
    { ...refusal.details, job },
    { cause: refusal },
  )

export const createDirectSettler = (
  sender: Sender,
  { client, addresses, fromBlock }: DirectSettlerOptions,
): DirectSettler => {
  const { registry, market } = addresses
  const records = createRecords(client, registry, fromBlock)
  const keys = createKeys(sender, client, addresses)
  const reader = marketReader(client, addresses)

  const refusalOf = async (call: Call) => {
    const simulation = await simulate(client, sender.address, call)
    return simulation.kind === 'refused' ? simulation.refusal : null
  }

  /** Asks before it sends. Where L1 refuses, finds the item at fault by asking for each alone. */
  const send = async <T>(
    items: readonly T[],
    callOf: (items: readonly T[]) => Call,
    nameOf: (item: T) => Bytes32,
  ) => {
    const call = callOf(items)
    const refusal = await refusalOf(call)
    if (refusal === null) return (await sender.send(call)).hash
    for (const item of items) {
      const alone = await refusalOf(callOf([item]))
      if (alone !== null) throw naming(alone, nameOf(item))
    }
    throw refusal
  }

  const registerKeys = async (proofs: readonly DeliverableProof[]) => {
    for (const proof of new Map(proofs.map((each) => [each.key, each])).values()) {
      const refusal = await keys.ensure(proof)
      if (refusal !== null) throw naming(refusal, proof.job)
    }
  }

  /** Records proofs that are not. */
  const deliver = async (proofs: readonly DeliverableProof[]): Promise<[Bytes32, DirectRecord][]> => {
    if (proofs.length === 0) return []
    await registerKeys(proofs)
    const ordered = inBatchOrder(proofs)
    const jobs = ordered.map(({ job }) => job)
    const l1Tx = await send(
      ordered,
      (some) => recordCall(registry, some),
      ({ job }) => job,
    )
    const root = claimsRoot(jobs)
    return jobs.map((job, at) => {
      const { index, siblings } = claimPath(jobs, at)
      return [job, { root, index: Number(index), siblings, l1Tx }]
    })
  }

  /** The transaction that paid for the last of the requests; null if none did. */
  const paidBy = async (orders: readonly ProvenOrder[]) => {
    const ids = await Promise.all(orders.map(({ order }) => reader.requestId(order.request)))
    const settled = await reader.settledOrders(fromBlock, await reader.headBlock(), ids)
    return settled.at(-1)?.transaction ?? null
  }

  return {
    recordOf: async (job) => (await records.find([job]))[0] ?? null,

    async record(proofs) {
      checkSystems(proofs)
      proofs.forEach(checkJob)
      const known = await records.find(proofs.map(({ job }) => job))
      const missing = new Map(proofs.flatMap((proof, i) => (known[i] ? [] : [[proof.job, proof]])))
      const recorded = new Map(await deliver([...missing.values()]))
      return proofs.map(({ job }, i) => {
        const record = known[i] ?? recorded.get(job)
        if (record === undefined) throw new Error('every job is recorded by now')
        return record
      })
    },

    async pay(orders) {
      if (orders.length === 0) {
        throw new WeftError('no_orders', 'there is nothing to pay: give at least one order')
      }
      const isUsed = await Promise.all(
        orders.map(({ order: { request } }) => reader.isNonceUsed(request.owner, request.nonce)),
      )
      const open = orders.filter((_, i) => !isUsed[i])
      const paid = open.length === 0 ? await paidBy(orders) : null
      if (paid !== null) return paid
      // With nothing open or paid, L1 says of each why it skips it.
      return send(
        open.length > 0 ? open : orders,
        (some) => settleProvenCall(market, some),
        ({ order }) => jobOf({ ...order.request, post: order.post }),
      )
    },
  }
}
