import { hostname, totalmem } from 'node:os'
import { join } from 'node:path'
import {
  assertDevChain,
  createFileTxStore,
  createL1Client,
  createSender,
  settlementReader,
  WEFT_ABI,
} from '@weft/chain'
import { createNode } from '@weft/node'
import { toAddress } from '@weft/protocol'
import { DEV_SRS_WARNING, largestCircuit } from '@weft/system-noir'
import { z } from 'zod'
import { readDeployment } from '../deployment.js'
import { fillOnDevnet } from '../gas.js'
import { openKey } from '../keys.js'
import type { Output } from '../output.js'
import { padCalibration } from '../pad.js'
import { openSystem, preparePad } from '../prepare.js'
import { aborted, createLogger, systemClock } from '../runtime.js'
import { setting } from '../settings.js'
import { common, durationMs, wei } from '../settings-common.js'
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
  minWithdrawalWei: wei(0n, 'smaller payments wait for more'),
  withdrawalPollMs: durationMs(15_000, 'between two looks for payments'),
  deployment: common.deployment,
  cacheFolder: common.cacheFolder,
  threads: common.threads,
  logLevel: common.logLevel,
})
type NodeSettings = z.output<typeof nodeSettings>

/** Proves jobs until the signal aborts; gives its lease back then. */
export const runNode = async (settings: NodeSettings, output: Output, signal: AbortSignal): Promise<void> => {
  const deployment = await readDeployment(settings.deployment)
  const { chainId, settlement, srs, l1Url, fromBlock } = deployment
  assertDevChain(chainId, srs)
  if (srs === 'dev') output.event({ event: 'warning', warning: DEV_SRS_WARNING }, DEV_SRS_WARNING)
  const progress = (step: string) => output.event({ event: 'preparing', step }, `preparing ${step}`)
  const system = await openSystem({ ...settings, srs }, progress)
  const pad = await preparePad(system, progress, signal)
  const account = await openKey(settings.keyFile)
  await fillOnDevnet(deployment, toAddress(account.address))
  const client = createL1Client(l1Url)
  const store = await createFileTxStore(join(settings.folder, 'transactions.jsonl'))
  const sender = await createSender({
    client,
    chainId,
    account,
    store,
    clock: systemClock,
    abi: WEFT_ABI,
    pollMs: 500,
  })
  try {
    const node = await createNode(
      {
        coordinatorUrl: settings.coordinatorUrl,
        name: settings.name,
        version: VERSION,
        deployment: { chainId, settlement },
        srs,
        folder: settings.folder,
        threads: settings.threads,
        memoryBytes: settings.memoryMb * MIB,
        calibration: padCalibration(pad),
        minWithdrawalWei: settings.minWithdrawalWei,
        withdrawalPollMs: settings.withdrawalPollMs,
        fromBlock,
      },
      {
        system,
        largestCircuit,
        signer: account,
        clock: systemClock,
        logger: createLogger(`node ${settings.name}`, settings.logLevel),
        l1: { reader: settlementReader(client, settlement), sender },
      },
    )
    const { maxGates, gatesPerSecond } = node.status()
    output.event(
      { event: 'ready', prover: node.prover, name: settings.name, maxGates, gatesPerSecond },
      `prover ${toAddress(account.address)} ready: up to ${maxGates} gates, ${gatesPerSecond} gates/s`,
    )
    await Promise.race([aborted(signal), node.ended])
    await node.stop()
  } finally {
    await sender.close()
    await store.close()
    await system.close()
  }
}
