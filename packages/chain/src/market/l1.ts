import type {
  Address,
  Bytes32,
  Commitment,
  Evidence,
  Request,
  SignatureChecker,
  SignedCommitment,
} from '@weft/protocol'
import type { L1Client } from '../client.js'
import type { Sender } from '../sender/index.js'
import { type AttemptedRequest, accuseCall, convictCall, settleAttemptCall } from './calls/index.js'
import { type AccountState, type CommitmentState, type MarketContracts, marketReader } from './reader.js'
import { recoverSigner } from './signatures.js'

/**
 * What a matcher asks and tells L1: the coordinator's port. Errors of the questions: `l1_unavailable`, `l1_reverted`.
 */
export interface MarketL1 extends SignatureChecker {
  accountOf(account: Address): Promise<AccountState>
  /** All stake with a prover, in wei. */
  stakeOf(prover: Address): Promise<bigint>
  /** Whether a key signs for a prover: its own, or its hot key. */
  isKeyOf(prover: Address, key: Address): Promise<boolean>
  /** Whether a prover's own key or its hot key signed a digest. */
  isSignedForProver(prover: Address, digest: Bytes32, signature: string): Promise<boolean>
  /** Unix seconds; zero if it never was suspended. */
  suspendedUntil(prover: Address): Promise<number>
  isNonceUsed(owner: Address, nonce: bigint): Promise<boolean>
  commitmentState(commitment: Bytes32): Promise<CommitmentState>
  /** Unix seconds of the newest block. */
  headTimeS(): Promise<number>
  /** The randomness of the first block at or after `timeS`; null while there is none. */
  seedAfter(timeS: number): Promise<Bytes32 | null>
  /** How long a prover's own proof still clears it after its deadline, and how long it can answer an accusation. */
  defenceWindowS(): Promise<number>
  /**
   * Accuses the prover of `broken`; resolves with the transaction. Errors: those of `Sender.send`, `not_open` among them,
   * where somebody else was first.
   */
  accuse(
    request: Request,
    broken: SignedCommitment,
    rescue: SignedCommitment,
    evidence: Evidence,
  ): Promise<Bytes32>
  /** Convicts an accused prover that did not answer. Errors: those of `Sender.send`, `not_accused` among them. */
  convict(request: Request, commitment: Commitment): Promise<Bytes32>
  /**
   * Pays for attempts of a request whose inputs cannot be proven, by the request's matcher, and voids the request. Errors:
   * those of `Sender.send`, `nonce_used` among them, where it is paid for already.
   */
  payAttempts(payment: AttemptPayment): Promise<Bytes32>
}

/** Provers that tried a job of a request, and what each gets for it. */
export interface AttemptPayment extends Omit<AttemptedRequest, 'attempts'> {
  readonly attempts: readonly (SignedCommitment & { readonly feeWei: bigint })[]
}

export const createMarketL1 = (
  sender: Sender,
  { client, addresses }: { readonly client: L1Client; readonly addresses: MarketContracts },
): MarketL1 => {
  const reader = marketReader(client, addresses)
  const { defaults, market } = addresses
  return {
    isSignedBy: reader.isSignedBy,
    accountOf: reader.accountOf,
    stakeOf: async (prover) => (await reader.proverOf(prover)).stakedWei,
    isKeyOf: reader.isKeyOf,
    async isSignedForProver(prover, digest, signature) {
      const key = await recoverSigner(digest, signature)
      return key !== null && (key === prover || reader.isKeyOf(prover, key))
    },
    suspendedUntil: reader.suspendedUntil,
    isNonceUsed: reader.isNonceUsed,
    commitmentState: reader.commitmentState,
    headTimeS: reader.headTimeS,
    seedAfter: reader.seedAfter,
    defenceWindowS: async () => (await reader.delays()).defenceWindowS,
    accuse: async (...accusation) => (await sender.send(accuseCall(defaults, ...accusation))).hash,
    convict: async (request, commitment) =>
      (await sender.send(convictCall(defaults, request, commitment))).hash,
    async payAttempts({ attempts, ...payment }) {
      const signed = attempts.map(({ feeWei, ...committed }) => ({
        committed,
        feeWei,
        // The matcher's own transaction says as much as its signature.
        signature: '0x' as const,
      }))
      return (await sender.send(settleAttemptCall(market, { ...payment, attempts: signed }))).hash
    },
  }
}
