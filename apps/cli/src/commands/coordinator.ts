import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import {
  assertDevChain,
  createFileTxStore,
  createL1Client,
  createSender,
  createSettler,
  createTenants,
  WEFT_ABI,
} from '@weft/chain'
import type { PAYMENTS } from '@weft/circuits'
import {
  createCoordinator,
  DEFAULT_LIMITS,
  DEFAULT_TIMING,
  openBlobStore,
  openPglite,
} from '@weft/coordinator'
import { toAddress, WeftError } from '@weft/protocol'
import { DEV_SRS_WARNING } from '@weft/system-noir'
import { z } from 'zod'
import { readDeployment } from '../deployment.js'
import { fillOnDevnet } from '../gas.js'
import { openKey } from '../keys.js'
import type { Output } from '../output.js'
import { padFiller } from '../pad.js'
import { openSystem, prepareMergeProgram, preparePad, preparePayments } from '../prepare.js'
import { aborted, createLogger, systemClock } from '../runtime.js'
import { setting } from '../settings.js'
import { common, durationMs, port } from '../settings-common.js'
import { VERSION } from '../version.js'

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
  maxClaims: setting(
    z.coerce.number().int().min(1).max(1024).default(DEFAULT_LIMITS.maxClaims),
    'batches in one aggregate',
  ),
  heartbeatMs: durationMs(DEFAULT_TIMING.heartbeatMs, 'how often a node shows that it lives'),
  leaseMs: durationMs(DEFAULT_TIMING.leaseMs, 'without a heartbeat for so long, a lease is lost'),
  deployment: common.deployment,
  cacheFolder: common.cacheFolder,
  threads: common.threads,
  logLevel: common.logLevel,
})
type CoordinatorSettings = z.output<typeof coordinatorSettings>

const preparePrograms = async (
  settings: CoordinatorSettings,
  srs: 'dev' | 'ignition',
  output: Output,
  signal: AbortSignal,
) => {
  const progress = (step: string) => output.event({ event: 'preparing', step }, `preparing ${step}`)
  const system = await openSystem({ ...settings, srs }, progress)
  const merge = await prepareMergeProgram(system, progress, signal)
  const pad = await preparePad(system, progress, signal)
  const programs = [pad]
  for (const size of [2, 4] as const satisfies readonly (keyof typeof PAYMENTS)[]) {
    programs.push(await preparePayments(system, size, progress, signal))
  }
  return { system, merge, pad, programs }
}

/** Serves the API until the signal aborts. */
export const runCoordinator = async (
  settings: CoordinatorSettings,
  output: Output,
  signal: AbortSignal,
): Promise<void> => {
  const deployment = await readDeployment(settings.deployment)
  const { l1Url, chainId, srs, settlement, mergeKey, fromBlock } = deployment
  assertDevChain(chainId, srs)
  if (srs === 'dev') output.event({ event: 'warning', warning: DEV_SRS_WARNING }, DEV_SRS_WARNING)
  const { system, merge, pad, programs } = await preparePrograms(settings, srs, output, signal)
  if (merge.key.hash !== mergeKey) {
    throw new WeftError('bad_deployment', 'the deployment is of another merge circuit: deploy again', {
      mergeKey,
    })
  }
  const log = createLogger('coordinator', settings.logLevel)
  const client = createL1Client(l1Url)
  const account = await openKey(settings.keyFile)
  await fillOnDevnet(deployment, toAddress(account.address))
  const store = await createFileTxStore(join(settings.folder, 'transactions.jsonl'))
  const sender = await createSender({
    client,
    chainId,
    account,
    store,
    clock: systemClock,
    abi: WEFT_ABI,
    pollMs: 250,
  })
  const portOptions = { client, settlement, fromBlock }
  const database = await openPglite(join(settings.folder, 'database'))
  const blobs = await openBlobStore(join(settings.folder, 'blobs'), systemClock.nowMs)
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
        timing: { windowMs: settings.windowMs, heartbeatMs: settings.heartbeatMs, leaseMs: settings.leaseMs },
        limits: { maxClaims: settings.maxClaims },
      },
      {
        database,
        blobs,
        clock: { nowMs: systemClock.nowMs, after: (ms, task) => systemClock.schedule(ms, task).cancel },
        random: { bytes: randomBytes },
        log,
        verifier: system,
        hashKey: (key) => system.hashKey(key),
        settler: createSettler(sender, portOptions),
        tenants: createTenants(portOptions),
      },
    )
    const url = await coordinator.listen({ host: settings.host, port: settings.port })
    output.event({ event: 'ready', url }, `coordinator on ${url}, settling with ${account.address}`)
    await aborted(signal)
    await coordinator.close()
  } finally {
    await database.close()
    await sender.close()
    await store.close()
    await system.close()
  }
}
