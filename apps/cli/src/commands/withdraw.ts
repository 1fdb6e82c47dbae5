import { announceAccountWithdrawalCall, collectCall, withdrawAccountCall } from '@weft/chain'
import { WeftError } from '@weft/protocol'
import { parseEther } from 'viem'
import { z } from 'zod'
import { etherOf, timeOf } from '../format.js'
import { watchBy } from '../l1.js'
import { type Wallet, withWallet } from '../market.js'
import type { Output } from '../output.js'
import { systemClock } from '../runtime.js'
import { argument, switchable } from '../settings.js'
import { etherText, wallet } from '../settings-common.js'

export const withdrawSettings = z.object({
  amount: argument(
    z.union([z.literal('all'), etherText]).optional(),
    'ether to take out, or all; what is announced already, or else all, unless told',
  ),
  wait: switchable(true, 'wait for the withdrawal delay; without it, run the command again later'),
  ...wallet,
})
type WithdrawSettings = z.output<typeof withdrawSettings>

const POLL_MS = 1_000

/** Moves what the key has earned as a prover to its account. */
const collect = async ({ sender, reader, contracts, address, callId }: Wallet, output: Output) => {
  const earnedWei = await reader.earnedWei(address)
  if (earnedWei === 0n) return
  const { hash } = await sender.send(collectCall(contracts.market, address, await callId('collect')))
  output.event(
    { event: 'collected', account: address, amountWei: earnedWei, l1Tx: hash },
    `${etherOf(earnedWei)} of earnings collected by ${hash}`,
  )
}

/** Announces a withdrawal, unless the one that is asked for is announced. */
const announce = async (wallet: Wallet, amount: WithdrawSettings['amount'], output: Output) => {
  const { sender, reader, contracts, address, callId } = wallet
  const { balanceWei, leavingWei, leavingAt } = await reader.accountOf(address)
  if (leavingAt !== 0 && amount === undefined) return
  const wantedWei = amount === undefined || amount === 'all' ? balanceWei : parseEther(amount)
  if (wantedWei === 0n) {
    throw new WeftError('nothing_to_withdraw', `account ${address} has nothing that could be taken out`)
  }
  if (leavingAt !== 0 && leavingWei === wantedWei) return
  const id = await callId(`announce:${wantedWei}`)
  const { hash } = await sender.send(announceAccountWithdrawalCall(contracts.market, wantedWei, id))
  output.event(
    { event: 'announced', account: address, amountWei: wantedWei, l1Tx: hash },
    `${etherOf(wantedWei)} announced by ${hash}`,
  )
}

/** Whether L1 refused only because it is too early by its own clock. */
const isTooEarly = (error: unknown) => error instanceof WeftError && error.code === 'too_early'

/** Takes out what is announced, or null before its time. */
const take = async ({ sender, reader, contracts, address, callId }: Wallet, dueAt: number) => {
  const isDue = (await reader.headTimeS()) >= dueAt || systemClock.nowMs() >= dueAt * 1000
  if (!isDue) return null
  const id = await callId('withdraw')
  try {
    return (await sender.send(withdrawAccountCall(contracts.market, address, 'ether', id))).hash
  } catch (error) {
    if (isTooEarly(error)) return null
    throw error
  }
}

/** Collects earnings, announces, waits, and takes the ether out; goes on where an earlier run stopped. */
export const runWithdraw = (settings: WithdrawSettings, output: Output, signal: AbortSignal): Promise<void> =>
  withWallet(settings, watchBy(output, signal), async (wallet) => {
    const { reader, address } = wallet
    await collect(wallet, output)
    await announce(wallet, settings.amount, output)
    const { balanceWei, leavingWei, leavingAt } = await reader.accountOf(address)
    const dueAt = Math.max(leavingAt, await reader.suspendedUntil(address))
    // biome-ignore lint/complexity/useMathMinMax: Math knows no bigint
    const amountWei = leavingWei < balanceWei ? leavingWei : balanceWei
    let hash = await take(wallet, dueAt)
    if (hash === null) {
      const next = settings.wait ? 'waiting' : 'run `weft withdraw` again then'
      output.event(
        { event: 'leaving', account: address, amountWei, dueAt },
        `${etherOf(amountWei)} can leave at ${timeOf(dueAt)}: ${next}`,
      )
    }
    while (hash === null && settings.wait) {
      await systemClock.sleep(POLL_MS, signal)
      signal.throwIfAborted()
      hash = await take(wallet, dueAt)
    }
    if (hash === null) return
    const left = await reader.accountOf(address)
    output.event(
      { event: 'withdrawn', account: address, amountWei, balanceWei: left.balanceWei, l1Tx: hash },
      `${etherOf(amountWei)} taken out by ${hash}\naccount ${address} has ${etherOf(left.balanceWei)}`,
    )
  })
