import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Call,
  createDevnet,
  createFileTxStore,
  createL1Client,
  createSender,
  type Devnet,
  devAccount,
  type L1Client,
  type SenderOptions,
  type SenderReport,
  type TxRecord,
  type TxStore,
} from '@weft/chain'
import { type Address, toAddress } from '@weft/protocol'
import { parseAbi, toFunctionSelector } from 'viem'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { COUNTER, clock, createProxy, refusing, refusingRuntime, until } from './support.js'

const abi = parseAbi(['error NotYetDue()'])
const { account, address } = devAccount(3)

let devnet: Devnet
let client: L1Client
let folder: string
let counter: Address
const closers: (() => Promise<void>)[] = []
let reports: SenderReport[]

const rpc = (method: string, params: unknown[] = []) =>
  client.request({ method, params } as unknown as Parameters<L1Client['request']>[0])
const mine = () => rpc('evm_mine')
const automine = (on: boolean) => rpc('evm_setAutomine', [on])
const count = async () => BigInt((await client.getStorageAt({ address: counter, slot: '0x0' })) ?? '0x0')
const nonce = () => client.getTransactionCount({ address })

const openStore = () => createFileTxStore(join(folder, 'sender.jsonl'))

/** A sender in a life of its own: closing it closes its store. */
const start = async (options: Partial<SenderOptions> = {}) => {
  const store = options.store ?? (await openStore())
  const sender = await createSender({
    client,
    chainId: 31337,
    account,
    clock,
    abi,
    pollMs: 10,
    onReport: (report) => reports.push(report),
    ...options,
    store,
  })
  let closing: Promise<void> | undefined
  const close = () => {
    closing ??= sender.close().then(() => store.close())
    return closing
  }
  closers.push(close)
  return { send: sender.send.bind(sender), status: sender.status.bind(sender), close }
}
const call = (id: string, to: Address | null = counter, data: Call['data'] = '0x'): Call => ({
  id,
  to,
  data,
  valueWei: 0n,
})

beforeAll(async () => {
  devnet = await createDevnet({ chainId: 31337 })
  client = createL1Client(devnet.url)
})
afterAll(() => devnet.stop())
beforeEach(async () => {
  reports = []
  folder = await mkdtemp(join(tmpdir(), 'weft-sender-'))
  const sender = await start()
  const deployed = await sender.send(call('counter', null, COUNTER))
  counter = toAddress(deployed.contractAddress ?? '')
  await sender.close()
})
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
  await rm(folder, { recursive: true })
  await automine(true)
})

