import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import {
  assertDevChain,
  createDevnet,
  createL1Client,
  deploySettlement,
  devAccount,
  settlementReader,
} from '@weft/chain'
import { z } from 'zod'
import { type DeploymentFile, formatDeployment } from '../deployment.js'
import { openSender } from '../l1.js'
import { type Output, progressTo, warnOfDevSrs } from '../output.js'
import { openSystem, prepareMergeProgram } from '../prepare.js'
import { aborted } from '../runtime.js'
import { setting } from '../settings.js'
import { common, port, wei } from '../settings-common.js'

export const devnetSettings = z.object({
  port: port(8545, 'port of the chain’s JSON-RPC'),
  chainId: setting(z.coerce.number().int().positive().default(31337), 'chain id; a development one'),
  deployment: common.deployment,
  cacheFolder: common.cacheFolder,
  threads: common.threads,
  weiPerMegagate: wei(10_000_000_000_000n, 'price of a million gates of work'),
})

/** The development account that deploys the contracts. */
const DEPLOYER = 0

/** Runs a chain with Weft's contracts on it until the signal aborts. */
export const runDevnet = async (
  settings: z.output<typeof devnetSettings>,
  output: Output,
  signal: AbortSignal,
): Promise<void> => {
  assertDevChain(settings.chainId, 'dev')
  warnOfDevSrs(output, 'dev')
  const progress = progressTo(output)
  const system = await openSystem({ ...settings, srs: 'dev' }, progress)
  const onAbort = () => void system.close()
  signal.addEventListener('abort', onAbort, { once: true })
  const merge = await prepareMergeProgram(system, progress, signal)
  progress('Solidity verifier')
  const verifier = await system.verifierBytecode(merge.evmKey)
  await system.close()

  const { chainId } = settings
  const devnet = await createDevnet({ chainId, port: settings.port })
  const folder = dirname(settings.deployment)
  await mkdir(folder, { recursive: true })
  const client = createL1Client(devnet.url)
  // A new chain knows nothing of the transactions sent to the last one.
  const { account } = devAccount(DEPLOYER)
  const { sender, close } = await openSender(
    client,
    chainId,
    account,
    join(folder, `devnet-${process.pid}.txs`),
  )
  try {
    const fromBlock = await client.getBlockNumber()
    const plan = {
      chainId,
      srs: 'dev',
      verifier,
      mergeKey: merge.key.hash,
      weiPerMegagate: settings.weiPerMegagate,
    } as const
    const addresses = await deploySettlement(sender, plan)
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
    output.event(
      { event: 'ready', url: devnet.url, deployment: settings.deployment, settlement: addresses.settlement },
      `devnet on ${devnet.url}, chain id ${chainId}\nsettlement ${addresses.settlement}\ndeployment in ${settings.deployment}`,
    )
    await Promise.race([aborted(signal), devnet.ended])
  } finally {
    await close()
    await devnet.stop()
  }
}
