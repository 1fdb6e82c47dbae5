import { randomBytes } from 'node:crypto'
import { hostname, totalmem } from 'node:os'
import { assertDevChain, DEV_CHAIN_IDS, settlementReader } from '@weft/chain'
import { honkSystems, openDirectSystems, openNoir, readDeployment } from '@weft/client'
import { createNode, createNodeMarketL1, type NodePricing } from '@weft/node'
import { type Address, WeftError } from '@weft/protocol'
import { largestCircuit } from '@weft/system-noir'
import { parseEther } from 'viem'
import { z } from 'zod'
import { logBy, openL1 } from '../l1.js'
import { type Wallet, walletOf } from '../market.js'
import { type Output, progressTo, warnOfDevSrs } from '../output.js'
import { padCalibration } from '../pad.js'
import { preparePad } from '../prepare.js'
import { aborted, createLogger, systemClock } from '../runtime.js'
import { setting } from '../settings.js'
import { addressText, common, durationMs, ether, optionalEther, wei } from '../settings-common.js'
import { fillAccount, fillStake } from '../standing.js'
import { VERSION } from '../version.js'

/** Left to the system and to everything else on the machine. */
const MEMORY_SHARE = 0.75
const MIB = 2 ** 20

export const nodeSettings = z.object({
  coordinatorUrl: common.coordinatorUrl,
  name: setting(
    z.string().min(1).max(64).default(hostname().slice(0, 64)),
    'tells this node from the prover’s others',
  ),
  keyFile: setting(z.string().default('.weft/prover.key'), 'the prover’s private key; made if missing'),
  folder: setting(z.string().default('.weft/node'), 'programs, finished proofs and earnings'),
  memoryMb: setting(
    z.coerce
      .number()
      .int()
      .positive()
      .default(Math.floor((totalmem() * MEMORY_SHARE) / MIB)),
    'the most memory one job may take',
    'MiB',
  ),
  hardwareEtherPerHour: ether('0.00005', 'what an hour of this machine costs'),
  powerWatts: setting(z.coerce.number().int().min(0).default(100), 'what it draws while it proves', 'W'),
  powerEtherPerKwh: ether('0.00005', 'what a kilowatt-hour costs'),
  marginPercent: setting(z.coerce.number().int().min(0).max(10_000).default(20), 'added to the cost', '%'),
  minPriceEther: ether('0', 'the least to charge for a million units of work'),
  jobCollateralEther: ether('0.01', 'collateral behind each job, and the most that is agreed to'),
  jobs: setting(z.coerce.number().int().min(1).max(64).default(1), 'jobs in progress at a time'),
  prover: setting(
    addressText.optional(),
    'the prover that the key is the hot key of (weft stake --hot-key); the key itself unless told',
  ),
  stakeEther: optionalEther('stake to begin with; 1 on a development chain, nothing elsewhere'),
  accountEther: optionalEther('collateral to begin with; 1 on a development chain, nothing elsewhere'),
  marketPollMs: durationMs(15_000, 'between two looks at offers, auctions and accusations'),
  minWithdrawalWei: wei(0n, 'smaller payments wait for more'),
  withdrawalPollMs: durationMs(15_000, 'between two looks for payments'),
  deployment: common.deployment,
  cacheFolder: common.cacheFolder,
  threads: common.threads,
  systems: common.systems,
  logLevel: common.logLevel,
})
type NodeSettings = z.output<typeof nodeSettings>

const pricingOf = (settings: NodeSettings): NodePricing => ({
  hardwareWeiPerHour: parseEther(settings.hardwareEtherPerHour),
  powerWatts: settings.powerWatts,
  powerWeiPerKwh: parseEther(settings.powerEtherPerKwh),
  marginPpm: settings.marginPercent * 10_000,
  floorWei: parseEther(settings.minPriceEther),
})

/** Throws `not_a_hot_key`. */
const checkHotKey = async ({ reader, address }: Wallet, prover: Address): Promise<void> => {
  if (await reader.isKeyOf(prover, address)) return
  throw new WeftError(
    'not_a_hot_key',
    `${address} does not sign for ${prover}: run \`weft stake --hot-key ${address}\` with the prover’s own key`,
    { prover, key: address },
  )
}

/** Stakes and deposits what the settings ask for, so that offers are taken. */
const takeStanding = async (wallet: Wallet, settings: NodeSettings, output: Output): Promise<void> => {
  const { prover } = settings
  if (prover !== undefined) return checkHotKey(wallet, prover)
  const usual = DEV_CHAIN_IDS.includes(wallet.deployment.chainId) ? '1' : '0'
  await fillStake(wallet, parseEther(settings.stakeEther ?? usual), output)
  await fillAccount(wallet, parseEther(settings.accountEther ?? usual), output)
}

/** Proves jobs until the signal aborts; gives its lease back then. */
export const runNode = async (settings: NodeSettings, output: Output, signal: AbortSignal): Promise<void> => {
  const deployment = await readDeployment(settings.deployment)
  const { chainId, settlement, srs, fromBlock } = deployment
  assertDevChain(chainId, srs)
  warnOfDevSrs(output, srs)
  const progress = progressTo(output)
  const system = await openNoir({ ...settings, srs }, progress)
  const pad = await preparePad(system, progress, signal)
  const direct = await openDirectSystems(settings)
  const logger = createLogger(`node ${settings.name}`, settings.logLevel)
  const l1 = await openL1(deployment, settings, logBy(logger, signal))
  try {
    const wallet = deployment.market ? walletOf(l1, deployment) : null
    if (wallet) await takeStanding(wallet, settings, output)
    const node = await createNode(
      {
        coordinatorUrl: settings.coordinatorUrl,
        name: settings.name,
        version: VERSION,
        ...(settings.prover === undefined ? {} : { prover: settings.prover }),
        deployment: { chainId, settlement },
        srs,
        folder: settings.folder,
        threads: settings.threads,
        memoryBytes: settings.memoryMb * MIB,
        calibration: padCalibration(pad),
        minWithdrawalWei: settings.minWithdrawalWei,
        withdrawalPollMs: settings.withdrawalPollMs,
        fromBlock,
        pricing: pricingOf(settings),
        market: {
          collateralWei: parseEther(settings.jobCollateralEther),
          capacity: settings.jobs,
          pollMs: settings.marketPollMs,
        },
      },
      {
        system,
        systems: [...honkSystems(system), ...direct.systems],
        largestCircuit,
        signer: l1.account,
        clock: systemClock,
        logger,
        l1: { reader: settlementReader(l1.client, settlement), sender: l1.sender },
        ...(wallet
          ? {
              market: {
                l1: createNodeMarketL1({ client: l1.client, addresses: wallet.contracts, sender: l1.sender }),
                random: { bytes: (length) => randomBytes(length) },
              },
            }
          : {}),
      },
    )
    const { maxGates, gatesPerSecond } = node.status()
    output.event(
      { event: 'ready', prover: node.prover, name: settings.name, maxGates, gatesPerSecond },
      `prover ${l1.address} ready: up to ${maxGates} gates, ${gatesPerSecond} gates/s`,
    )
    await Promise.race([aborted(signal), node.ended])
    await node.stop()
  } finally {
    await l1.close()
    await Promise.all([system.close(), direct.close()])
  }
}
