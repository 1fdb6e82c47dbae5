import { delegateEtherCalls, depositEtherCall, registerProverCall } from '@weft/chain'
import { etherOf } from './format.js'
import type { Wallet } from './market.js'
import type { Output } from './output.js'

/** What a prover keeps before its delegators get their part, in hundredths of a percent; `weft stake` as well. */
export const USUAL_COMMISSION_BPS = 500

/**
 * Fills the key's market account up to so much; what is leaving it backs nothing new. Resolves with what it has. Errors:
 * those of the sender and the reader.
 */
export const fillAccount = async (
  { contracts, reader, sender, address, callId }: Wallet,
  wantWei: bigint,
  output: Output,
): Promise<bigint> => {
  const { balanceWei, leavingWei } = await reader.accountOf(address)
  const hasWei = balanceWei - leavingWei
  if (hasWei >= wantWei) return hasWei
  const id = await callId(`account:${wantWei - hasWei}`)
  await sender.send(depositEtherCall(contracts.market, address, wantWei - hasWei, id))
  output.event(
    { event: 'account', account: address, amountWei: wantWei },
    `market account ${address} filled up to ${etherOf(wantWei)}`,
  )
  return wantWei
}

/** Registers the key as a prover and fills its stake up to so much. Errors: those of the sender and the reader. */
export const fillStake = async (
  { contracts, reader, sender, address, callId }: Wallet,
  wantWei: bigint,
  output: Output,
): Promise<void> => {
  const { registered, stakedWei } = await reader.proverOf(address)
  if (stakedWei >= wantWei) return
  if (!registered) await sender.send(registerProverCall(contracts.staking, USUAL_COMMISSION_BPS, null))
  const id = await callId(`stake:${address}:${wantWei - stakedWei}`)
  for (const call of delegateEtherCalls(contracts, address, wantWei - stakedWei, id)) await sender.send(call)
  output.event(
    { event: 'staked', prover: address, amountWei: wantWei - stakedWei },
    `prover ${address} has staked ${etherOf(wantWei)}`,
  )
}
