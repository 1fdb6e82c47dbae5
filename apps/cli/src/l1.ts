import { join } from 'node:path'
import {
  createFileTxStore,
  createL1Client,
  createSender,
  fillOnDevnet,
  type L1Client,
  type Sender,
  WEFT_ABI,
} from '@weft/chain'
import { type DeploymentFile, openKey } from '@weft/client'
import { type Address, toAddress } from '@weft/protocol'
import type { PrivateKeyAccount } from 'viem/accounts'
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

/** A sender whose transactions are kept in `folder`. */
export const openSender = async (
  client: L1Client,
  chainId: number,
  account: PrivateKeyAccount,
  path: string,
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
  })
  return {
    sender,
    async close() {
      await sender.close()
      await store.close()
    },
  }
}

/** Opens the key of a process. Errors: `bad_key`; `l1_unavailable`; those of the sender. */
export const openL1 = async (
  { l1Url, chainId, srs }: DeploymentFile,
  { keyFile, folder }: { readonly keyFile: string; readonly folder: string },
): Promise<L1> => {
  const client = createL1Client(l1Url)
  const account = await openKey(keyFile)
  const address = toAddress(account.address)
  if (srs === 'dev') await fillOnDevnet(client, address)
  return {
    client,
    account,
    address,
    ...(await openSender(client, chainId, account, join(folder, 'transactions.jsonl'))),
  }
}
