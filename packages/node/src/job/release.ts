import type { ReleaseReason } from '@weft/api'
import { ProofError } from '@weft/proof'
import { Declined } from '../market/terms.js'

/**
 * What a failure says to the coordinator. Only what is wrong with the job itself blames the requester; everything else,
 * a coordinator that gives wrong bytes included, is nobody's fault there.
 */
export const releaseReason = (error: unknown, isStopping: boolean): ReleaseReason => {
  if (isStopping) return 'shutdown'
  if (error instanceof Declined) return 'declined'
  if (!(error instanceof ProofError)) return 'prover_crashed'
  switch (error.code) {
    case 'unsatisfied':
    case 'memory_limit':
    case 'time_limit':
      return error.code
    case 'bad_inputs':
    case 'bad_artifact':
    case 'bad_key':
      return 'bad_inputs'
    default:
      return 'prover_crashed'
  }
}
