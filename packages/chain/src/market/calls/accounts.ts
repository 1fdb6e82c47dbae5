import { abis } from '@weft/contracts'
import type { Address, Hex } from '@weft/protocol'
import { encodeFunctionData, parseSignature } from 'viem'
import type { Call } from '../../sender/index.js'

/*
 * Money in and out of a market's accounts. All of it may be done again, so all ids are the caller's.
 */

const abi = abis.Market

/** Adds ether to anybody's account; the market's token has to be wrapped ether. */
export const depositEtherCall = (market: Address, account: Address, amountWei: bigint, id: string): Call => ({
  id,
  to: market,
  data: encodeFunctionData({ abi, functionName: 'depositEther', args: [account] }),
  valueWei: amountWei,
})

/** Lets a spender (a market, or its staking) take the sender's tokens. */
export const approveCall = (token: Address, spender: Address, amountWei: bigint, id: string): Call => ({
  id,
  to: token,
  data: encodeFunctionData({
    abi: abis.WrappedEther,
    functionName: 'approve',
    args: [spender, amountWei],
  }),
  valueWei: 0n,
})

/** Adds tokens that the sender has approved to anybody's account. */
export const depositTokensCall = (
  market: Address,
  account: Address,
  amountWei: bigint,
  id: string,
): Call => ({
  id,
  to: market,
  data: encodeFunctionData({ abi, functionName: 'deposit', args: [account, amountWei] }),
  valueWei: 0n,
})

/** An ERC-2612 permit of the sender's for the market. */
export interface Permit {
  /** Unix seconds. */
  readonly deadline: number
  /** 65 bytes. */
  readonly signature: Hex
}

/** The same with a permit instead of an approval beforehand. */
export const depositWithPermitCall = (
  market: Address,
  account: Address,
  amountWei: bigint,
  permit: Permit,
  id: string,
): Call => {
  const { r, s, yParity } = parseSignature(permit.signature)
  return {
    id,
    to: market,
    data: encodeFunctionData({
      abi,
      functionName: 'depositWithPermit',
      args: [account, amountWei, BigInt(permit.deadline), 27 + yParity, r, s],
    }),
    valueWei: 0n,
  }
}

/** First step to take money out of the sender's account; starts the delay anew. */
export const announceAccountWithdrawalCall = (market: Address, amountWei: bigint, id: string): Call => ({
  id,
  to: market,
  data: encodeFunctionData({ abi, functionName: 'announceWithdrawal', args: [amountWei] }),
  valueWei: 0n,
})

/** Second step, after the delay: as tokens, or as ether where the token wraps it. */
export const withdrawAccountCall = (
  market: Address,
  to: Address,
  as: 'tokens' | 'ether',
  id: string,
): Call => ({
  id,
  to: market,
  data: encodeFunctionData({
    abi,
    functionName: as === 'ether' ? 'withdrawEther' : 'withdraw',
    args: [to],
  }),
  valueWei: 0n,
})
