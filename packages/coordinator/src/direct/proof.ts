import { type DirectSystem, decodeDirectProof, type VerificationKey } from '@weft/proof'
import { publicInputsHash, type Statement } from '@weft/protocol'

/** Whether bytes are a proof of a statement that nothing merges. Errors: the verifier's own failures. */
export const isDirectProof = async (
  system: DirectSystem,
  key: VerificationKey,
  { data }: Statement,
  bytes: Uint8Array,
): Promise<boolean> => {
  const proof = decodeDirectProof(bytes)
  return proof !== null && publicInputsHash(proof.publicInputs) === data && (await system.verify(key, proof))
}
