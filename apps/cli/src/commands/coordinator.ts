import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import {
  assertDevChain,
  checkDelivery,
  createDirectSettler,
  createL1Client,
  createMarketL1,
  createMarketSettler,
  createSettler,
  createTenants,
  type SrsKind,
} from '@weft/chain'
import type { PAYMENTS } from '@weft/circuits'
import { type DeploymentFile, honkSystems, openDirectSystems, openNoir, readDeployment } from '@weft/client'
import {
  type CoordinatorDeps,
  createCoordinator,
  DEFAULT_LIMITS,
  DEFAULT_TIMING,
  openBlobStore,
  openPglite,
} from '@weft/coordinator'
import { WeftError } from '@weft/protocol'
import { z } from 'zod'
import { type L1, logBy, openL1 } from '../l1.js'
import { type Output, progressTo, warnOfDevSrs } from '../output.js'
import { padFiller } from '../pad.js'
import { prepareMergeProgram, preparePad, preparePayments } from '../prepare.js'
import { aborted, createLogger, systemClock } from '../runtime.js'
import { setting } from '../settings.js'
import { common, durationMs, port, wei } from '../settings-common.js'
import { VERSION } from '../version.js'

const MIB = 2 ** 20

export const coordinatorSettings = z.object({
  host: common.host,
  port: port(7420, 'port of the API'),
  folder: setting(
    z.string().default('.weft/coordinator'),
    'database, inputs and proofs; one coordinator each',
  ),
  keyFile: setting(
    z.string().default('.weft/coordinator.key'),
    'pays for settlements on L1; made if missing',
  ),
  windowMs: durationMs(DEFAULT_TIMING.windowMs, 'how long an aggregate waits for more batches'),
  deliveryWindowMs: durationMs(
    DEFAULT_TIMING.deliveryWindowMs,
    'how long a proof waits for others that L1 verifies together with it',
  ),
  maxClaims: setting(
    z.coerce.number().int().min(1).max(1024).default(DEFAULT_LIMITS.maxClaims),
    'batches in one aggregate',
  ),
  maxBatchedProofs: setting(
    z.coerce.number().int().min(1).max(128).default(DEFAULT_LIMITS.maxBatchedProofs),
    'proofs in one batch',
  ),
  maxProgramMb: setting(
    z.coerce
      .number()
      .int()
      .min(1)
      .max(256)
      .default(DEFAULT_LIMITS.maxProgramBytes / MIB),
    'the largest program that is taken: circom’s keys grow with their circuits',
    'MiB',
  ),
  minStakeWei: wei(10n ** 17n, 'stake without which a prover’s offers are not taken'),
  heartbeatMs: durationMs(DEFAULT_TIMING.heartbeatMs, 'how often a node shows that it lives'),
  leaseMs: durationMs(DEFAULT_TIMING.leaseMs, 'without a heartbeat for so long, a lease is lost'),
  deployment: common.deployment,
  cacheFolder: common.cacheFolder,
  threads: common.threads,
  systems: common.systems,
  logLevel: common.logLevel,
})
type CoordinatorSettings = z.output<typeof coordinatorSettings>

const preparePrograms = async (
  settings: CoordinatorSettings,
  srs: SrsKind,
  output: Output,
  signal: AbortSignal,
) => {
  const progress = progressTo(output)
  const system = await openNoir({ ...settings, srs }, progress)
  const merge = await prepareMergeProgram(system, progress, signal)
  const pad = await preparePad(system, progress, signal)
  const programs = [pad]
  for (const size of [2, 4] as const satisfies readonly (keyof typeof PAYMENTS)[]) {
    programs.push(await preparePayments(system, size, progress, signal))
  }
  return { system, merge, pad, programs }
}

