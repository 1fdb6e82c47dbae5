import type { RootClaim } from '@weft/api'
import type {
  Address,
  Bytes32,
  Commitment,
  Evidence,
  Hex,
  OnChainVerifier,
  Order,
  Request,
  SignatureChecker,
  SignedCommitment,
} from '@weft/protocol'

/** Time, as the coordinator is given it. */
export interface Clock {
  /** Milliseconds since 1970. */
  nowMs(): number
  /** Calls back once; the returned function cancels it. */
  after(ms: number, callback: () => void): () => void
}

export interface Random {
  /** Unpredictable: tokens and lease ids are made of it. */
  bytes(length: number): Uint8Array
}

/** The part of pino's Logger that is used. */
export interface Logger {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** What L1 says of tenants. */
export interface Tenants {
  /** Who signs for a tenant. Errors: WeftError `not_a_tenant`, `l1_unavailable`. */
  sequencerOf(tenant: Address): Promise<Address>
  /** Whether the tenant's deposit covers work, in gates. Errors: WeftError `l1_unavailable`. */
  fundsFor(
    tenant: Address,
    program: Bytes32,
    work: bigint,
  ): Promise<{ readonly covered: boolean; readonly availableWei: bigint; readonly neededWei: bigint }>
}

/** What a market pays with the settlement of a proof: hashes of all its claims in order, and the orders among them. */
export interface Payment {
  readonly claims: readonly Bytes32[]
  readonly orders: readonly Order[]
}

/** Settles aggregates on L1. */
export interface Settler {
  /** Resolves with the transaction that recorded the claims; asked again, it is the same transaction. */
  settle(root: RootClaim, proof: Uint8Array, payment?: Payment): Promise<Bytes32>
  /** The transaction that recorded a claims root, and paid what there is to pay; null if none did. */
  isSettled(claimsRoot: Bytes32, payment?: Payment): Promise<Bytes32 | null>
  /** Why what was asked of L1, by this port or another, waits in it; null while it does not. */
  waits(): string | null
  /** Requests that a transaction passed over, with L1's reasons. Only a market's settler has it. */
  skippedBy?(l1Tx: Bytes32): Promise<readonly { readonly request: Bytes32; readonly reason: string }[]>
}

/** Where a job is recorded in the registry on L1. */
export interface DirectRecord {
  /** Of the tree of all jobs that were recorded together; of one alone, the job. */
  readonly root: Bytes32
  readonly index: number
  readonly siblings: readonly Bytes32[]
  /** The transaction that recorded it. */
  readonly l1Tx: Bytes32
}

/** A proof that nothing merges, with all that L1 needs to verify it. */
export interface DeliverableProof {
  /** The proof system and the key's hash, as in the program's id. */
  readonly system: Bytes32
  readonly key: Bytes32
  readonly keyBytes: Uint8Array
  readonly verifier: OnChainVerifier
  readonly publicInputs: readonly Bytes32[]
  readonly proof: Uint8Array
  readonly job: Bytes32
}

/** Delivers proofs that nothing merges. Errors of all: WeftError `l1_unavailable`, what L1 says to it. */
export interface DirectSettler {
  /**
   * Records proofs, several of one system in one transaction, and first whatever their keys need on L1. What is recorded
   * already is not sent again. An error whose details have a `job` is that proof's alone.
   */
  record(proofs: readonly DeliverableProof[]): Promise<readonly DirectRecord[]>
  /** Pays provers; resolves with the transaction. Orders that have become impossible are skipped, see `skippedBy`. */
  pay(orders: readonly { readonly order: Order; readonly record: DirectRecord }[]): Promise<Bytes32>
}

/** Provers that tried in vain to prove a job of a request, and what each gets for it. */
export interface AttemptPayment {
  readonly request: Request
  /** The request's. */
  readonly signature: Hex
  /** What `request.allowedProvers` is the hash of. */
  readonly allowed: readonly Address[]
  /** Ascending by prover. */
  readonly attempts: readonly (SignedCommitment & { readonly feeWei: bigint })[]
}

export type CommitmentState = 'open' | 'released' | 'defended' | 'accused' | 'defaulted'

/** What a market's coordinator asks of L1. Errors of all: WeftError `l1_unavailable`. */
export interface MarketL1 extends SignatureChecker {
  accountOf(account: Address): Promise<{ readonly balanceWei: bigint; readonly leavingWei: bigint }>
  /** Whether a key signs for a prover: its own, or its hot key. */
  isKeyOf(prover: Address, key: Address): Promise<boolean>
  /** Whether a prover's own key or its hot key signed a digest. */
  isSignedForProver(prover: Address, digest: Bytes32, signature: string): Promise<boolean>
  /** A prover's whole stake. */
  stakeOf(prover: Address): Promise<bigint>
  /** Unix seconds until which defaults keep a prover's money; 0 for never. */
  suspendedUntil(prover: Address): Promise<number>
  isNonceUsed(owner: Address, nonce: bigint): Promise<boolean>
  /** Randomness of the first block at or after a time in Unix seconds; null while there is none. */
  seedAfter(timeS: number): Promise<Bytes32 | null>
  /** How long an accused prover has to answer, in seconds. */
  defenceWindowS(): Promise<number>
  commitmentState(id: Bytes32): Promise<CommitmentState>
  /** Resolve with the transaction. Errors also: what L1 says to it, as the sender names it. */
  accuse(
    request: Request,
    broken: SignedCommitment,
    rescue: SignedCommitment,
    evidence: Evidence,
  ): Promise<Bytes32>
  convict(request: Request, commitment: Commitment): Promise<Bytes32>
  /** Pays for attempts, and voids their request by that. */
  payAttempts(payment: AttemptPayment): Promise<Bytes32>
}

/** The key that signs commitments and seals the market's log. */
export interface Matcher {
  readonly address: Address
  /** Signs a digest: 65 bytes of r, s, v. */
  sign(digest: Bytes32): Promise<Hex>
}

/** The system's own clock, for composition roots. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms)
    return () => clearTimeout(timer)
  },
}
