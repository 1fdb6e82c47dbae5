import { randomBytes } from 'node:crypto'
import { DEV_CHAIN_IDS, depositCall, settlementReader } from '@weft/chain'
import type { DeploymentFile } from '@weft/client'
import type { Address } from '@weft/protocol'
import type { Payment } from '@weft/sdk'
import { parseEther } from 'viem'
import type { z } from 'zod'
import type { L1 } from './l1.js'
import { type Wallet, walletOf } from './market.js'
import type { Output } from './output.js'
import { optionalEther, wei } from './settings-common.js'
import { fillAccount } from './standing.js'
import { priceSettings, priceTerms, timeSettings } from './terms.js'

/** How a rollup pays for its proofs. */
export const paymentSettings = {
  depositWei: wei(10n ** 17n, 'deposit for provers, filled up to this at the start; not on a market'),
  ...priceSettings,
  ...timeSettings,
  escrowEther: optionalEther(
    'the sequencer’s market account is filled up to this at the start; 1 on development chains, else 0',
  ),
} as const
type PaymentSettings = z.output<z.ZodObject<typeof paymentSettings>>

/** The rollup that pays. */
export interface Payer {
  readonly deployment: DeploymentFile
  readonly l1: L1
  readonly contract: Address
  readonly program: { readonly work: bigint }
}

/** Fills the deposit up. A second start with the same shortfall is another payment, hence the block in the id. */
const fillDeposit = async ({ deployment, l1, contract }: Payer, wantWei: bigint) => {
  const { settlement } = deployment
  const reader = settlementReader(l1.client, settlement)
  const { balanceWei } = await reader.deposit(contract)
  if (balanceWei >= wantWei) return
  const id = `deposit:${contract}:${await reader.headBlock()}`
  await l1.sender.send(depositCall(settlement, contract, wantWei - balanceWei, id))
}

/** Fills the sequencer's market account up, or says that it is empty. */
const fillEscrow = async (wallet: Wallet, wantWei: bigint, output: Output) => {
  const { address } = wallet
  if ((await fillAccount(wallet, wantWei, output)) > 0n) return
  output.event(
    { event: 'account_empty', account: address },
    `market account ${address} is empty, so nothing can be proven: run weft deposit AMOUNT --for ${address}, or give --escrow-ether`,
  )
}

/**
 * Says how a rollup pays, after it made sure that it can: from a market account where the deployment has a market, else
 * from its contract's deposit. Errors: those of the sender and the readers.
 */
export const preparePayment = async (
  settings: PaymentSettings,
  payer: Payer,
  output: Output,
): Promise<Payment> => {
  const { deployment, l1, contract, program } = payer
  if (deployment.market === undefined) {
    await fillDeposit(payer, settings.depositWei)
    return { kind: 'deposit', tenant: contract }
  }
  const { offerWithinMs, proveWithinMs } = settings
  const fallback = DEV_CHAIN_IDS.includes(deployment.chainId) ? '1' : '0'
  await fillEscrow(walletOf(l1, deployment), parseEther(settings.escrowEther ?? fallback), output)
  return {
    kind: 'market',
    market: deployment.market.market,
    terms: { ...priceTerms(settings, program.work), offerWithinMs, proveWithinMs },
    random: { bytes: (count) => randomBytes(count) },
  }
}
