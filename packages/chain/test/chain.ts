import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createDevnet,
  createFileTxStore,
  createL1Client,
  createSender,
  devAccount,
  type L1Client,
  type Sender,
  WEFT_ABI,
} from '@weft/chain'
import { clock } from './support.js'

export const CHAIN_ID = 31337

/** A devnet with senders for its development accounts. */
export interface TestChain {
  readonly client: L1Client
  /** The sender of a development account; one for each, which `close` closes. */
  senderOf(index: number): Promise<Sender>
  /** The account's sender as after a restart: from what the last one has on disk. */
  reopen(index: number): Promise<Sender>
  /** Moves the chain's time, and mines a block at it. */
  pass(seconds: number): Promise<void>
  close(): Promise<void>
}

export const openChain = async (): Promise<TestChain> => {
  const devnet = await createDevnet({ chainId: CHAIN_ID })
  const client = createL1Client(devnet.url)
  const folder = await mkdtemp(join(tmpdir(), 'weft-chain-'))
  const opened = new Map<number, { sender: Sender; close(): Promise<void> }>()
  const rpc = (method: string, params: unknown[] = []) =>
    client.request({ method, params } as unknown as Parameters<L1Client['request']>[0])

  const open = async (index: number) => {
    const store = await createFileTxStore(join(folder, `${index}.jsonl`))
    const { account } = devAccount(index)
    const sender = await createSender({
      client,
      chainId: CHAIN_ID,
      account,
      store,
      clock,
      abi: WEFT_ABI,
      pollMs: 10,
    })
    const close = async () => {
      await sender.close()
      await store.close()
    }
    opened.set(index, { sender, close })
    return sender
  }
  return {
    client,
    senderOf: async (index) => opened.get(index)?.sender ?? open(index),
    async reopen(index) {
      await opened.get(index)?.close()
      return open(index)
    },
    async pass(seconds) {
      await rpc('evm_increaseTime', [seconds])
      await rpc('evm_mine')
    },
    async close() {
      for (const { close } of opened.values()) await close()
      await devnet.stop()
      await rm(folder, { recursive: true })
    },
  }
}
