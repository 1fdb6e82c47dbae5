import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { MERGED_SYSTEM } from '@weft/api'
import {
  createL1Client,
  createProofReader,
  marketReader,
  recoverSigner,
  type SrsKind,
  WEFT_ABI,
} from '@weft/chain'
import { type Bytes32, CONTRACT, ULTRAHONK, WeftError } from '@weft/protocol'
import { type Chain, createWeft, type ProgramSystem, type Weft } from '@weft/sdk'
import type { NoirSystem } from '@weft/system-noir'
import type { PrivateKeyAccount } from 'viem/accounts'
import { type DeploymentFile, readDeployment } from './deployment.js'
import { openKey } from './keys.js'
import { contractsOf } from './market.js'
import { HONK, HONK_ZK, honkPrograms, noirPrograms } from './noir-programs.js'
import { type Output, progressTo, warnOfDevSrs } from './output.js'
import { openSystem } from './prepare.js'
import { systemClock } from './runtime.js'
import { common, requesterKeyFile } from './settings-common.js'
import { openDirectSystems, systemsSetting } from './systems.js'

/** Settings of every command of a requester that has programs. */
export const requester = {
  coordinatorUrl: common.coordinatorUrl,
  keyFile: requesterKeyFile,
  deployment: common.deployment,
  cacheFolder: common.cacheFolder,
  threads: common.threads,
  systems: systemsSetting,
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
  readonly weft: Weft
  readonly account: PrivateKeyAccount
}

/** L1 as a requester asks it. Throws `no_market`. */
export const chainOf = (deployment: DeploymentFile): Chain => {
  const { l1Url, chainId, settlement, fromBlock } = deployment
  const { market, registry } = contractsOf(deployment)
  const client = createL1Client(l1Url)
  const proofs = createProofReader({ client, registry, fromBlock })
  const reader = marketReader(client, contractsOf(deployment))
  const ask = async <T>(question: Promise<T>): Promise<T> => {
    try {
      return await question
    } catch (cause) {
      throw new WeftError('l1_unavailable', `no answer from ${l1Url}: try again`, { url: l1Url }, { cause })
    }
  }
  const isProven = { address: settlement, abi: WEFT_ABI, functionName: 'isProven' } as const
  return {
    ...{ chainId, settlement, market },
    isProven: ({ claim, index, siblings }) =>
      ask(client.readContract({ ...isProven, args: [claim, index, siblings] })) as Promise<boolean>,
    isRecorded: ({ job, index, siblings }) => proofs.isProven(job, { index: Number(index), siblings }),
    gasPriceWei: () => ask(client.getGasPrice()),
    async isSignedForProver(prover, digest, signature) {
      const key = await recoverSigner(digest, signature)
      return key !== null && (key === prover || reader.isKeyOf(prover, key))
    },
  }
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
): Promise<Requester> => open(settings, await readDeployment(settings.deployment), [], output)

/** Noir's programs; the system behind them is opened when the first one needs it. */
const lazyNoir = (settings: RequesterSettings, srs: SrsKind, output: Output) => {
  const folder = join(settings.cacheFolder, 'noir')
  let opening: Promise<NoirSystem> | undefined
  const programsOf = async (name: string) => {
    opening ??= openSystem({ ...settings, srs }, progressTo(output))
    const system = await opening
    const all = [noirPrograms(system, folder), ...honkPrograms(system, folder)]
    return all.find((one) => one.name === name) as ProgramSystem
  }
  const lazy = (name: string, id: Bytes32): ProgramSystem => ({
    ...{ name, id },
    load: async (...args) => (await programsOf(name)).load(...args),
    open: async (...args) => (await programsOf(name)).open(...args),
  })
  const programs = [lazy(MERGED_SYSTEM, ULTRAHONK), lazy(HONK_ZK, CONTRACT), lazy(HONK, CONTRACT)]
  return { programs, close: async () => (await opening)?.close() }
}

/** The same with proof systems for as long as the task runs. */
export const withPrograms = async <T>(
  settings: RequesterSettings,
  output: Output,
  task: (requester: Requester) => Promise<T>,
): Promise<T> => {
  const deployment = await readDeployment(settings.deployment)
  contractsOf(deployment)
  warnOfDevSrs(output, deployment.srs)
  const noir = lazyNoir(settings, deployment.srs, output)
  const direct = await openDirectSystems(settings)
  try {
    const systems = [...noir.programs, ...direct.programs]
    return await task(await open(settings, deployment, systems, output))
  } finally {
    await Promise.all([noir.close(), direct.close()])
  }
}
