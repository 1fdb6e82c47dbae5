import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { createL1Client, WEFT_ABI } from '@weft/chain'
import { WeftError } from '@weft/protocol'
import { type Chain, createWeft, type IsProven, type Weft } from '@weft/sdk'
import type { PrivateKeyAccount } from 'viem/accounts'
import { type DeploymentFile, readDeployment } from './deployment.js'
import { openKey } from './keys.js'
import { contractsOf } from './market.js'
import { noirPrograms } from './noir-programs.js'
import { type Output, progressTo, warnOfDevSrs } from './output.js'
import { openSystem } from './prepare.js'
import { systemClock } from './runtime.js'
import { common, requesterKeyFile } from './settings-common.js'

/** Settings of every command of a requester that has programs. */
export const requester = {
  coordinatorUrl: common.coordinatorUrl,
  keyFile: requesterKeyFile,
  deployment: common.deployment,
  cacheFolder: common.cacheFolder,
  threads: common.threads,
} as const

/** What those settings say. */
export interface RequesterSettings {
  readonly coordinatorUrl: string
  readonly keyFile: string
  readonly deployment: string
  readonly cacheFolder: string
  readonly threads: number
}

/** The network as a requester sees it, and the key that signs and pays. */
export interface Requester {
  readonly weft: Weft
  readonly account: PrivateKeyAccount
}

/** L1 as a requester asks it. Throws `no_market`. */
export const chainOf = (deployment: DeploymentFile): Chain => {
  const { l1Url, chainId, settlement } = deployment
  const { market } = contractsOf(deployment)
  const client = createL1Client(l1Url)
  const isProven: IsProven = async ({ claim, index, siblings }) => {
    const call = { address: settlement, abi: WEFT_ABI, functionName: 'isProven' } as const
    try {
      return (await client.readContract({ ...call, args: [claim, index, siblings] })) === true
    } catch (cause) {
      throw new WeftError('l1_unavailable', `no answer from ${l1Url}: try again`, { url: l1Url }, { cause })
    }
  }
  return { chainId, settlement, market, isProven }
}

const open = async (
  settings: Pick<RequesterSettings, 'coordinatorUrl' | 'keyFile'>,
  deployment: DeploymentFile,
  systems: Parameters<typeof createWeft>[0]['systems'],
  output: Output,
): Promise<Requester> => {
  const chain = chainOf(deployment)
  const account = await openKey(settings.keyFile)
  const weft = createWeft({
    coordinator: settings.coordinatorUrl,
    ...{ chain, account, systems },
    clock: systemClock,
    random: { bytes: (count) => randomBytes(count) },
    onWait: ({ code, message }) => output.event({ event: 'waiting', code }, message),
  })
  return { weft, account }
}

/** For what needs no proof system: following, verifying. Errors: `bad_deployment`, `no_market`, `bad_key`. */
export const openRequester = async (
  settings: Pick<RequesterSettings, 'coordinatorUrl' | 'keyFile' | 'deployment'>,
  output: Output,
): Promise<Requester> => open(settings, await readDeployment(settings.deployment), {}, output)

/** The same with Noir for as long as the task runs. */
export const withPrograms = async <T>(
  settings: RequesterSettings,
  output: Output,
  task: (requester: Requester) => Promise<T>,
): Promise<T> => {
  const deployment = await readDeployment(settings.deployment)
  contractsOf(deployment)
  warnOfDevSrs(output, deployment.srs)
  const system = await openSystem({ ...settings, srs: deployment.srs }, progressTo(output))
  try {
    const noir = noirPrograms(system, join(settings.cacheFolder, 'noir'))
    return await task(await open(settings, deployment, { noir }, output))
  } finally {
    await system.close()
  }
}
