import { join } from 'node:path'
import {
  createFileTxStore,
  createL1Client,
  createSender,
  describeReport,
  fillOnDevnet,
  type L1Client,
  type Sender,
  type SenderReport,
  WEFT_ABI,
} from '@weft/chain'
import { type DeploymentFile, openKey } from '@weft/client'
import { type Address, toAddress } from '@weft/protocol'
import type { Logger } from 'pino'
import type { PrivateKeyAccount } from 'viem/accounts'
import type { Output } from './output.js'
import { systemClock } from './runtime.js'

const POLL_MS = 250

/** A key of ours on L1, with a durable queue of its transactions. */
export interface L1 {
  readonly client: L1Client
  readonly account: PrivateKeyAccount
  readonly address: Address
  readonly sender: Sender
  close(): Promise<void>
}

/** Who hears what L1 does with transactions, and how long they are waited for. */
export interface Watch {
  readonly onReport: (report: SenderReport) => void
  /** Ends the sender's waits: its calls reject with `closed`. */
  readonly signal: AbortSignal
}

/** Tells whoever runs a command what it waits for. */
export const watchBy = (output: Output, signal: AbortSignal): Watch => ({
  onReport(report) {
    const text = describeReport(report)
    if (text !== null) output.event({ event: 'l1', ...report }, text)
  },
  signal,
})

/** Logs for whoever runs a process. */
export const logBy = (log: Logger, signal: AbortSignal): Watch => ({
  onReport(report) {
    const text = describeReport(report)
    if (text === null) log.debug(report, 'transaction')
    else log.warn(report, text)
  },
  signal,
})

/** A sender whose transactions are kept in the file at `path`. */
export const openSender = async (
  client: L1Client,
  chainId: number,
  account: PrivateKeyAccount,
  path: string,
  { onReport, signal }: Watch,
): Promise<{ readonly sender: Sender; close(): Promise<void> }> => {
  const store = await createFileTxStore(path)
  const sender = await createSender({
    client,
    chainId,
    account,
    store,
    clock: systemClock,
    abi: WEFT_ABI,
    pollMs: POLL_MS,
    onReport,
  })
  const onAbort = () => void sender.close()
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  return {
    sender,
    async close() {
      signal.removeEventListener('abort', onAbort)
      await sender.close()
      await store.close()
    },
  }
}

/** Opens the key of a process. Errors: `bad_key`; `l1_unavailable`; those of the sender. */
export const openL1 = async (
  { l1Url, chainId, srs }: DeploymentFile,
  { keyFile, folder }: { readonly keyFile: string; readonly folder: string },
  watch: Watch,
): Promise<L1> => {
  const client = createL1Client(l1Url)
  const account = await openKey(keyFile)
  const address = toAddress(account.address)
  if (srs === 'dev') await fillOnDevnet(client, address)
  return {
    client,
    account,
    address,
    ...(await openSender(client, chainId, account, join(folder, 'transactions.jsonl'), watch)),
  }
}
