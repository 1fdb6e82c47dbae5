import {
  advanceCall,
  assertDevChain,
  deployRollup,
  type L1Client,
  rollupReader,
  type Sender,
} from '@weft/chain'
import type { SegmentSize } from '@weft/circuits'
import { type DeploymentFile, openNoir, readDeployment } from '@weft/client'
import type { Address, Bytes32 } from '@weft/protocol'
import {
  type BatchProver,
  createRollup,
  genesisState,
  type L1,
  ROLLUP_DEFAULTS,
  stateRoot,
} from '@weft/rollup'
import { createTenant, type Tenant } from '@weft/sdk'
import { WebSocket } from 'ws'
import { z } from 'zod'
import { readGenesisAccounts } from '../genesis.js'
import { logBy, openL1 } from '../l1.js'
import { type Output, progressTo, warnOfDevSrs } from '../output.js'
import { preparePayments } from '../prepare.js'
import { paymentSettings, preparePayment } from '../rollup-payment.js'
import { aborted, createLogger, systemClock } from '../runtime.js'
import { setting } from '../settings.js'
import { common, durationMs, port, wei } from '../settings-common.js'

export const rollupSettings = z.object({
  chainId: setting(z.coerce.number().int().positive().default(7001), 'the rollup’s own chain id'),
  host: common.host,
  port: port(9545, 'port of the wallets’ JSON-RPC'),
  folder: setting(z.string().default('.weft/rollup'), 'journal and transactions of this rollup'),
  genesis: setting(z.string(), 'JSON file with balances in wei by address'),
  keyFile: setting(z.string().default('.weft/sequencer.key'), 'the sequencer’s private key; made if missing'),
  segmentSize: setting(
    z.coerce
      .number()
      .refine((size): size is SegmentSize => size === 2 || size === 4, 'use 2 or 4')
      .default(4),
    'transfers a leaf proof takes: 2 or 4',
  ),
  batchTransfers: setting(
    z.coerce.number().int().positive().default(ROLLUP_DEFAULTS.batch.maxTransfers),
    'a batch closes with that many transfers',
  ),
  batchAgeMs: durationMs(ROLLUP_DEFAULTS.batch.maxAgeMs, 'a batch closes that long after its first transfer'),
  baseFeeWei: wei(1_000_000n, 'base fee of a unit of gas'),
  ...paymentSettings,
  coordinatorUrl: common.coordinatorUrl,
  deployment: common.deployment,
  cacheFolder: common.cacheFolder,
  threads: common.threads,
  logLevel: common.logLevel,
})
type RollupSettings = z.output<typeof rollupSettings>

const createL1 = (sender: Sender, client: L1Client, rollup: Address): L1 => {
  const reader = rollupReader(client, rollup)
  return {
    async head() {
      const [batches, root] = await Promise.all([reader.batchNumber(), reader.stateRoot()])
      return { batches: Number(batches), root }
    },
    async advance(batch, { claim, path }) {
      const { hash } = await sender.send(advanceCall(rollup, claim, path, batch.transfers))
      return { l1Tx: hash }
    },
  }
}

const createProver = (tenant: Tenant, program: Bytes32, output: Output): BatchProver => ({
  async prove(batch, signal) {
    output.event(
      {
        event: 'batch',
        batch: batch.number,
        segments: batch.segments.length,
        pre: batch.pre,
        post: batch.post,
      },
      `batch ${batch.number} closed: ${batch.segments.length} segments to prove`,
    )
    const segments = batch.segments.map(({ pre, post, data, inputs }) => ({ pre, post, data, inputs }))
    const { claim, index, siblings, l1Tx } = await tenant.prove({ program, segments }, { signal })
    output.event(
      { event: 'proven', batch: batch.number, l1Tx },
      `batch ${batch.number} proven, settled by ${l1Tx}`,
    )
    return { claim, path: { index, siblings }, settlementTx: l1Tx }
  },
})

/** Tells the events of batches that have become final. */
const announcing = (l1: L1, output: Output): L1 => ({
  head: () => l1.head(),
  async advance(batch, proven, signal) {
    const result = await l1.advance(batch, proven, signal)
    output.event(
      { event: 'final', batch: batch.number, preRoot: batch.pre, postRoot: batch.post, l1Tx: result.l1Tx },
      `batch ${batch.number} final on L1: ${result.l1Tx}`,
    )
    return result
  },
})

/** The program's id; its key is compiled or read from the cache. */
const payments = async (
  settings: RollupSettings,
  srs: DeploymentFile['srs'],
  output: Output,
  signal: AbortSignal,
) => {
  const progress = progressTo(output)
  const system = await openNoir({ ...settings, srs }, progress)
  try {
    return await preparePayments(system, settings.segmentSize, progress, signal)
  } finally {
    await system.close()
  }
}

/** Runs a payments rollup until the signal aborts: contract and deposit on L1, then JSON-RPC. */
export const runRollup = async (
  settings: RollupSettings,
  output: Output,
  signal: AbortSignal,
): Promise<void> => {
  const deployment = await readDeployment(settings.deployment)
  assertDevChain(deployment.chainId, deployment.srs)
  warnOfDevSrs(output, deployment.srs)
  const program = await payments(settings, deployment.srs, output, signal)
  const logger = createLogger('rollup', settings.logLevel)
  const l1 = await openL1(deployment, settings, logBy(logger, signal))
  const { client, account, address: sequencer, sender } = l1
  const genesis = {
    chainId: BigInt(settings.chainId),
    sequencer,
    baseFeeWeiPerGas: settings.baseFeeWei,
    accounts: await readGenesisAccounts(settings.genesis),
  }

  const { chainId, settlement } = deployment
  try {
    const genesisRoot = stateRoot(genesisState(genesis))
    const { segmentSize } = settings
    const plan = {
      settlement,
      program: program.id,
      segmentSize,
      genesisRoot,
      chainId: settings.chainId,
      sequencer,
    }
    const contract = await deployRollup(sender, plan)
    const payment = await preparePayment(settings, { deployment, l1, contract, program }, output)
    const tenant = createTenant({
      coordinatorUrl: settings.coordinatorUrl,
      signer: account,
      payment,
      deployment: { chainId, settlement },
      clock: systemClock,
      connect: (url) => new WebSocket(url),
      onWait: (reason) => logger.warn({ code: reason.code }, reason.message),
    })
    const rollup = await createRollup(
      {
        ...ROLLUP_DEFAULTS,
        genesis,
        segmentSize,
        folder: settings.folder,
        batch: {
          ...ROLLUP_DEFAULTS.batch,
          maxTransfers: settings.batchTransfers,
          maxAgeMs: settings.batchAgeMs,
        },
        rpc: { ...ROLLUP_DEFAULTS.rpc, host: settings.host, port: settings.port },
      },
      {
        prover: createProver(tenant, program.id, output),
        l1: announcing(createL1(sender, client, contract), output),
        clock: systemClock,
        logger,
      },
    )
    const url = await rollup.listen()
    output.event(
      { event: 'ready', url, chainId: settings.chainId, contract, sequencer },
      `rollup ${settings.chainId} on ${url}, contract ${contract}, sequencer ${sequencer}`,
    )
    await aborted(signal)
    await rollup.close()
  } finally {
    await l1.close()
  }
}