describe('sending', () => {
  it('sends once for one id, however often and at once it is asked', async () => {
    const sender = await start()
    const [a, b] = await Promise.all([sender.send(call('a')), sender.send(call('a'))])
    expect(a).toEqual(b)
    expect(await sender.send(call('a'))).toEqual(a)
    expect(await count()).toBe(1n)
  })

  it('keeps of what is done only what became of it', async () => {
    const kept: TxRecord[] = []
    const store: TxStore = {
      load: async () => [],
      put: async (tx) => void kept.push(tx),
      close: async () => undefined,
    }
    const sender = await start({ store })
    const outcome = await sender.send(call('a', counter, '0xabcd'))
    expect(kept.map(({ data, attempts }) => [data, attempts[0]?.raw.slice(0, 4)])).toEqual([
      ['0xabcd', '0x02'],
      ['0x', '0x'],
    ])
    expect(kept[1]?.outcome).toEqual(outcome)
    expect(await sender.send(call('a', counter, '0xabcd'))).toBe(outcome)
  })

  it('gives concurrent calls a nonce each', async () => {
    const sender = await start()
    const before = await nonce()
    const ids = Array.from({ length: 8 }, (_, i) => `n${i}`)
    const outcomes = await Promise.all(ids.map((id) => sender.send(call(id))))
    expect(new Set(outcomes.map((o) => o.hash)).size).toBe(8)
    expect(await count()).toBe(8n)
    expect(await nonce()).toBe(before + 8)
  })

  it('refuses a pending id for another call', async () => {
    const sender = await start()
    await automine(false)
    const first = sender.send(call('a'))
    await until(() => sender.status().pending.length === 1)
    await expect(sender.send(call('a', counter, '0x01'))).rejects.toMatchObject({ code: 'id_reused' })
    await mine()
    await first
  })

  it('tells a contract’s refusal with its code and sends nothing', async () => {
    const sender = await start()
    const code = refusing(toFunctionSelector('NotYetDue()'))
    const { contractAddress } = await sender.send(call('refusing', null, code))
    const before = await nonce()
    await expect(sender.send(call('x', contractAddress))).rejects.toMatchObject({
      code: 'not_yet_due',
      message: expect.stringContaining('NotYetDue'),
    })
    expect(await nonce()).toBe(before)
    expect(sender.status().pending).toEqual([])
  })

  it('refuses what the account cannot pay', async () => {
    const sender = await start()
    const balance = await client.getBalance({ address })
    await expect(sender.send({ ...call('rich', address), valueWei: balance })).rejects.toMatchObject({
      code: 'insufficient_funds',
    })
  })

  it('refuses an endpoint of another chain', async () => {
    const sender = await start({ chainId: 1 })
    await expect(sender.send(call('a'))).rejects.toMatchObject({ code: 'wrong_chain' })
  })

  it('refuses another chain of the same id, even for what is done', async () => {
    const other = await createDevnet({ chainId: 31337, startSeconds: 1_000_000_000 })
    closers.push(() => other.stop())
    const sender = await start({ client: createL1Client(other.url) })
    await expect(sender.send(call('counter', null, COUNTER))).rejects.toMatchObject({ code: 'wrong_chain' })
    await expect(sender.send(call('a'))).rejects.toMatchObject({ code: 'wrong_chain' })
  })

  it('sends a reverted call anew when asked again', async () => {
    const sender = await start()
    await automine(false)
    // Estimated while the address is empty, executed after the refusing contract is there.
    const at = await client.request({ method: 'eth_getCode', params: [counter, 'latest'] })
    await rpc('anvil_setCode', [counter, '0x'])
    const sent = sender.send(call('r'))
    await until(() => sender.status().pending.length === 1)
    await rpc('anvil_setCode', [counter, refusingRuntime(toFunctionSelector('NotYetDue()'))])
    const refused = expect(sent).rejects.toMatchObject({ code: 'not_yet_due' })
    await mine()
    await refused
    await rpc('anvil_setCode', [counter, at])
    const again = sender.send(call('r'))
    await until(() => sender.status().pending.length === 1)
    await mine()
    expect((await again).status).toBe('confirmed')
    expect(await count()).toBe(1n)
  })
})

