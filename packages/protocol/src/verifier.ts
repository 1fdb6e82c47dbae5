import { hashWords } from './hash.js'
import { type Address, type Bytes32, type Hex, uintToBytes32 } from './hex.js'

/**
 * How a verifier contract takes proofs, in the order of L1's numbers: (bytes, bytes32[]), or both as so many words. Nothing
 * in such words says how many public inputs there are: a function that ignores what follows the last takes more of them.
 */
export const TAKES = ['bytes', 'words'] as const
export type Takes = (typeof TAKES)[number]

/** How L1 calls a verifier contract. */
export interface VerifierCall {
  /** keccak-256 of the contract's runtime code (EIP-1052). */
  readonly codeHash: Bytes32
  /** 4 bytes. */
  readonly selector: Hex
  readonly takes: Takes
}

/** The key of all programs that a contract verifies by that call, as `ContractVerifiers` computes it. */
export const contractKeyHash = ({ codeHash, selector, takes }: VerifierCall): Bytes32 =>
  hashWords(codeHash, `0x${selector.slice(2).padEnd(64, '0')}`, uintToBytes32(BigInt(TAKES.indexOf(takes))))

/** How L1 verifies the proofs of a key. */
export type OnChainVerifier =
  /** By the contract for every Groth16 key, where the key's bytes are registered. */
  | { readonly kind: 'groth16' }
  /** By a contract of the key's own, made by this code, which anybody can deploy. */
  | (Omit<VerifierCall, 'codeHash'> & { readonly kind: 'contract'; readonly creationCode: Uint8Array })
  /** The same, by one that its operator has deployed. */
  | (Omit<VerifierCall, 'codeHash'> & { readonly kind: 'deployed'; readonly address: Address })
