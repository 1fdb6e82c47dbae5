import { type Bytes32, WeftError } from '@weft/protocol'
import type { JournalRecord } from '../journal/index.js'
import { decodeTransfer, type SignedTransfer, type State, stateRoot, withKey } from '../state/index.js'
import { executeBatch, replayBatch } from './batch.js'
import { makeBlock } from './block.js'
import type { Chain } from './chain.js'
import type { Mempool } from './mempool.js'
import type { Pending } from './pipeline.js'

type RecordOf<K extends JournalRecord['kind']> = Extract<JournalRecord, { kind: K }>

/** What the records lead to; starts from the genesis. */
export interface Replayed {
  readonly state: State
  readonly chain: Chain
  readonly pool: Mempool
}

const damaged = (message: string, number: number) =>
  new WeftError('journal_diverged', `${message}: restore the folder from a copy`, { batch: number })

const byNumber = <R extends { number: number }>(records: readonly R[]): Map<number, R> =>
  new Map(records.map((record) => [record.number, record]))

/**
 * Plays a journal again, in its order. History that is final is executed without hashing, and its recorded root is
 * compared once, at its end. Gives the batches that are not final, in order. Throws a WeftError `journal_diverged`.
 */
export const replay = (
  records: readonly JournalRecord[],
  { state, chain, pool }: Replayed,
  segmentSize: number,
): Pending[] => {
  const proven = byNumber(records.filter((r): r is RecordOf<'proven'> => r.kind === 'proven'))
  const finals = byNumber(records.filter((r): r is RecordOf<'final'> => r.kind === 'final'))
  const known = new Map<Bytes32, SignedTransfer>()
  const pending: Pending[] = []

  const transfersOf = ({ number, hashes }: RecordOf<'batch'>): SignedTransfer[] =>
    hashes.map((hash) => {
      const transfer = known.get(hash)
      if (transfer === undefined)
        throw damaged(`batch ${number} has a transaction that was never accepted`, number)
      known.delete(hash)
      return transfer
    })

  const execute = (number: number, transfers: readonly SignedTransfer[]): Bytes32 => {
    const final = finals.get(number)
    if (final !== undefined) {
      replayBatch(state, transfers, segmentSize)
      if (!finals.has(number + 1) && stateRoot(state) !== final.post) {
        throw damaged(`batch ${number} does not lead to its recorded state root`, number)
      }
      return final.post
    }
    const batch = executeBatch(state, number, transfers, segmentSize)
    const known = proven.get(number)
    pending.push(known ? { stage: 'proven', batch, proven: known.proven } : { stage: 'included', batch })
    return batch.post
  }

  const close = (record: RecordOf<'batch'>) => {
    const { number, atMs } = record
    if (number !== chain.head.number + 1)
      throw damaged(`batch ${number} follows ${chain.head.number}`, number)
    const transfers = transfersOf(record)
    const root = execute(number, transfers)
    chain.add(makeBlock(chain.head, { atMs, stateRoot: root, transfers }, state.config))
    for (const from of new Set(transfers.map((transfer) => transfer.from))) pool.prune(from)
  }

  for (const record of records) {
    if (record.kind === 'transfer') {
      const transfer = withKey(decodeTransfer(record.raw), record.publicKey)
      known.set(transfer.hash, transfer)
      pool.put(transfer)
    } else if (record.kind === 'batch') close(record)
    else if (record.kind === 'proven') chain.markProven(record.number)
    else if (record.kind === 'final') chain.markFinal(record.number, record.l1Tx)
  }
  return pending
}
