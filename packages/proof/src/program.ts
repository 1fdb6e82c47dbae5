import type { Bytes32 } from '@weft/protocol'
import type { Artifact, VerificationKey } from './system.js'

/** A program as the network knows it. */
export interface Program {
  readonly id: Bytes32
  readonly name: string
  readonly artifact: Artifact
  /** Its key for proofs that are merged further. */
  readonly key: VerificationKey
  readonly gates: number
  /** Work of one proof, in gates, as the program declares it in its claim. */
  readonly work: bigint
}

/** The merge program: the only one that also has a key for Ethereum. */
export interface MergeProgram extends Program {
  readonly evmKey: VerificationKey
}
