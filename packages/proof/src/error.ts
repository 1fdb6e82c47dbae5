import { WeftError } from '@weft/protocol'

export type ProofErrorCode =
  | 'compile_failed'
  | 'bad_artifact'
  | 'bad_inputs'
  | 'bad_key'
  | 'unsatisfied'
  | 'memory_limit'
  | 'time_limit'
  | 'cancelled'
  | 'prover_crashed'
  | 'prover_unavailable'
  | 'setup_failed'

/**
 * A proof system's failure; `unsatisfied` and `bad_inputs` are the requester's, the rest the machine's. What makes a prover
 * end is `prover_crashed`; one that could not be started, or was ended by somebody else, is `prover_unavailable`, which says
 * nothing of the job.
 */
export class ProofError extends WeftError {
  override readonly name = 'ProofError'
  declare readonly code: ProofErrorCode
  constructor(
    code: ProofErrorCode,
    message: string,
    details: Readonly<Record<string, string | number | boolean | null>> = {},
    options?: { cause?: unknown },
  ) {
    super(code, message, details, options)
  }
}
