import { join } from 'node:path'
import { checkDeployment, MERGED_SYSTEM, type Network } from '@weft/api'
import type { ProofSystem } from '@weft/proof'
import { type Address, toAddress, WeftError } from '@weft/protocol'
import { measureGatesPerSecond } from './benchmark.js'
import { createLink, type Link } from './coordinator/link.js'
import { createEarnings, type EarningsKeeper } from './earnings/earnings.js'
import { type Blobs, createBlobs } from './job/blobs.js'
import { createOutbox } from './job/outbox.js'
import { createPrograms, type Programs } from './job/programs.js'
import { joinMarket, type MarketParts, openMarket } from './market/join.js'
import type { NodeMarket } from './market/market.js'
import { Payments } from './market/payments.js'
import type { NodeDeps, NodeL1, NodeOptions, ProverNode } from './options.js'
import type { Logger } from './ports.js'
import { announceKeys } from './private-inputs/announce.js'
import type { EncryptionKeys } from './private-inputs/keys.js'
import { createPrivateInputs } from './private-inputs/open.js'
import type { MarketStatus, Problem } from './status.js'
import { Worker } from './worker.js'

const ASK_MS = 10_000
/** The least time that setting up a program gets. */
const SETUP_MS = 300_000
const MIB = 2 ** 20

/** Refuses a coordinator for other contracts, another proof system or another SRS than this node's. */
const checkNetwork = (network: Network, { deployment, srs }: NodeOptions, system: ProofSystem) => {
  checkDeployment(network, deployment)
  if (network.srs !== srs) {
    throw new WeftError(
      'srs_mismatch',
      `the coordinator's keys are of the ${network.srs} SRS, this node's of the ${srs} SRS: they never mix`,
      { coordinator: network.srs, node: srs },
    )
  }
  if (network.system !== system.id) {
    throw new WeftError('system_mismatch', 'the coordinator uses another proof system than this node', {
      coordinator: network.system,
      node: system.id,
    })
  }
}

/**
 * Starts a prover: measures the machine, then leases, proves and hands in until it is stopped.
 * Rejects with `self_test_failed`; `memory_too_small` where not even the calibration program fits. The coordinator
 * may be away meanwhile; what it refuses for good rejects `ended`.
 */
export const createNode = async (options: NodeOptions, deps: NodeDeps): Promise<ProverNode> => {
  const { system, signer, clock, logger } = deps
  const prover = options.prover ?? toAddress(signer.address)
  const stopping = new AbortController()
  const { signal } = stopping
  const minJobMs = options.minJobMs ?? 120_000

  const maxGates = Math.floor(deps.largestCircuit(options.memoryBytes))
  if (maxGates < options.calibration.gates) {
    throw new WeftError(
      'memory_too_small',
      `${options.memoryBytes} bytes prove ${maxGates} gates, less than the smallest job: give the node more memory`,
      { memoryBytes: options.memoryBytes, maxGates },
    )
  }
  const limits = { signal, memoryBytes: options.memoryBytes, timeMs: minJobMs }
  const gatesPerSecond = await measureGatesPerSecond(system, options.calibration, prover, limits, clock)
  logger.info({ maxGates, gatesPerSecond }, 'this machine can prove')

  let coordinator: Problem | null = null
  const { name, version, srs, threads, memoryBytes } = options
  const parts = await openMarket(options, deps, prover)
  const systems = [MERGED_SYSTEM, ...(deps.systems ?? []).map((each) => each.name)]
  const measured = { name, version, srs, threads, memoryBytes, maxGates, gatesPerSecond, systems }
  const capabilities = async () =>
    parts ? { ...measured, encryptionKey: await parts.keys.current() } : measured
  const link = createLink({
    url: options.coordinatorUrl,
    signer,
    account: prover,
    deployment: options.deployment,
    capabilities,
    clock,
    ...(deps.fetch ? { fetch: deps.fetch } : {}),
    onAnswer: () => {
      coordinator = null
    },
    onWait: ({ code, message }) => {
      if (coordinator?.code !== code) logger.warn({ code }, message)
      coordinator = { code, message, atMs: clock.nowMs() }
    },
  })
  let worker: Worker | null = null
  let market: NodeMarket | null = null
  let offering: Promise<void> | undefined
  const earnings = deps.l1 ? await keepEarnings(options, deps, deps.l1, link, prover, parts) : null

  const run = async () => {
    const network = await link.ask(signal, ASK_MS, (api, limited) => api.network({ signal: limited }))
    checkNetwork(network, options, system)
    const blobs = createBlobs(link, join(options.folder, 'blobs'))
    const programs = openPrograms(options, deps, link, blobs, minJobMs)
    market = await joinMarket(options, deps, parts, { link, network, gatesPerSecond, maxGates, programs })
    worker = await createWorker(options, deps, {
      link,
      network,
      blobs,
      programs,
      prover,
      gatesPerSecond,
      minJobMs,
      signal,
      market,
      keys: parts?.keys ?? null,
    })
    offering = market?.run(signal)
    await worker.run(signal)
  }
  // Earnings and accusations are looked after even while the coordinator is away.
  const announcing = parts && announceKeys({ keys: parts.keys, link, capabilities, clock, logger }, signal)
  const background = [earnings?.run(signal), parts?.defence.run(signal), announcing]
  const ended = run()
    .catch((error: unknown) => {
      if (signal.aborted) return
      stopping.abort()
      throw error
    })
    .finally(() => Promise.all([...background, offering]))
  // Whoever does not look at `ended` sees the reason in the log.
  ended.catch((error: unknown) => logger.error({ error: String(error) }, 'the node cannot go on'))

  return {
    prover,
    ended,
    status: () => ({
      activity: worker?.activity ?? { kind: signal.aborted ? 'stopped' : 'waiting' },
      maxGates,
      gatesPerSecond,
      proven: worker?.proven ?? 0,
      released: { ...worker?.released },
      coordinator,
      lastFailure: worker?.lastFailure ?? null,
      earnings: earnings?.status() ?? null,
      market: marketStatus(market, parts, clock.nowMs()),
    }),
    async stop() {
      stopping.abort()
      await ended.catch(() => undefined)
    },
  }
}

