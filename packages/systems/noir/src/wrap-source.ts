import type { Bytes32 } from '@weft/protocol'
import { KEY_FIELDS, PROOF_FIELDS, ZK_PROOF_FIELDS } from './merge-inputs.js'

/** What a wrapper is made for. */
export interface WrapperSpec {
  /** The hash of the inner program's recursive key. */
  readonly keyHash: Bytes32
  /** Number of the inner program's public inputs. */
  readonly publicInputs: number
  /** Whether the inner proofs are made with zero knowledge. */
  readonly zk: boolean
  /** What the claim declares, in gates. */
  readonly work: bigint
}

/** Proof types of `std::verify_proof_with_type`. */
const HONK = 0
const HONK_ZK = 6

/**
 * A program that verifies a proof of the inner program and claims its public inputs. The inner key's hash and the
 * work are constants, so that the wrapper's own key says which program it wraps and what it is paid.
 */
export const wrapperSource = ({ keyHash, publicInputs, zk, work }: WrapperSpec): string => {
  // Noir allows no empty parameter.
  const isEmpty = publicInputs === 0
  const type = `[Field; ${publicInputs}]`
  return `\
use weft::program::{Claim, hash_fields};

global KEY_HASH: Field = ${keyHash};
global WORK: u64 = ${work};

fn main(
    key: [Field; ${KEY_FIELDS}],
    proof: [Field; ${zk ? ZK_PROOF_FIELDS : PROOF_FIELDS}],
    ${isEmpty ? '' : `public_inputs: ${type},`}
    prover: Field,
) -> pub Claim {
    ${isEmpty ? `let public_inputs: ${type} = [];` : ''}
    // The key is checked against its hash in here.
    std::verify_proof_with_type(key, proof, public_inputs, KEY_HASH, ${zk ? HONK_ZK : HONK});
    Claim::stateless(hash_fields(public_inputs), prover, WORK)
}
`
}
