import { abis } from '@weft/contracts'
import type { Address } from '@weft/protocol'
import { encodeFunctionData, zeroAddress } from 'viem'
import type { Call } from '../../sender/index.js'
import type { MarketAddresses } from '../addresses.js'
import { approveCall } from './accounts.js'

/*
 * Stake of provers and of those who delegate to them.
 */

const abi = abis.Staking

/** Registers the sender as a prover; it keeps `commissionBps` hundredths of a percent of what it shares by stake. */
export const registerProverCall = (
  staking: Address,
  commissionBps: number,
  hotKey: Address | null,
): Call => ({
  id: `register:${staking}`,
  to: staking,
  data: encodeFunctionData({ abi, functionName: 'register', args: [commissionBps, hotKey ?? zeroAddress] }),
  valueWei: 0n,
})

/** Replaces the sender's hot key, or takes it away; the old one counts for a day longer. */
export const setHotKeyCall = (staking: Address, hotKey: Address | null, id: string): Call => ({
  id,
  to: staking,
  data: encodeFunctionData({ abi, functionName: 'setHotKey', args: [hotKey ?? zeroAddress] }),
  valueWei: 0n,
})

/** Stakes the sender's tokens with a prover: an approval, then the delegation. Each needs the one before confirmed. */
export const delegateCalls = (
  { token, staking }: Pick<MarketAddresses, 'token' | 'staking'>,
  prover: Address,
  amountWei: bigint,
  id: string,
): readonly Call[] => [
  approveCall(token, staking, amountWei, `${id}:approve`),
  {
    id: `${id}:delegate`,
    to: staking,
    data: encodeFunctionData({ abi, functionName: 'delegate', args: [prover, amountWei] }),
    valueWei: 0n,
  },
]

/** The same with ether, which is wrapped first. */
export const delegateEtherCalls = (
  addresses: Pick<MarketAddresses, 'token' | 'staking'>,
  prover: Address,
  amountWei: bigint,
  id: string,
): readonly Call[] => [
  {
    id: `${id}:wrap`,
    to: addresses.token,
    data: encodeFunctionData({ abi: abis.WrappedEther, functionName: 'deposit' }),
    valueWei: amountWei,
  },
  ...delegateCalls(addresses, prover, amountWei, id),
]

/** Starts to take the sender's stake out of a prover's; `shares` are counted by `sharesOf`. */
export const undelegateCall = (staking: Address, prover: Address, shares: bigint, id: string): Call => ({
  id,
  to: staking,
  data: encodeFunctionData({ abi, functionName: 'undelegate', args: [prover, shares] }),
  valueWei: 0n,
})

/** Sends what has left a prover's stake, after the unbonding delay. */
export const withdrawStakeCall = (staking: Address, prover: Address, to: Address, id: string): Call => ({
  id,
  to: staking,
  data: encodeFunctionData({ abi, functionName: 'withdrawStake', args: [prover, to] }),
  valueWei: 0n,
})
