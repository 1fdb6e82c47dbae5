import { abis } from '@weft/contracts'
import {
  type Address,
  type Bytes32,
  bytesToHex,
  type Hex,
  hashWords,
  type Order,
  type Parallel,
  type PayoutPath,
  REQUEST,
  type Request,
  type Sequence,
  type SignedAttempt,
  structHash,
  uintToBytes32,
  WeftError,
} from '@weft/protocol'
import { encodeFunctionData } from 'viem'
import { claimsRootOfProof } from '../../calls.js'
import type { Call } from '../../sender/index.js'

/*
 * Payments of a market. A request is paid for, posted and reclaimed once, so ids are made of requests; where doing it
 * again is meant, the id is the caller's.
 */

const abi = abis.Market

const keyOf = (request: Request): Bytes32 => structHash(REQUEST, request)

/** The claims of a root proof and the orders to pay from it. */
export interface Payment {
  /** Hashes of all claims in order: the leaves of the root's tree. */
  readonly claims: readonly Bytes32[]
  /** Ascending by place, one for a claim: whoever has another for the same claim uses `settleRecordedCall`. */
  readonly orders: readonly Order[]
}

/** The one order of a root proof of one claim. */
const onlyOrder = (orders: readonly Order[]): Order => {
  const [order] = orders
  if (order === undefined || orders.length > 1) {
    throw new WeftError(
      'one_order_needed',
      `a root proof of one claim is settled with one order, not ${orders.length}: pay for others once it is recorded`,
      { orders: orders.length },
    )
  }
  return order
}

/**
 * Verifies a root proof, unless it is recorded already, and pays for the orders in it. Throws `one_order_needed` for a
 * sequence with none or several.
 */
export const settleMarketCall = (
  market: Address,
  root: Parallel | Sequence,
  proof: Uint8Array,
  { claims, orders }: Payment,
): Call => ({
  id: `settle:${market}:${claimsRootOfProof(root)}:${hashWords(...orders.map(({ request }) => keyOf(request)))}`,
  to: market,
  data:
    root.kind === 'parallel'
      ? encodeFunctionData({ abi, functionName: 'settle', args: [bytesToHex(proof), root, claims, orders] })
      : encodeFunctionData({
          abi,
          functionName: 'settleSequence',
          args: [bytesToHex(proof), root, onlyOrder(orders)],
        }),
  valueWei: 0n,
})

/** Pays for one order of a recorded root; its place is the index of the path that `siblings` belong to. */
export const settleRecordedCall = (market: Address, order: Order, siblings: readonly Bytes32[]): Call => ({
  id: `settleRecorded:${market}:${keyOf(order.request)}`,
  to: market,
  data: encodeFunctionData({ abi, functionName: 'settleRecorded', args: [order, siblings] }),
  valueWei: 0n,
})

/** Pays the order's entries from what is held for them: its settlement did not show them. */
export const claimHeldCall = (market: Address, order: Order): Call => ({
  id: `claim:${market}:${hashWords(keyOf(order.request), ...order.entries.map(({ path }) => uintToBytes32(path.position)))}`,
  to: market,
  data: encodeFunctionData({ abi, functionName: 'claim', args: [order] }),
  valueWei: 0n,
})

/** Returns what is still held, after the claim window, to the request's owner. */
export const returnHeldCall = (market: Address, request: Request): Call => ({
  id: `returnHeld:${market}:${keyOf(request)}`,
  to: market,
  data: encodeFunctionData({ abi, functionName: 'returnHeld', args: [request] }),
  valueWei: 0n,
})

/** Pays what entries of parallel merges have coming; it grows with every order paid from the tree. */
export const withdrawMarketSharedCall = (
  market: Address,
  claimsRoot: Bytes32,
  entries: readonly PayoutPath[],
  id: string,
): Call => ({
  id,
  to: market,
  data: encodeFunctionData({ abi, functionName: 'withdrawShared', args: [claimsRoot, entries] }),
  valueWei: 0n,
})

/** Moves a prover's earnings to its account, and to those who stake with it. */
export const collectCall = (market: Address, prover: Address, id: string): Call => ({
  id,
  to: market,
  data: encodeFunctionData({ abi, functionName: 'collect', args: [prover] }),
  valueWei: 0n,
})

/** What a request costs whose inputs cannot be proven: fees for its attempts. */
export interface AttemptedRequest {
  readonly request: Request
  readonly signature: Hex
  /** What `request.allowedProvers` is the hash of; empty if that is zero. */
  readonly allowed: readonly Address[]
  /** One for a prover, in any order. */
  readonly attempts: readonly SignedAttempt[]
}

/** Pays provers for attempts of a request, which is void from then on. */
export const settleAttemptCall = (
  market: Address,
  { request, signature, allowed, attempts }: AttemptedRequest,
): Call => ({
  id: `settleAttempt:${market}:${keyOf(request)}`,
  to: market,
  data: encodeFunctionData({
    abi,
    functionName: 'settleAttempt',
    args: [
      request,
      signature,
      allowed,
      attempts.toSorted((a, b) => (a.committed.commitment.prover < b.committed.commitment.prover ? -1 : 1)),
    ],
  }),
  valueWei: 0n,
})

/** Puts a request on L1, with its maximum total; only for its owner. */
export const postCall = (market: Address, request: Request): Call => ({
  id: `post:${market}:${keyOf(request)}`,
  to: market,
  data: encodeFunctionData({ abi, functionName: 'post', args: [request] }),
  valueWei: 0n,
})

/** Takes back the money of a posted request that has expired. */
export const reclaimCall = (market: Address, request: Request): Call => ({
  id: `reclaim:${market}:${keyOf(request)}`,
  to: market,
  data: encodeFunctionData({ abi, functionName: 'reclaim', args: [request] }),
  valueWei: 0n,
})
