import type { JobKey, Proof } from '@weft/plan'
import type { Context } from './context.js'
import * as tables from './db/tables.js'

/** Proofs of these jobs that were taken before and are still stored: content-addressed, they need no new lease. */
export const knownProofs = async (context: Context, keys: readonly JobKey[]): Promise<Map<JobKey, Proof>> => {
  const rows = await context.journal.select(
    tables.proofs,
    'job in (select json_array_elements_text($1::json))',
    JSON.stringify(keys),
  )
  const known = new Map<JobKey, Proof>()
  for (const { job, prover, proof, lease, started_ms: startedMs, proven_ms: provenMs } of rows) {
    if (context.deps.blobs.has(proof)) known.set(job, { prover, proof, lease, startedMs, provenMs })
  }
  return known
}
