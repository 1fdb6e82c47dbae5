import { writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { createApiClient } from '@weft/api'
import { type DeploymentFile, readDeployment } from '@weft/client'
import { WeftError } from '@weft/protocol'
import { systemClock } from '../runtime.js'
import type { Final, Stage } from './stage.js'
import { demoWallet, GENESIS_WEI } from './wallets.js'

/** Who takes part: three provers, each dearer than the one before it, and two rollups. */
export const NODES = ['node-1', 'node-2', 'node-3'] as const
const ETHER_PER_HOUR = { 'node-1': '0.001', 'node-2': '0.0012', 'node-3': '0.0014' } as const
/** Behind each job; what the requests ask for. */
const COLLATERAL_ETHER = '0.01'
export const CHAIN_IDS = [7001, 7002] as const
export const WALLETS = 4

export interface Rollup {
  readonly chainId: number
  readonly url: string
}

export interface CastOptions {
  readonly cacheFolder: string
  readonly segmentSize: number
  readonly transfersPerRollup: number
}

const home = (stage: Stage, name: string, { cacheFolder }: CastOptions) => ({
  folder: stage.path(name),
  'key-file': stage.path(`${name}.key`),
  deployment: stage.path('deployment.json'),
  'cache-folder': cacheFolder,
})

export const startChain = async (stage: Stage, { cacheFolder }: CastOptions): Promise<DeploymentFile> => {
  const deployment = stage.path('deployment.json')
  const settings = {
    port: 0,
    deployment,
    'cache-folder': cacheFolder,
    threads: cpus().length,
  }
  await stage.start('devnet', 'devnet', settings).ready()
  return readDeployment(deployment)
}

/** Starts coordinator and provers; resolves with the coordinator's URL. */
export const startNetwork = async (stage: Stage, options: CastOptions): Promise<string> => {
  const { url } = await stage
    .start('coordinator', 'coordinator', {
      ...home(stage, 'coordinator', options),
      port: 0,
      // Both rollups' batches in one aggregate, however slow the machine is.
      'max-claims': CHAIN_IDS.length,
      'window-ms': 120_000,
    })
    .ready()
  const start = (name: (typeof NODES)[number]) =>
    stage.start(name, 'node', {
      ...home(stage, name, options),
      name,
      'coordinator-url': String(url),
      // All cores each: the last merge has the machine to itself.
      threads: cpus().length,
      'withdrawal-poll-ms': 1000,
      'hardware-ether-per-hour': ETHER_PER_HOUR[name],
      'job-collateral-ether': COLLATERAL_ETHER,
      'market-poll-ms': 1000,
    })
  await Promise.all(NODES.map((name) => start(name).ready()))
  await awaitOffers(String(url), stage)
  return String(url)
}

const OFFERS_MS = 180_000
const LOOK_MS = 200

/** Waits until every prover has offers in the book, so that matches have runners-up from the first one on. */
const awaitOffers = async (url: string, stage: Stage): Promise<void> => {
  const api = createApiClient({ url })
  const deadlineMs = systemClock.nowMs() + OFFERS_MS
  for (;;) {
    const offers = await api.offers({ query: {} })
    const provers = new Set(offers.map(({ offer }) => offer.prover))
    if (provers.size === NODES.length) return
    if (systemClock.nowMs() > deadlineMs) {
      throw new WeftError(
        'no_offers',
        `after ${OFFERS_MS / 1000} s only ${provers.size} of ${NODES.length} provers offer: see their logs in ${stage.folder}`,
      )
    }
    await systemClock.sleep(LOOK_MS, new AbortController().signal)
  }
}

export const startRollups = async (
  stage: Stage,
  coordinatorUrl: string,
  options: CastOptions,
): Promise<Rollup[]> => {
  const genesis = stage.path('genesis.json')
  const balances = Array.from({ length: WALLETS }, (_, i) => [demoWallet(i).address, GENESIS_WEI.toString()])
  await writeFile(genesis, JSON.stringify(Object.fromEntries(balances)))
  const start = async (chainId: number): Promise<Rollup> => {
    const name = `rollup-${chainId}`
    const settings = {
      ...home(stage, name, options),
      port: 0,
      'chain-id': chainId,
      genesis,
      'segment-size': options.segmentSize,
      'batch-transfers': options.transfersPerRollup,
      'batch-age-ms': 60_000,
      'coordinator-url': coordinatorUrl,
      'collateral-ether': COLLATERAL_ETHER,
      // Provers ask what their time costs, which is more on a slow machine; the cheapest offer is what is paid.
      'max-price-ether': '0.001',
    }
    const started = stage.start(name, 'rollup', settings, (event) => {
      if (event.event === 'final') stage.recordFinal(chainId, event as unknown as Final)
    })
    return { chainId, url: String((await started.ready()).url) }
  }
  return Promise.all(CHAIN_IDS.map(start))
}