/** Nothing is more urgent than an accusation. */
const marketStatus = (
  market: NodeMarket | null,
  parts: MarketParts | null,
  atMs: number,
): MarketStatus | null => {
  if (market === null) return null
  const [accusation] = parts?.defence.open ?? []
  if (!accusation) return market.status()
  const until = new Date(accusation.until * 1000).toISOString()
  const message = `accused of breaking commitment ${accusation.commitment}: has to be answered until ${until}, see the log`
  return { ...market.status(), problem: { code: 'accused', message, atMs } }
}

const openPrograms = (
  { memoryBytes, maxArtifactBytes = 256 * MIB }: NodeOptions,
  { system, systems = [] }: NodeDeps,
  link: Link,
  blobs: Blobs,
  minJobMs: number,
): Programs => {
  const setup = { memoryBytes, timeMs: Math.max(SETUP_MS, minJobMs) }
  return createPrograms({ link, blobs, system: system.id, systems, maxArtifactBytes, setup })
}

interface WorkerSetup {
  readonly link: Link
  readonly network: Network
  readonly blobs: Blobs
  readonly programs: Programs
  readonly prover: Address
  readonly gatesPerSecond: number
  readonly minJobMs: number
  readonly signal: AbortSignal
  readonly market: NodeMarket | null
  readonly keys: EncryptionKeys | null
}

const createWorker = async (options: NodeOptions, deps: NodeDeps, given: WorkerSetup): Promise<Worker> => {
  const { system, clock, logger, l1 } = deps
  const { link, network, blobs, programs, prover, minJobMs, signal, keys } = given
  const { mergeProgram } = network
  const maxInputBytes = Math.min(network.maxInputBytes, options.maxInputBytes ?? 64 * MIB)
  const privateInputs = keys && createPrivateInputs({ link, keys, prover, maxInputBytes })
  if (l1)
    await checkMergeKey(await programs.load(mergeProgram, signal).then(({ key }) => key.hash), l1, logger)
  return new Worker({
    link,
    outbox: createOutbox(join(options.folder, 'outbox')),
    task: { system, programs, blobs, prover, mergeProgram, maxInputBytes, privateInputs },
    system,
    clock,
    logger,
    gatesPerSecond: given.gatesPerSecond,
    memoryBytes: options.memoryBytes,
    minJobMs,
    market: given.market,
  })
}

/** Work merged under another key than the settlement's is never paid. */
const checkMergeKey = async (given: string, { reader }: NodeL1, logger: Logger) => {
  const pinned = await reader.mergeKey().catch((error: unknown) => {
    if (!(error instanceof WeftError) || error.code !== 'l1_unavailable') throw error
    logger.warn({ error: error.message }, 'cannot check the merge key against L1 now')
    return given
  })
  if (pinned === given) return
  throw new WeftError(
    'foreign_merge_key',
    `the coordinator merges under key ${given}, the settlement takes only ${pinned}: use another coordinator`,
    { given, pinned },
  )
}

const keepEarnings = (
  options: NodeOptions,
  { clock, logger }: NodeDeps,
  { reader, sender }: NodeL1,
  link: Link,
  prover: Address,
  parts: MarketParts | null,
): Promise<EarningsKeeper> => {
  const minWei = options.minWithdrawalWei ?? 0n
  return createEarnings({
    path: join(options.folder, 'earnings.json'),
    link,
    reader,
    sender,
    prover,
    clock,
    logger,
    minWei,
    pollMs: options.withdrawalPollMs ?? 15_000,
    fromBlock: options.fromBlock ?? 0n,
    payments: parts && new Payments({ ...parts, link, logger, minWei }),
  })
}
