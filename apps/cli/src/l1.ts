import { join } from 'node:path'
import {
  createFileTxStore,
  createL1Client,
  createSender,
  type L1Client,
  type Sender,
  WEFT_ABI,
} from '@weft/chain'
import { type DeploymentFile, openKey } from '@weft/client'
import { type Address, toAddress, WeftError } from '@weft/protocol'
import { parseEther } from 'viem'
import type { PrivateKeyAccount } from 'viem/accounts'
import { systemClock } from './runtime.js'

const ENOUGH_WEI = parseEther('1')
const FILL_WEI = parseEther('10')
const POLL_MS = 250

/** A key of ours on L1, with a durable queue of its transactions. */
export interface L1 {
  readonly client: L1Client
  readonly account: PrivateKeyAccount
  readonly address: Address
  readonly sender: Sender
  close(): Promise<void>
}

/** Gives a key ether for gas where ether costs nothing: on anvil, whoever asks may set balances. */
const fillOnDevnet = async (client: L1Client, address: Address): Promise<void> => {
  const version = await client.request({ method: 'web3_clientVersion' })
  if (!version.startsWith('anvil/') || (await client.getBalance({ address })) >= ENOUGH_WEI) return
  const setBalance = { method: 'anvil_setBalance', params: [address, `0x${FILL_WEI.toString(16)}`] }
  await client.request(setBalance as never)
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
  if (srs === 'dev') {
    await fillOnDevnet(client, address).catch((cause: unknown) => {
      throw new WeftError('l1_unavailable', `no answer from ${l1Url}: is the devnet running?`, {}, { cause })
    })
  }
  return {
    client,
    account,
    address,
    ...(await openSender(client, chainId, account, join(folder, 'transactions.jsonl'))),
  }
}
