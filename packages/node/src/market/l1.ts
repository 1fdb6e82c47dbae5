import type { CommitmentState } from '@weft/chain'
import type {
  Address,
  Bytes32,
  Commitment,
  Evidence,
  Order,
  PayoutPath,
  Request,
  SignatureChecker,
} from '@weft/protocol'
import type { Account } from './terms.js'

/** A commitment of this prover's that L1 was shown a runner-up's proof against. */
export interface Accusation {
  /** Id. */
  readonly commitment: Bytes32
  readonly rescuer: Address
  /** Unix seconds until when the prover can answer. */
  readonly until: number
}

/** What a node asks the market's contracts. Errors of all: `l1_unavailable`. */
export interface NodeMarketReader extends SignatureChecker {
  accountOf(account: Address): Promise<Account>
  /** A request that was posted, with its money set aside; null for one that was not. */
  postedOf(request: Bytes32): Promise<{ readonly amountWei: bigint } | null>
  isNonceUsed(owner: Address, nonce: bigint): Promise<boolean>
  /** Money kept for entries that a settlement did not show; null for none. */
  heldOf(request: Bytes32): Promise<{ readonly claimHash: Bytes32; readonly amountWei: bigint } | null>
  /** What the prover can have collected. */
  earnedWei(prover: Address): Promise<bigint>
  /** What was collected for a tree's parallel merges. */
  sharedOf(claimsRoot: Bytes32): Promise<{ readonly collectedWei: bigint }>
  headBlock(): Promise<bigint>
  /** Requests that were paid in the blocks given, both included. */
  settledOrders(fromBlock: bigint, toBlock: bigint): Promise<readonly { readonly claimsRoot: Bytes32 }[]>
  /** Accusations of a prover in the blocks given, both included. */
  accusedCommitments(fromBlock: bigint, toBlock: bigint, prover: Address): Promise<readonly Accusation[]>
  commitmentState(commitment: Bytes32): Promise<CommitmentState>
}

/**
 * How a node takes part in the market on L1. What it sends resolves when it is confirmed; errors are the contracts'
 * own refusals, nothing sent, and `l1_unavailable`.
 */
export interface NodeMarketL1 {
  /** The market's contract. */
  readonly contract: Address
  readonly reader: NodeMarketReader
  /** Pays entries of the parallel merges of a tree into earnings. `id` names the call: twice is once. */
  withdrawShared(claimsRoot: Bytes32, entries: readonly PayoutPath[], id: string): Promise<unknown>
  /** Pays entries that the settlement of a request left out. */
  claim(order: Order): Promise<unknown>
  /** Moves earnings to the prover's account. */
  collect(prover: Address, id: string): Promise<unknown>
  /** Takes a commitment back before its deadline, for a small part of its collateral. */
  release(request: Request, commitment: Commitment): Promise<unknown>
  /** Clears a commitment by the prover's own proof. */
  defend(commitment: Commitment, own: Evidence): Promise<unknown>
}
