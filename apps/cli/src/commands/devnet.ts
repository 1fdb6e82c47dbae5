import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import {
  assertDevChain,
  createDevnet,
  createL1Client,
  DEVNET_MARKET,
  type Devnet,
  deployMarket,
  deploySettlement,
  devAccount,
  type Sender,
  settlementReader,
} from '@weft/chain'
import { type DeploymentFile, formatDeployment, openNoir } from '@weft/client'
import { type Bytes32, CONTRACT, GROTH16, ULTRAHONK } from '@weft/protocol'
import { z } from 'zod'
import { openSender, watchBy } from '../l1.js'
import { type Output, progressTo, warnOfDevSrs } from '../output.js'
import { prepareMergeProgram } from '../prepare.js'
import { aborted } from '../runtime.js'
import { setting, switchable } from '../settings.js'
import { common, port, wei } from '../settings-common.js'

export const devnetSettings = z.object({
  port: port(8545, 'port of the chain’s JSON-RPC'),
  chainId: setting(z.coerce.number().int().positive().default(31337), 'chain id; a development one'),
  deployment: common.deployment,
  cacheFolder: common.cacheFolder,
  threads: common.threads,
  weiPerMegagate: wei(10_000_000_000_000n, 'price of a million gates of work, where there is no market'),
  market: switchable(true, 'a market; without it, rollups pay one price from deposits'),
})
type DevnetSettings = z.output<typeof devnetSettings>

/** Development accounts: who deploys the contracts, can stop a proof system, and gets the market's cuts. */
const DEPLOYER = 0
const GUARDIAN = 1
const TREASURY = 2
const INSURER = 3

/** What both ways to deploy need to know. */
interface Proofs {
  readonly verifier: Uint8Array
  readonly mergeKey: Bytes32
}

const deploy = async (
  sender: Sender,
  { chainId, market, weiPerMegagate }: DevnetSettings,
  proofs: Proofs,
): Promise<Pick<DeploymentFile, 'verifier' | 'pricing' | 'settlement' | 'market'>> => {
  const plan = { ...proofs, chainId, srs: 'dev' } as const
  if (!market) return deploySettlement(sender, { ...plan, weiPerMegagate })
  const { verifier, pricing, settlement, ...contracts } = await deployMarket(sender, {
    ...plan,
    system: ULTRAHONK,
    guardian: devAccount(GUARDIAN).address,
    treasury: devAccount(TREASURY).address,
    insurer: devAccount(INSURER).address,
    parameters: DEVNET_MARKET,
  })
  return { verifier, pricing, settlement, market: { ...contracts, systems: [ULTRAHONK, GROTH16, CONTRACT] } }
}

/** Deploys on a chain, tells where, and leaves it running until the signal aborts. Errors: `devnet_ended`, `closed`. */
export const serveDevnet = async (
  devnet: Devnet,
  settings: DevnetSettings,
  proofs: Proofs,
  output: Output,
  signal: AbortSignal,
): Promise<void> => {
  const { chainId } = settings
  const folder = dirname(settings.deployment)
  await mkdir(folder, { recursive: true })
  const client = createL1Client(devnet.url)
  // A new chain knows nothing of the transactions sent to the last one.
  const path = join(folder, `devnet-${process.pid}.txs`)
  const { account } = devAccount(DEPLOYER)
  const { sender, close } = await openSender(client, chainId, account, path, watchBy(output, signal))
  const ended = devnet.watch()
  try {
    const fromBlock = await Promise.race([client.getBlockNumber(), ended])
    const addresses = await Promise.race([deploy(sender, settings, proofs), ended])
    const mergeKey = await settlementReader(client, addresses.settlement).mergeKey()
    const deployment: DeploymentFile = {
      l1Url: devnet.url,
      chainId,
      srs: 'dev',
      ...addresses,
      mergeKey,
      fromBlock,
    }
    await writeFile(settings.deployment, formatDeployment(deployment))
    const { settlement, market } = deployment
    const named = { settlement, ...(market && { market: market.market, registry: market.registry }) }
    output.event(
      { event: 'ready', url: devnet.url, deployment: settings.deployment, ...named },
      [
        `devnet on ${devnet.url}, chain id ${chainId}`,
        ...Object.entries(named).map(([name, address]) => `${name} ${address}`),
        `deployment in ${settings.deployment}`,
      ].join('\n'),
    )
    await Promise.race([aborted(signal), ended])
  } finally {
    await close()
    await devnet.stop()
  }
}

/** Runs a chain with Weft's contracts on it until the signal aborts. */
export const runDevnet = async (
  settings: DevnetSettings,
  output: Output,
  signal: AbortSignal,
): Promise<void> => {
  assertDevChain(settings.chainId, 'dev')
  warnOfDevSrs(output, 'dev')
  const progress = progressTo(output)
  const system = await openNoir({ ...settings, srs: 'dev' }, progress)
  const onAbort = () => void system.close()
  signal.addEventListener('abort', onAbort, { once: true })
  const merge = await prepareMergeProgram(system, progress, signal)
  progress('Solidity verifier')
  const { creationCode: verifier } = await system.verifierCode(merge.evmKey)
  await system.close()

  const devnet = await createDevnet({ chainId: settings.chainId, port: settings.port })
  await serveDevnet(devnet, settings, { verifier, mergeKey: merge.key.hash }, output, signal)
}
