import type { Account } from './accounts.js'
import { TransferRefused } from './refusal.js'
import type { RollupConfig } from './state.js'
import type { Transfer } from './transfer.js'

/** Gas of a plain transfer (yellow paper, G_transaction). */
export const TRANSFER_GAS = 21_000n

type Fees = Pick<Transfer, 'maxFeeWeiPerGas' | 'maxPriorityFeeWeiPerGas'>

/** What a unit of gas costs the sender (EIP-1559). */
export const gasPriceWei = (fees: Fees, { baseFeeWeiPerGas }: RollupConfig): bigint => {
  const withTip = baseFeeWeiPerGas + fees.maxPriorityFeeWeiPerGas
  if (withTip > fees.maxFeeWeiPerGas) return fees.maxFeeWeiPerGas
  return withTip
}

/** What the sender pays the sequencer: exactly 21,000 gas. Below 2^79, as prices are below 2^64. */
export const feeWei = (fees: Fees, config: RollupConfig): bigint => TRANSFER_GAS * gasPriceWei(fees, config)

/** The most that a transfer can cost its sender: what Ethereum asks the sender to hold. */
export const maxCostWei = (transfer: Transfer): bigint =>
  transfer.valueWei + transfer.gasLimit * transfer.maxFeeWeiPerGas

/** The rules that hold whatever the state. Throws a TransferRefused. */
export const checkTransfer = (transfer: Transfer, { chainId, baseFeeWeiPerGas }: RollupConfig): void => {
  if (transfer.chainId !== chainId) {
    throw new TransferRefused(
      'foreign_chain',
      `invalid chain id for signer: have ${transfer.chainId} want ${chainId}; switch the wallet to this network`,
      { have: transfer.chainId.toString(), want: chainId.toString() },
    )
  }
  if (transfer.maxPriorityFeeWeiPerGas > transfer.maxFeeWeiPerGas) {
    throw new TransferRefused(
      'tip_above_max_fee',
      `max priority fee per gas higher than max fee per gas: ${transfer.maxPriorityFeeWeiPerGas} > ${transfer.maxFeeWeiPerGas}; raise maxFeePerGas`,
    )
  }
  if (transfer.maxFeeWeiPerGas < baseFeeWeiPerGas) {
    throw new TransferRefused(
      'fee_below_base',
      `max fee per gas less than block base fee: maxFeePerGas ${transfer.maxFeeWeiPerGas}, baseFee ${baseFeeWeiPerGas}; raise maxFeePerGas`,
    )
  }
  if (transfer.gasLimit < TRANSFER_GAS) {
    throw new TransferRefused(
      'gas_too_low',
      `intrinsic gas too low: gas ${transfer.gasLimit}, minimum needed ${TRANSFER_GAS}; raise the gas limit`,
    )
  }
}

/** Whether a transfer that passed `checkTransfer` can be executed now. */
export const isExecutable = (
  transfer: Transfer,
  sender: Pick<Account, 'balanceWei' | 'nonce'>,
  config: RollupConfig,
) => transfer.nonce === sender.nonce && sender.balanceWei >= transfer.valueWei + feeWei(transfer, config)
