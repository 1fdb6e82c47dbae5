import { abis } from '@weft/contracts'
import { type Address, type Bytes32, claimPath } from '@weft/protocol'
import type { L1Client } from '../client.js'
import { eventOf, logsInParts } from '../logs.js'
import { read } from '../read.js'
import type { DirectRecord } from './proof.js'

/** A root with the jobs below it, as its event tells them. */
interface Recorded {
  readonly root: Bytes32
  readonly jobs: readonly Bytes32[]
  readonly l1Tx: Bytes32
}

/** Of a registry. Reads each block's events once and keeps them: some 200 bytes for each job. */
export interface Records {
  /**
   * Where jobs are recorded, in their order; null for those that are not. Of several records, the earliest.
   * Errors: `l1_unavailable`, `l1_reverted`, see `read`.
   */
  find(jobs: readonly Bytes32[]): Promise<(DirectRecord | null)[]>
}

const RECORDED = eventOf(abis.ProofRegistry, 'Recorded')

/** The newest blocks may be replaced by others: their events are read again. */
const UNSETTLED_BLOCKS = 64n

const recordOf = ({ root, jobs, l1Tx }: Recorded, at: number): DirectRecord => {
  const { index, siblings } = claimPath(jobs, at)
  return { root, index: Number(index), siblings, l1Tx }
}

/** @param fromBlock The block of the deployment, or any before the records that are asked for. */
export const createRecords = (client: L1Client, registry: Address, fromBlock: bigint): Records => {
  const byJob = new Map<Bytes32, { readonly recorded: Recorded; readonly at: number }>()
  let next = fromBlock

  const catchUp = async () => {
    const head = await read('the head block', client.getBlockNumber())
    const logs = await logsInParts(next, head, (from, to) =>
      client.getLogs({ address: registry, event: RECORDED, strict: true, fromBlock: from, toBlock: to }),
    )
    for (const { args, transactionHash } of logs) {
      const recorded = { root: args.root, jobs: args.jobs, l1Tx: transactionHash }
      for (const [at, job] of args.jobs.entries()) if (!byJob.has(job)) byJob.set(job, { recorded, at })
    }
    const settled = head - UNSETTLED_BLOCKS
    if (settled > next) next = settled
  }

  /** Its block may have been replaced since its event was read. */
  const isThere = async (root: Bytes32) => {
    const question = { address: registry, abi: abis.ProofRegistry, functionName: 'recordedAt' } as const
    return (await read('a record', client.readContract({ ...question, args: [root] }))) !== 0n
  }

  return {
    async find(jobs) {
      await catchUp()
      return Promise.all(
        jobs.map(async (job) => {
          const found = byJob.get(job)
          if (found === undefined) return null
          if (await isThere(found.recorded.root)) return recordOf(found.recorded, found.at)
          byJob.delete(job)
          return null
        }),
      )
    },
  }
}
