import { uintToBytes32 } from '@weft/protocol'
import { JsonRpcProvider, Wallet } from 'ethers'
import { createPublicClient, createWalletClient, defineChain, http } from 'viem'
import { afterEach, describe, expect, test } from 'vitest'
import { addressOf, BASE_FEE, CHAIN_ID, wallet } from './wallet.js'
import { cleanUp, ETHER, startWorld } from './world.js'

afterEach(cleanUp)

const viemClients = (url: string) => {
  const chain = defineChain({
    id: CHAIN_ID,
    name: 'Weft payments',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [url] } },
  })
  const transport = http(url, { batch: true })
  return {
    reader: createPublicClient({ chain, transport, pollingInterval: 20 }),
    writer: createWalletClient({ chain, transport, account: wallet(1) }),
  }
}

const ethersWallet = (url: string, i: number) => {
  const provider = new JsonRpcProvider(url, undefined, {
    polling: true,
    pollingInterval: 20,
    cacheTimeout: -1,
  })
  return { provider, signer: new Wallet(uintToBytes32(0xabcdef00n + BigInt(i)), provider) }
}

describe('viem', () => {
  test('sends, waits for the receipt and reads balances, with nothing filled in by hand', async () => {
    const { url, until, rollup } = await startWorld()
    const { reader, writer } = viemClients(url)
    expect(await reader.getChainId()).toBe(CHAIN_ID)
    const hash = await writer.sendTransaction({ to: addressOf(5), value: 123n })
    const receipt = await reader.waitForTransactionReceipt({ hash })
    expect(receipt).toMatchObject({
      status: 'success',
      gasUsed: 21_000n,
      blockNumber: 1n,
      from: addressOf(1),
    })
    expect(await reader.getBalance({ address: addressOf(5) })).toBe(123n)
    const paid = 123n + receipt.gasUsed * receipt.effectiveGasPrice
    expect(await reader.getBalance({ address: addressOf(1) })).toBe(ETHER - paid)
    expect(await reader.getTransactionCount({ address: addressOf(1) })).toBe(1)

    const transaction = await reader.getTransaction({ hash })
    expect(transaction).toMatchObject({
      type: 'eip1559',
      value: 123n,
      to: addressOf(5),
      nonce: 0,
      blockNumber: 1n,
    })
    const block = await reader.getBlock({ includeTransactions: true })
    expect(block).toMatchObject({
      number: 1n,
      hash: receipt.blockHash,
      baseFeePerGas: BASE_FEE,
      gasUsed: 21_000n,
    })
    expect(block.transactions[0]?.hash).toBe(hash)
    expect((await reader.getBlock({ blockHash: receipt.blockHash })).number).toBe(1n)

    await until(() => rollup.status().final.batch === 1)
    expect((await reader.getBlock({ blockTag: 'finalized' })).hash).toBe(receipt.blockHash)
  })

  test('understands refusals', async () => {
    const { url } = await startWorld()
    const { reader, writer } = viemClients(url)
    await expect(writer.sendTransaction({ to: addressOf(2), value: 2n * ETHER })).rejects.toThrow(
      /exceeds the balance of the account/,
    )
    const hash = await writer.sendTransaction({ to: addressOf(2), value: 1n })
    await reader.waitForTransactionReceipt({ hash })
    await expect(writer.sendTransaction({ to: addressOf(2), value: 1n, nonce: 0 })).rejects.toThrow(
      /is lower than the current nonce/,
    )
    await expect(writer.sendTransaction({ to: addressOf(2), gas: 20_999n })).rejects.toThrow(/is too low/)
    await expect(
      writer.sendTransaction({ to: addressOf(2), maxFeePerGas: 1n, maxPriorityFeePerGas: 0n }),
    ).rejects.toThrow(/cannot be lower than the block base fee/)
    await expect(writer.sendTransaction({ to: addressOf(2), data: '0x01', gas: 30_000n })).rejects.toThrow(
      /transaction data is not supported/,
    )
    await expect(writer.deployContract({ abi: [], bytecode: '0x00' })).rejects.toThrow(
      /contract creation is not supported/,
    )
  })

  test('estimates fees from the history', async () => {
    const { url, rollup, until } = await startWorld()
    const { reader, writer } = viemClients(url)
    for (const [nonce, tip] of [7n, 3n, 5n].entries()) {
      await writer.sendTransaction({
        to: addressOf(2),
        nonce,
        maxFeePerGas: 2n * BASE_FEE,
        maxPriorityFeePerGas: tip,
      })
    }
    await until(() => rollup.status().included === 3)
    const history = await reader.getFeeHistory({ blockCount: 2, rewardPercentiles: [0, 100] })
    expect(history.oldestBlock).toBe(2n)
    expect(history.baseFeePerGas).toEqual([BASE_FEE, BASE_FEE, BASE_FEE])
    expect(history.reward).toEqual([
      [3n, 3n],
      [5n, 5n],
    ])
    expect(await reader.getGasPrice()).toBe(BASE_FEE + 1_000_000n)
  })
})

describe('ethers', () => {
  test('sends, waits for the receipt and reads balances, with nothing filled in by hand', async () => {
    const { url } = await startWorld()
    const { provider, signer } = ethersWallet(url, 2)
    try {
      const sent = await signer.sendTransaction({ to: addressOf(6), value: 456n })
      const receipt = await sent.wait()
      expect(receipt).toMatchObject({ status: 1, gasUsed: 21_000n, blockNumber: 1, hash: sent.hash })
      expect(await provider.getBalance(addressOf(6))).toBe(456n)
      expect(await provider.getBalance(addressOf(2))).toBe(ETHER - 456n - (receipt?.fee ?? 0n))
      expect(await provider.getTransactionCount(addressOf(2))).toBe(1)
      const block = await provider.getBlock('latest', true)
      expect(block?.prefetchedTransactions[0]?.hash).toBe(sent.hash)
      expect((await provider.getTransaction(sent.hash))?.value).toBe(456n)
      expect(await provider.call({ to: addressOf(6), data: '0x1234' })).toBe('0x')
    } finally {
      provider.destroy()
    }
  })

  test('understands refusals', async () => {
    const { url } = await startWorld()
    const { provider, signer } = ethersWallet(url, 2)
    try {
      await expect(signer.sendTransaction({ to: addressOf(3), value: 2n * ETHER })).rejects.toMatchObject({
        code: 'INSUFFICIENT_FUNDS',
      })
      await (await signer.sendTransaction({ to: addressOf(3), value: 1n })).wait()
      await expect(signer.sendTransaction({ to: addressOf(3), value: 2n, nonce: 0 })).rejects.toMatchObject({
        code: 'NONCE_EXPIRED',
      })
      await expect(signer.sendTransaction({ to: addressOf(3), type: 0 })).rejects.toMatchObject({
        error: { code: -32003 },
      })
    } finally {
      provider.destroy()
    }
  })
})
