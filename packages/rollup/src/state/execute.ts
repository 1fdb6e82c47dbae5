import { type Address, WeftError } from '@weft/protocol'
import type { Account, Accounts } from './accounts.js'
import { checkTransfer, feeWei, isExecutable } from './rules.js'
import type { State } from './state.js'
import type { SignedTransfer } from './transfer.js'

/** A leaf before it is written: the account in it and its siblings. */
export interface Witness extends Account {
  readonly index: number
  readonly path: readonly bigint[]
}

/** The state that one transfer reads, in the order in which the circuit reads it. */
export interface TransferTrace {
  readonly transfer: SignedTransfer
  readonly feeWei: bigint
  /** Before the transfer. */
  readonly sender: Witness
  /** After the debit: the account below a new recipient, or the recipient itself. */
  readonly low: Witness
  /** After the link: the recipient's leaf, or the free slot (with the leaf to be written, balance still 0). */
  readonly recipient: Witness & { readonly exists: boolean }
}

/** Gives a leaf's siblings; a replay that proves nothing gives none and saves all hashing. */
export type PathOf = (index: number) => readonly bigint[]

export const noPaths: PathOf = () => []

const witness = (accounts: Accounts, index: number, pathOf: PathOf): Witness => ({
  ...accounts.at(index),
  index,
  path: pathOf(index),
})

const senderOf = ({ accounts, config }: State, transfer: SignedTransfer): number => {
  checkTransfer(transfer, config)
  const index = accounts.indexOf(transfer.from)
  if (index === undefined || !isExecutable(transfer, accounts.at(index), config)) {
    throw new WeftError(
      'not_executable',
      `${transfer.hash} cannot be executed now: select transfers by isExecutable`,
      {
        hash: transfer.hash,
      },
    )
  }
  return index
}

const openRecipient = (
  accounts: Accounts,
  to: Address,
  pathOf: PathOf,
): Pick<TransferTrace, 'low' | 'recipient'> => {
  const index = accounts.indexOf(to)
  if (index !== undefined) {
    const recipient = witness(accounts, index, pathOf)
    return { low: recipient, recipient: { ...recipient, exists: true } }
  }
  const low = witness(accounts, accounts.lowIndexOf(to), pathOf)
  accounts.link(low.index, to)
  const slot = { index: accounts.size, path: pathOf(accounts.size) }
  return {
    low,
    recipient: { ...slot, address: to, next: low.next, balanceWei: 0n, nonce: 0n, exists: false },
  }
}

/**
 * Executes one transfer: debit and nonce of the sender, link of a new recipient, credit. A transfer to oneself reads
 * the debited balance. Fees are credited by the segment. Throws a TransferRefused or a WeftError `not_executable`
 * before anything has changed.
 */
export const executeTransfer = (state: State, transfer: SignedTransfer, pathOf: PathOf): TransferTrace => {
  const { accounts, config } = state
  const sender = witness(accounts, senderOf(state, transfer), pathOf)
  const fee = feeWei(transfer, config)
  accounts.update(sender.index, {
    balanceWei: sender.balanceWei - transfer.valueWei - fee,
    nonce: sender.nonce + 1n,
  })
  const { low, recipient } = openRecipient(accounts, transfer.to, pathOf)
  const balanceWei = recipient.balanceWei + transfer.valueWei
  if (recipient.exists) accounts.update(recipient.index, { balanceWei, nonce: recipient.nonce })
  else accounts.append({ address: transfer.to, next: recipient.next, balanceWei, nonce: 0n })
  return { transfer, feeWei: fee, sender, low, recipient }
}

/** Credits a segment's fees to the sequencer, and gives the leaf as it was before. */
export const creditFees = ({ accounts, config }: State, feesWei: bigint, pathOf: PathOf): Witness => {
  const index = accounts.indexOf(config.sequencer)
  // Genesis creates it; nothing removes an account.
  if (index === undefined)
    throw new WeftError('no_sequencer', 'the state has no sequencer: start from genesisState')
  const before = witness(accounts, index, pathOf)
  accounts.update(index, { balanceWei: before.balanceWei + feesWei, nonce: before.nonce })
  return before
}
