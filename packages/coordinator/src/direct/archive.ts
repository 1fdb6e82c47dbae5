import { type Payouts, type RecordOpening, toWire } from '@weft/api'
import type { Job, Proof } from '@weft/plan'
import type { Bytes32, Claim } from '@weft/protocol'
import type * as tables from '../db/tables.js'
import type { Batch } from '../orders/batch.js'
import type { DirectRecord } from '../ports.js'

/** A proof that L1 has recorded, and whose it is. */
export interface Recorded {
  readonly batch: Batch
  readonly job: Job
  readonly proof: Proof
  readonly claim: Claim
  readonly record: DirectRecord
  readonly publicInputs: readonly Bytes32[]
}

export const recordOpeningOf = ({ job, proof, record, publicInputs }: Recorded): RecordOpening => ({
  kind: 'record',
  job: job.spec.id,
  root: record.root,
  index: BigInt(record.index),
  siblings: [...record.siblings],
  l1Tx: record.l1Tx,
  publicInputs: [...publicInputs],
  proof: proof.proof,
})

/** What its prover earned: a claim with one entry. */
export const recordPayout = (
  { batch, job, proof, claim, record }: Recorded,
  serial: number,
): tables.PayoutRow => {
  const { id, work } = job.spec
  const body: Payouts['claims'][number] = {
    claimsRoot: record.root,
    batch: batch.id,
    job: id,
    work: claim.work,
    payouts: claim.payouts,
    entries: [{ work, job: id, position: 0n, siblings: [] }],
  }
  const { prover } = proof
  return {
    id: `${record.root}/${id}/${prover}/0`,
    serial,
    prover,
    kind: 'claim',
    body_json: toWire(body),
  }
}