/** How aggregates are settled and paid for: through the market where there is one, else from tenants' deposits. */
const l1Ports = (
  { settlement, fromBlock, market: contracts }: DeploymentFile,
  { client, sender, account, address }: L1,
): Pick<CoordinatorDeps, 'settler' | 'directSettler' | 'tenants' | 'market' | 'matcher'> => {
  const tenants = createTenants({ client, settlement, fromBlock })
  if (!contracts) return { settler: createSettler(sender, { client, settlement, fromBlock }), tenants }
  const addresses = { ...contracts, settlement }
  return {
    settler: createMarketSettler(sender, { client, addresses, fromBlock }),
    directSettler: createDirectSettler(sender, { client, addresses, fromBlock }),
    tenants,
    market: createMarketL1(sender, { client, addresses }),
    // The key that settles: what it sends to L1 needs no second signature of its own.
    matcher: { address, sign: (digest) => account.sign({ hash: digest }) },
  }
}

/** Throws `bad_deployment`. While L1 is down nothing can be said, and nothing is sent to it either. */
const checkContracts = async (
  { l1Url, market }: DeploymentFile,
  log: CoordinatorDeps['log'],
): Promise<void> => {
  if (!market) return
  try {
    await checkDelivery(createL1Client(l1Url), market)
  } catch (error) {
    if (!(error instanceof WeftError) || error.code !== 'l1_unavailable') throw error
    log.warn({ reason: error.message }, 'cannot check the deployment: L1 is down')
  }
}

/** Serves the API until the signal aborts. */
export const runCoordinator = async (
  settings: CoordinatorSettings,
  output: Output,
  signal: AbortSignal,
): Promise<void> => {
  const deployment = await readDeployment(settings.deployment)
  const { chainId, srs, settlement, mergeKey, market } = deployment
  const { windowMs, deliveryWindowMs, heartbeatMs, leaseMs } = settings
  const { maxClaims, maxBatchedProofs, maxProgramMb } = settings
  assertDevChain(chainId, srs)
  warnOfDevSrs(output, srs)
  const log = createLogger('coordinator', settings.logLevel)
  await checkContracts(deployment, log)
  const { system, merge, pad, programs } = await preparePrograms(settings, srs, output, signal)
  if (merge.key.hash !== mergeKey) {
    throw new WeftError('bad_deployment', 'the deployment is of another merge circuit: deploy again', {
      mergeKey,
    })
  }
  const direct = await openDirectSystems(settings)
  const l1 = await openL1(deployment, settings, logBy(log, signal))
  const database = await openPglite(join(settings.folder, 'database'))
  const blobs = await openBlobStore(join(settings.folder, 'blobs'), systemClock.nowMs)
  const sealed = await openBlobStore(join(settings.folder, 'sealed'), systemClock.nowMs)
  try {
    const coordinator = await createCoordinator(
      {
        version: VERSION,
        chainId,
        settlement,
        srs,
        system: system.id,
        maxProofBytes: system.maxProofBytes,
        merge,
        programs,
        pad: padFiller(pad),
        timing: { windowMs, deliveryWindowMs, heartbeatMs, leaseMs },
        limits: { maxClaims, maxBatchedProofs, maxProgramBytes: maxProgramMb * MIB },
        ...(market
          ? { market: { contract: market.market, limits: { minStakeWei: settings.minStakeWei } } }
          : {}),
      },
      {
        database,
        blobs,
        sealed,
        clock: { nowMs: systemClock.nowMs, after: (ms, task) => systemClock.schedule(ms, task).cancel },
        random: { bytes: randomBytes },
        log,
        verifier: system,
        systems: market ? [...honkSystems(system), ...direct.systems] : [],
        hashKey: (key) => system.hashKey(key),
        ...l1Ports(deployment, l1),
      },
    )
    const url = await coordinator.listen({ host: settings.host, port: settings.port })
    output.event({ event: 'ready', url }, `coordinator on ${url}, settling with ${l1.address}`)
    await aborted(signal)
    await coordinator.close()
  } finally {
    await database.close()
    await l1.close()
    await Promise.all([system.close(), direct.close()])
  }
}
