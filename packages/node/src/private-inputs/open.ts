import { ApiError, type Job, type Lease, PRIVATE_INPUTS, readCapped } from '@weft/api'
import { ProofError } from '@weft/proof'
import { type Address, WeftError } from '@weft/protocol'
import { openInputs, sealedLength } from '@weft/sealing'
import type { Link } from '../coordinator/link.js'
import { downloadMs } from '../job/blobs.js'
import type { EncryptionKeys } from './keys.js'

/** Whether a job's inputs are sealed to its prover's node. */
export const isPrivate = (job: Job): boolean =>
  job.kind === 'segment' && job.segment.inputs === PRIVATE_INPUTS

/** Private inputs of leases; they are kept nowhere. */
export interface PrivateInputs {
  /** Errors: ProofError `bad_inputs` for what is not sealed to this node and for this lease's job and request. */
  open(lease: Lease, signal: AbortSignal): Promise<Uint8Array>
}

export interface PrivateInputsOptions {
  readonly link: Link
  readonly keys: EncryptionKeys
  readonly prover: Address
  readonly maxInputBytes: number
}

const badInputs = (message: string, cause?: unknown) => new ProofError('bad_inputs', message, {}, { cause })

export const createPrivateInputs = (options: PrivateInputsOptions): PrivateInputs => {
  const { link, keys, prover, maxInputBytes } = options
  const fetch = async ({ id }: Lease, signal: AbortSignal): Promise<Uint8Array> => {
    const maxBytes = sealedLength(maxInputBytes)
    try {
      return await link.ask(signal, downloadMs(maxBytes), async (api, limited) =>
        readCapped(await api.sealedInputs({ params: { id }, signal: limited }), maxBytes),
      )
    } catch (error) {
      if (error instanceof ApiError && error.code === 'unknown_blob') throw badInputs(error.message, error)
      throw error
    }
  }
  return {
    async open(lease, signal) {
      const { terms, job } = lease
      if (terms === undefined) throw badInputs('private inputs are for jobs of signed requests')
      const sealed = await fetch(lease, signal)
      try {
        return await openInputs(sealed, keys.pairs(), {
          request: terms.commitment.request,
          job: job.id,
          prover,
        })
      } catch (error) {
        if (error instanceof WeftError && error.code === 'cannot_open') throw badInputs(error.message, error)
        throw error
      }
    },
  }
}

/** The same failure without what it says: messages of compilers and assertions quote inputs. */
export const withoutInputs = (error: unknown): unknown => {
  const message = 'a job with private inputs failed; what it said is not kept, because it may quote them'
  if (error instanceof ProofError) return new ProofError(error.code, message)
  return error instanceof WeftError
    ? new WeftError(error.code, message)
    : new ProofError('prover_crashed', message)
}
