import { depositEtherCall } from '@weft/chain'
import { parseEther } from 'viem'
import { z } from 'zod'
import { etherOf } from '../format.js'
import { watchBy } from '../l1.js'
import { withWallet } from '../market.js'
import type { Output } from '../output.js'
import { argument, setting } from '../settings.js'
import { addressText, etherText, wallet } from '../settings-common.js'

export const depositSettings = z.object({
  amount: argument(etherText, 'ether to pay in'),
  for: setting(addressText.optional(), 'whose account; the key’s own unless told'),
  ...wallet,
})

/** Pays ether into a market account: a prover's collateral, or what a requester's proofs are paid from. */
export const runDeposit = (
  settings: z.output<typeof depositSettings>,
  output: Output,
  signal: AbortSignal,
): Promise<void> =>
  withWallet(settings, watchBy(output, signal), async ({ sender, reader, contracts, address, callId }) => {
    const account = settings.for ?? address
    const amountWei = parseEther(settings.amount)
    const id = await callId(`deposit:${account}:${amountWei}`)
    const { hash } = await sender.send(depositEtherCall(contracts.market, account, amountWei, id))
    const { balanceWei, leavingWei } = await reader.accountOf(account)
    output.event(
      { event: 'deposited', account, amountWei, balanceWei, leavingWei, l1Tx: hash },
      `${etherOf(amountWei)} paid in by ${hash}\naccount ${account} has ${etherOf(balanceWei)}`,
    )
  })