describe('what can happen in between', () => {
  it('replaces what waits too long, at higher fees under the same nonce', async () => {
    const sender = await start({ bumpAfterMs: 50 })
    await automine(false)
    const before = await nonce()
    const sent = sender.send(call('slow'))
    await until(() => reports.filter((r) => r.kind === 'raised').length >= 2)
    await mine()
    const outcome = await sent
    expect(reports.flatMap((r) => (r.kind === 'raised' ? [r.hash] : []))).toContain(outcome.hash)
    expect(await count()).toBe(1n)
    expect(await nonce()).toBe(before + 1)
  })

  it('stops raising at the cap and says so', async () => {
    const sender = await start({ bumpAfterMs: 20, maxFeePerGasWei: 1n })
    await automine(false)
    const sent = sender.send(call('capped'))
    await until(() => reports.some((r) => r.kind === 'fee_cap_reached'))
    expect(sender.status().pending).toMatchObject([
      { id: 'capped', trouble: expect.stringContaining('most') },
    ])
    const capped = performance.now()
    await until(() => performance.now() - capped > 100)
    expect(reports.filter((r) => r.kind === 'fee_cap_reached')).toHaveLength(1)
    await mine()
    expect((await sent).status).toBe('confirmed')
    expect(reports.some((r) => r.kind === 'raised')).toBe(false)
  })

  it('waits while the endpoint is down and goes on', async () => {
    const proxy = await createProxy(devnet.url)
    closers.push(() => proxy.close())
    proxy.setDown(true)
    const sender = await start({ client: createL1Client(proxy.url) })
    const sent = sender.send(call('down'))
    await until(() => sender.status().endpointDown !== null)
    expect(await count()).toBe(0n)
    proxy.setDown(false)
    expect((await sent).status).toBe('confirmed')
    expect(reports.map((r) => r.kind)).toEqual(
      expect.arrayContaining(['endpoint_down', 'endpoint_up', 'sent', 'confirmed']),
    )
    expect(sender.status().endpointDown).toBeNull()
  })

  it('ends at once, whatever it waits for, and says what it leaves', async () => {
    await automine(false)
    const sender = await start()
    const sent = expect(sender.send(call('left'))).rejects.toMatchObject({ code: 'closed' })
    await until(() => reports.some((r) => r.kind === 'sent' && r.id === 'left'))
    await sender.close()
    await sent
    expect(reports.at(-1)).toMatchObject({ kind: 'left', id: 'left' })

    const hanging = createServer(() => undefined)
    await new Promise<void>((resolve) => hanging.listen(0, '127.0.0.1', resolve))
    closers.push(async () => void hanging.close().closeAllConnections())
    const asked = once(hanging, 'request')
    const url = `http://127.0.0.1:${(hanging.address() as AddressInfo).port}`
    const waiting = await start({ client: createL1Client(url, 600_000) })
    const abandoned = expect(waiting.send(call('b'))).rejects.toMatchObject({ code: 'closed' })
    await asked
    await waiting.close()
    await abandoned
  })

  it('follows after a restart what was sent before it, and sends nothing twice', async () => {
    const first = await start()
    await automine(false)
    const abandoned = expect(first.send(call('r'))).rejects.toMatchObject({ code: 'closed' })
    await until(() => reports.some((r) => r.kind === 'sent' && r.id === 'r'))
    await first.close()
    await abandoned
    const second = await start()
    expect(second.status().pending).toMatchObject([{ id: 'r' }])
    const again = second.send(call('r'))
    await mine()
    await again
    await automine(true)
    await second.close()
    const third = await start()
    await third.send(call('r'))
    expect(await count()).toBe(1n)
  })

  it('broadcasts after a restart what was stored and never left', async () => {
    const opened = await openStore()
    const stored: string[] = []
    // Crashes between the disk and the endpoint.
    const crashing: TxStore = {
      ...opened,
      put: async (tx) => {
        await opened.put(tx)
        stored.push(tx.attempts[0]?.hash ?? '')
        throw new Error('crashed')
      },
    }
    const first = await createSender({
      client,
      chainId: 31337,
      account,
      store: crashing,
      clock,
      abi,
      pollMs: 10,
    })
    await expect(first.send(call('lost'))).rejects.toThrow('crashed')
    await first.close()
    await opened.close()
    const second = await start()
    const outcome = await second.send(call('lost'))
    expect(outcome.hash).toBe(stored[0])
    expect(await count()).toBe(1n)
  })

  it('takes another nonce when a foreign transaction has used its own for good', async () => {
    await automine(false)
    const sender = await start({ confirmations: 2 })
    const sent = sender.send(call('displaced'))
    await until(() => sender.status().pending.length === 1)
    const [tx] = sender.status().pending
    await rpc('anvil_dropAllTransactions')
    const raw = await account.signTransaction({
      chainId: 31337,
      type: 'eip1559',
      to: address,
      nonce: tx?.nonce ?? 0,
      gas: 21_000n,
      maxFeePerGas: 90_000_000_000n,
      maxPriorityFeePerGas: 80_000_000_000n,
    })
    await client.sendRawTransaction({ serializedTransaction: raw })
    const done = sent.then(() => true)
    let over = false
    done.then(() => {
      over = true
    })
    await until(async () => {
      await mine()
      return over
    })
    expect(reports.map((r) => r.kind)).toContain('displaced')
    expect(await count()).toBe(1n)
  })

  it('follows a transaction through a re-organisation', async () => {
    await automine(false)
    const sender = await start({ confirmations: 3 })
    const sent = sender.send(call('reorg'))
    await until(() => sender.status().pending.length === 1)
    const snapshot = await rpc('evm_snapshot')
    await mine()
    await until(async () => (await count()) === 1n)
    const looks = performance.now()
    await until(() => performance.now() - looks > 100)
    await rpc('evm_revert', [snapshot])
    await until(() => reports.some((r) => r.kind === 'reorganised'))
    let over = false
    sent.then(() => {
      over = true
    })
    await until(async () => {
      await mine()
      return over
    })
    const { blockHash, blockNumber } = await sent
    expect((await client.getBlock({ blockNumber })).hash).toBe(blockHash)
    expect(await count()).toBe(1n)
  })
})
