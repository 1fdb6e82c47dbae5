import { join } from 'node:path'
import { type Connection, createApiClient, createConnection } from '@weft/api'
import { type MarketReader, marketReader } from '@weft/chain'
import { contractsOf, type DeploymentFile, type MarketContracts, openKey, readDeployment } from '@weft/client'
import { type Address, type MarketDomain, WeftError } from '@weft/protocol'
import { cancelIntent } from '@weft/sdk'
import { formatEther } from 'viem'
import type { PrivateKeyAccount } from 'viem/accounts'
import { type L1, openL1, type Watch } from './l1.js'
import { systemClock } from './runtime.js'

export const domainOf = (deployment: DeploymentFile): MarketDomain => ({
  chainId: BigInt(deployment.chainId),
  contract: contractsOf(deployment).market,
})

/** What names a key and the deployment that it is used on. */
export interface WalletSettings {
  readonly keyFile: string
  readonly folder: string
  readonly deployment: string
}

/** A key of ours and the market's contracts on L1. */
export interface Wallet extends L1 {
  readonly deployment: DeploymentFile
  readonly contracts: MarketContracts
  readonly reader: MarketReader
  /** An id for a call that is meant to be done as often as it is asked for: not twice on one state of L1. */
  callId(what: string): Promise<string>
}

/** A key that is open already. Throws `no_market`. */
export const walletOf = (l1: L1, deployment: DeploymentFile): Wallet => {
  const contracts = contractsOf(deployment)
  const reader = marketReader(l1.client, contracts)
  const callId = async (what: string) => `${what}:${contracts.market}:${await reader.headBlock()}`
  return { ...l1, deployment, contracts, reader, callId }
}

/** Does something with a key on L1, and closes what it opened. Errors: `no_market`, and those of `openL1`. */
export const withWallet = async <T>(
  settings: WalletSettings,
  watch: Watch,
  task: (wallet: Wallet) => Promise<T>,
): Promise<T> => {
  const deployment = await readDeployment(settings.deployment)
  contractsOf(deployment)
  // What one key has sent is none of another's business.
  const { address } = await openKey(settings.keyFile)
  const folder = join(settings.folder, address.toLowerCase())
  const l1 = await openL1(deployment, { keyFile: settings.keyFile, folder }, watch)
  try {
    return await task(walletOf(l1, deployment))
  } finally {
    await l1.close()
  }
}

/** A coordinator of the market, and the key that signs for it. */
export interface MarketClient {
  readonly deployment: DeploymentFile
  readonly account: PrivateKeyAccount
  readonly connection: Connection
}

/** Errors: `no_market`, `bad_deployment`, `bad_key`. */
export const openMarketClient = async (settings: {
  readonly deployment: string
  readonly keyFile: string
  readonly coordinatorUrl: string
}): Promise<MarketClient> => {
  const deployment = await readDeployment(settings.deployment)
  contractsOf(deployment)
  const account = await openKey(settings.keyFile)
  const connection = createConnection({
    url: settings.coordinatorUrl,
    signer: account,
    deployment,
    clock: systemClock,
  })
  return { deployment, account, connection }
}

/** Takes back a request or an offer of the key's. Errors: see `cancelIntent` of the sdk. */
export const takeBack = async (
  intent: Parameters<typeof cancelIntent>[0],
  { deployment, account, connection }: MarketClient,
  signal: AbortSignal,
): Promise<void> => {
  const { market } = contractsOf(deployment)
  await cancelIntent(intent, { market, deployment, signer: account, connection }, signal)
}

/** Questions to a coordinator that need no key. */
export const coordinatorAt = (url: string) => createApiClient({ url })

const isDecimal = (value: unknown): value is string => typeof value === 'string' && /^[0-9]+$/.test(value)

/** An account that covers too little as an error that says which command fills it. */
export const withDepositHint = async <T>(account: Address, task: Promise<T>): Promise<T> => {
  try {
    return await task
  } catch (error) {
    if (!(error instanceof WeftError) || error.code !== 'insufficient_balance') throw error
    const { details } = error
    // As the coordinator says it, or the contract.
    const needed = details.neededWei
    const available = details.availableWei ?? details.balanceWei
    const isKnown = isDecimal(needed) && isDecimal(available)
    const amount = isKnown ? formatEther(BigInt(needed) - BigInt(available)) : 'AMOUNT'
    const message = `${error.message}; run: weft deposit ${amount} --for ${account}`
    throw new WeftError(error.code, message, details, { cause: error })
  }
}
