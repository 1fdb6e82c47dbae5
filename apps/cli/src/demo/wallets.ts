import { type Bytes32, uintToBytes32 } from '@weft/protocol'
import { createPublicClient, createWalletClient, defineChain, type Hex, http } from 'viem'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'

/** The demo's wallets: keys that everybody knows, for a chain that nobody else uses. */
export const demoWallet = (index: number): PrivateKeyAccount =>
  privateKeyToAccount(uintToBytes32(0xdec0de00n + BigInt(index)) as Bytes32)

export const GENESIS_WEI = 10n ** 18n

const chainOf = (chainId: number, url: string) =>
  defineChain({
    id: chainId,
    name: `rollup ${chainId}`,
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [url] } },
  })

export interface Sent {
  readonly hash: Hex
  readonly from: Hex
  readonly to: Hex
  readonly valueWei: bigint
}

/** Sends `count` transfers around a ring of wallets through a rollup's JSON-RPC, and waits until it includes them. */
export const sendTransfers = async (
  url: string,
  chainId: number,
  wallets: readonly PrivateKeyAccount[],
  count: number,
): Promise<Sent[]> => {
  const chain = chainOf(chainId, url)
  const reader = createPublicClient({ chain, transport: http(url), pollingInterval: 200 })
  const sent: Sent[] = []
  for (let i = 0; i < count; i++) {
    const account = wallets[i % wallets.length] as PrivateKeyAccount
    const to = (wallets[(i + 1) % wallets.length] as PrivateKeyAccount).address
    const valueWei = 10n ** 15n * BigInt(i + 1)
    const client = createWalletClient({ account, chain, transport: http(url) })
    const hash = await client.sendTransaction({ to, value: valueWei })
    sent.push({ hash, from: account.address, to, valueWei })
  }
  await Promise.all(sent.map(({ hash }) => reader.waitForTransactionReceipt({ hash, timeout: 120_000 })))
  return sent
}

/** Balances as the rollup's `eth_getBalance` gives them. */
export const balancesOf = async (
  url: string,
  addresses: readonly Hex[],
): Promise<{ address: Hex; balanceWei: bigint }[]> => {
  const reader = createPublicClient({ transport: http(url) })
  return Promise.all(
    addresses.map(async (address) => ({ address, balanceWei: await reader.getBalance({ address }) })),
  )
}
