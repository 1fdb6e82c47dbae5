import {
  type Client,
  type ClientOptions,
  contractsOf,
  createWeft,
  NO_SYSTEMS,
  openDirectSystems,
  openKey,
  readDeployment,
} from '@weft/client'
import type { PrivateKeyAccount } from 'viem/accounts'
import { type Output, progressTo, warnOfDevSrs } from './output.js'
import { common, requesterKeyFile } from './settings-common.js'

/** Settings of every command of a requester that has programs. */
export const requester = {
  coordinatorUrl: common.coordinatorUrl,
  keyFile: requesterKeyFile,
  deployment: common.deployment,
  cacheFolder: common.cacheFolder,
  threads: common.threads,
  systems: common.systems,
} as const

/** What those settings say. */
export interface RequesterSettings {
  readonly coordinatorUrl: string
  readonly keyFile: string
  readonly deployment: string
  readonly cacheFolder: string
  readonly threads: number
  readonly systems: string
}

/** The network as a requester sees it, and the key that signs and pays. */
export interface Requester {
  readonly weft: Client
  readonly account: PrivateKeyAccount
}

const open = async (
  { coordinatorUrl, keyFile }: Pick<RequesterSettings, 'coordinatorUrl' | 'keyFile'>,
  options: Omit<ClientOptions, 'coordinator' | 'account'>,
  output: Output,
): Promise<Requester> => {
  const account = await openKey(keyFile)
  const weft = createWeft({
    ...options,
    ...{ coordinator: coordinatorUrl, account },
    onWait: ({ code, message }) => output.event({ event: 'waiting', code }, message),
    onPreparing: progressTo(output),
  })
  return { weft, account }
}

/** For what needs no proof system: following, verifying. Errors: `bad_deployment`, `no_market`, `bad_key`. */
export const openRequester = async (
  settings: Pick<RequesterSettings, 'coordinatorUrl' | 'keyFile' | 'deployment'>,
  output: Output,
): Promise<Requester> =>
  open(settings, { chain: await readDeployment(settings.deployment), systems: NO_SYSTEMS }, output)

/** The same with proof systems for as long as the task runs. */
export const withPrograms = async <T>(
  settings: RequesterSettings,
  output: Output,
  task: (requester: Requester) => Promise<T>,
): Promise<T> => {
  const { cacheFolder, threads } = settings
  const chain = await readDeployment(settings.deployment)
  contractsOf(chain)
  warnOfDevSrs(output, chain.srs)
  const systems = await openDirectSystems(settings)
  const { weft, account } = await open(settings, { chain, systems, cacheFolder, threads }, output).catch(
    async (error: unknown) => {
      await systems.close()
      throw error
    },
  )
  try {
    return await task({ weft, account })
  } finally {
    await weft.close()
  }
}
