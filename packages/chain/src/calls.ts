import { abis } from '@weft/contracts'
import {
  type Address,
  type Bytes32,
  bytesToHex,
  type Claim,
  type ClaimPath,
  claimHash,
  type Hex,
  type Parallel,
  type PayoutPath,
  type Sequence,
  toAddress,
} from '@weft/protocol'
import { encodeFunctionData } from 'viem'
import type { Call } from './sender/index.js'

/*
 * What Weft sends to its contracts. Ids are made of what must not happen twice, so that a caller that lost count can
 * ask again: the sender finds the first call. Where doing it twice is meant, the id is the caller's.
 */

/** The claims root that settling a proof records. */
export const claimsRootOfProof = (root: Parallel | Sequence): Bytes32 =>
  root.kind === 'parallel' ? root.claims : claimHash(root)

/** Verifies an aggregate's proof and records its claims. */
export const settleCall = (settlement: Address, root: Parallel | Sequence, proof: Uint8Array): Call => ({
  id: `settle:${settlement}:${claimsRootOfProof(root)}`,
  to: settlement,
  data:
    root.kind === 'parallel'
      ? encodeFunctionData({ abi: abis.Settlement, functionName: 'settle', args: [bytesToHex(proof), root] })
      : encodeFunctionData({
          abi: abis.Settlement,
          functionName: 'settleSequence',
          args: [bytesToHex(proof), root],
        }),
  valueWei: 0n,
})

/** Adds to a tenant's deposit. */
export const depositCall = (settlement: Address, tenant: Address, amountWei: bigint, id: string): Call => ({
  id,
  to: settlement,
  data: encodeFunctionData({ abi: abis.Settlement, functionName: 'deposit', args: [tenant] }),
  valueWei: amountWei,
})

/** Opens a claim in a payments rollup's name and moves its state; `transfers` are its 64-byte records. */
export const advanceCall = (rollup: Address, claim: Claim, path: ClaimPath, transfers: Hex): Call => ({
  id: `advance:${rollup}:${claimHash(claim)}`,
  to: rollup,
  data: encodeFunctionData({
    abi: abis.PaymentsRollup,
    functionName: 'advance',
    args: [claim, path.index, path.siblings, transfers],
  }),
  valueWei: 0n,
})

/** First step of a payments rollup's sequencer to take the rollup's deposit out. */
export const announceWithdrawalCall = (rollup: Address, amountWei: bigint, id: string): Call => ({
  id,
  to: rollup,
  data: encodeFunctionData({
    abi: abis.PaymentsRollup,
    functionName: 'announceWithdrawal',
    args: [amountWei],
  }),
  valueWei: 0n,
})

/** Second step, after the settlement's delay. */
export const withdrawDepositCall = (rollup: Address, to: Address, id: string): Call => ({
  id,
  to: rollup,
  data: encodeFunctionData({ abi: abis.PaymentsRollup, functionName: 'withdrawDeposit', args: [to] }),
  valueWei: 0n,
})

/** A claim as payouts name it: the preimage of its hash. */
export interface PaidClaim {
  readonly job: Bytes32
  readonly work: bigint
  readonly payouts: Bytes32
}

/** Pays entries of a claim that a tenant opened. A claim's pool is filled at once: each entry is paid once. */
export const withdrawCall = (
  settlement: Address,
  tenant: Address,
  claim: PaidClaim,
  entries: readonly PayoutPath[],
  id: string,
): Call => ({
  id,
  to: settlement,
  data: encodeFunctionData({
    abi: abis.Settlement,
    functionName: 'withdraw',
    args: [tenant, claim.job, claim.work, claim.payouts, entries],
  }),
  valueWei: 0n,
})

/** Pays what entries of parallel merges have coming; the pool grows with every opening. */
export const withdrawSharedCall = (
  settlement: Address,
  claimsRoot: Bytes32,
  entries: readonly PayoutPath[],
  id: string,
): Call => ({
  id,
  to: settlement,
  data: encodeFunctionData({
    abi: abis.Settlement,
    functionName: 'withdrawShared',
    args: [claimsRoot, entries],
  }),
  valueWei: 0n,
})

/** Sends what the sender's address was credited, where a payment to it failed, to another. */
export const collectCreditCall = (settlement: Address, to: Address, id: string): Call => ({
  id,
  to: settlement,
  data: encodeFunctionData({ abi: abis.Settlement, functionName: 'collectCredit', args: [toAddress(to)] }),
  valueWei: 0n,
})
