import { ProofError } from '@weft/proof'
import type { Abi } from './abi.js'

/** `Claim` of the Noir library's module `program`, under whatever name the program depends on the library. */
const CLAIM = /^[A-Za-z_]\w*::program::Claim$/

/**
 * Whether a program speaks the claim interface: main returns the library's `Claim`, publicly, and makes nothing else
 * public; it has a private parameter `prover: Field`. The type only tells loaders what the author means. What a
 * proof counts for is its public field alone, which has to be the hash of the claim that is asked for.
 * Errors: `bad_artifact` for a program that returns a claim and lacks the rest.
 */
export const speaksClaims = ({ parameters, return_type }: Abi): boolean => {
  const type = return_type?.abi_type
  if (type?.kind !== 'struct' || !CLAIM.test(type.path)) return false
  const [field, ...others] = type.fields
  if (field?.type.kind !== 'field' || others.length > 0) return false
  if (return_type?.visibility !== 'public' || parameters.some(({ visibility }) => visibility === 'public'))
    throw new ProofError(
      'bad_artifact',
      'main returns a Claim and makes something else public: claim a hash of it',
    )
  if (parameters.some(({ name, type: { kind } }) => name === 'prover' && kind === 'field')) return true
  throw new ProofError('bad_artifact', 'main returns a Claim and has no parameter prover: Field: add it')
}
