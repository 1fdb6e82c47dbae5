import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ApiEvent, followEvents } from '@weft/api'
import { createL1Client, devAccount } from '@weft/chain'
import { type Address, toAddress, WeftError } from '@weft/protocol'
import { DEV_SRS_WARNING } from '@weft/system-noir'
import { createWalletClient, type Hex, http, parseEther } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { WebSocket } from 'ws'
import { z } from 'zod'
import { Board, describeEvent } from '../demo/board.js'
import { type Payments, readPayments } from '../demo/payments.js'
import { type ProcessEvent, WeftProcess } from '../demo/process.js'
import { describeSettled, type Settled } from '../demo/summary.js'
import { balancesOf, demoWallet, GENESIS_WEI, sendTransfers } from '../demo/wallets.js'
import { type DeploymentFile, readDeployment } from '../deployment.js'
import type { Output } from '../output.js'
import { systemClock } from '../runtime.js'
import { setting } from '../settings.js'
import { common } from '../settings-common.js'

export const demoSettings = z.object({
  transfers: setting(z.coerce.number().int().min(2).max(64).default(16), 'transfers over both rollups'),
  segmentSize: setting(z.coerce.number().int().default(4), 'transfers a leaf proof takes: 2 or 4'),
  cacheFolder: common.cacheFolder,
  keep: setting(z.string().optional(), 'folder for everything the demo writes; a temporary one otherwise'),
})
type DemoSettings = z.output<typeof demoSettings>

const NODES = ['node-1', 'node-2', 'node-3'] as const
/** Killed while it holds its first lease. */
const VICTIM = 'node-2'
const CHAIN_IDS = [7001, 7002] as const
const WALLETS = 4
const STOP_MS = 10_000
const WITHDRAWALS_MS = 60_000
const LOOK_MS = 500

interface Rollup {
  readonly chainId: number
  readonly url: string
  readonly contract: Address
}

interface Final {
  readonly batch: number
  readonly preRoot: Hex
  readonly postRoot: Hex
  readonly l1Tx: Hex
}

/** Everything the demo starts, so that all of it is ended. */
class Stage {
  readonly #processes: WeftProcess[] = []
  readonly finals = new Map<number, Final>()
  readonly #news = new EventTarget()

  constructor(
    readonly folder: string,
    readonly output: Output,
  ) {}

  /** Starts a process and tells of its long steps. */
  start(
    name: string,
    args: readonly string[],
    onEvent: (event: ProcessEvent) => void = () => undefined,
  ): WeftProcess {
    const started = new WeftProcess(name, args, join(this.folder, `${name}.log`), (event) => {
      if (event.event === 'preparing') {
        this.output.event({ ...event, process: name }, `  ${name}: ${String(event.step)}`)
      }
      onEvent(event)
    })
    this.#processes.push(started)
    return started
  }

  /** Rejects when any process ends unasked. */
  watch(): Promise<never> {
    return Promise.race(this.#processes.map((one) => one.watch()))
  }

  process(name: string): WeftProcess {
    const found = this.#processes.find((one) => one.name === name)
    if (found === undefined) throw new Error(`no process ${name}`)
    return found
  }

  final(chainId: number, final: Final) {
    this.finals.set(chainId, final)
    this.#news.dispatchEvent(new Event('final'))
  }

  /** Resolves when every rollup has a batch that is final on L1. */
  allFinal(): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (this.finals.size === CHAIN_IDS.length) resolve()
      }
      this.#news.addEventListener('final', look)
      look()
    })
  }

  /** Last started, first ended; the chain goes last. */
  async stop(): Promise<void> {
    const [chain, ...others] = this.#processes
    await Promise.all(others.map((one) => one.stop(STOP_MS)))
    await chain?.stop(STOP_MS)
  }
}

/** A funded key for each process that pays gas. */
const fundKeys = async (deployment: DeploymentFile, folder: string, names: readonly string[]) => {
  const client = createL1Client(deployment.l1Url)
  const bank = createWalletClient({ account: devAccount(1).account, transport: http(deployment.l1Url) })
  const paths = new Map<string, string>()
  for (const [i, name] of names.entries()) {
    const key = generatePrivateKey()
    const path = join(folder, `${name}.key`)
    await writeFile(path, key, { mode: 0o600 })
    const { address: to } = privateKeyToAccount(key)
    const hash = await bank.sendTransaction({ to, value: parseEther('10'), chain: null, nonce: i })
    await client.waitForTransactionReceipt({ hash, pollingInterval: 100 })
    paths.set(name, path)
  }
  return (name: string) => paths.get(name) as string
}

const startChain = async (stage: Stage, settings: DemoSettings): Promise<DeploymentFile> => {
  const path = join(stage.folder, 'deployment.json')
  const threads = String(cpus().length)
  const args = [
    'devnet',
    '--port',
    '0',
    '--deployment',
    path,
    '--cache-folder',
    settings.cacheFolder,
    '--threads',
    threads,
  ]
  await stage.start('devnet', args).ready()
  return readDeployment(path)
}

const startNetwork = async (
  stage: Stage,
  settings: DemoSettings,
  keyOf: (name: string) => string,
): Promise<string> => {
  const shared = [
    '--deployment',
    join(stage.folder, 'deployment.json'),
    '--cache-folder',
    settings.cacheFolder,
  ]
  const folderOf = (name: string) => ['--folder', join(stage.folder, name), '--key-file', keyOf(name)]
  const limits = ['--max-claims', String(CHAIN_IDS.length), '--window-ms', '120000']
  const coordinator = ['coordinator', '--port', '0', ...folderOf('coordinator'), ...limits, ...shared]
  const { url } = await stage.start('coordinator', coordinator).ready()
  const network = ['--coordinator-url', String(url), ...shared]
  // Two threads each, on however many cores: the last merges have the machine to themselves.
  const power = ['--threads', String(cpus().length), '--withdrawal-poll-ms', '1000']
  await Promise.all(
    NODES.map((name) =>
      stage.start(name, ['node', '--name', name, ...folderOf(name), ...power, ...network]).ready(),
    ),
  )
  return String(url)
}

const startRollups = async (
  stage: Stage,
  settings: DemoSettings,
  coordinatorUrl: string,
  keyOf: (name: string) => string,
): Promise<Rollup[]> => {
  const genesis = join(stage.folder, 'genesis.json')
  const balances = Array.from({ length: WALLETS }, (_, i) => [demoWallet(i).address, GENESIS_WEI.toString()])
  await writeFile(genesis, JSON.stringify(Object.fromEntries(balances)))
  return Promise.all(
    CHAIN_IDS.map(async (chainId) => {
      const name = `rollup-${chainId}`
      const args = ['rollup', '--port', '0', '--chain-id', String(chainId), '--genesis', genesis]
      const files = ['--folder', join(stage.folder, name), '--key-file', keyOf(name)]
      const batch = [
        '--segment-size',
        String(settings.segmentSize),
        '--batch-transfers',
        String(perRollup(settings)),
      ]
      const network = [
        '--coordinator-url',
        coordinatorUrl,
        '--deployment',
        join(stage.folder, 'deployment.json'),
      ]
      const started = stage.start(
        name,
        [
          ...args,
          ...files,
          ...batch,
          '--batch-age-ms',
          '60000',
          ...network,
          '--cache-folder',
          settings.cacheFolder,
        ],
        (event) => {
          if (event.event === 'final') stage.final(chainId, event as unknown as Final)
        },
      )
      const { url, contract } = await started.ready()
      return { chainId, url: String(url), contract: toAddress(String(contract)) }
    }),
  )
}

const perRollup = ({ transfers }: DemoSettings) => Math.ceil(transfers / CHAIN_IDS.length)

/** Records the coordinator's events, and kills one node when it has its first lease. */
const followAndKill = async (stage: Stage, url: string, board: Board, signal: AbortSignal): Promise<void> => {
  let isKilled = false
  const onEvent = (event: ApiEvent) => {
    board.record(event)
    const text = describeEvent(event)
    if (event.type !== 'quiet') stage.output.event({ event: 'network', ...event }, text)
    if (event.type !== 'job_leased' || event.node !== VICTIM || isKilled) return
    isKilled = true
    stage.process(VICTIM).kill()
    stage.output.event(
      { event: 'killed', node: VICTIM, job: event.job },
      `  ${VICTIM} is killed (SIGKILL) while it proves`,
    )
  }
  let since: number | undefined
  while (!signal.aborted) {
    const resume = since === undefined ? {} : { since }
    for await (const event of followEvents({ url, connect: (to) => new WebSocket(to), signal, ...resume })) {
      since = event.seq
      onEvent(event)
    }
    await systemClock.sleep(LOOK_MS, signal)
  }
}

/** Waits until the provers have withdrawn all that was collected for them. */
const awaitWithdrawals = async (
  deployment: DeploymentFile,
  jobs: number,
  signal: AbortSignal,
): Promise<Payments> => {
  const deadlineMs = systemClock.nowMs() + WITHDRAWALS_MS
  for (;;) {
    const payments = await readPayments(deployment)
    const isDone = payments.opened === CHAIN_IDS.length && payments.unpaidWei <= BigInt(jobs)
    if (isDone) return payments
    if (systemClock.nowMs() > deadlineMs || signal.aborted) {
      throw new WeftError(
        'not_withdrawn',
        `${payments.unpaidWei} wei that provers earned were not withdrawn within ${WITHDRAWALS_MS / 1000} s: see the nodes’ logs`,
      )
    }
    await systemClock.sleep(LOOK_MS, signal)
  }
}

const checkRoots = (finals: ReadonlyMap<number, Final>) => {
  for (const [chainId, { preRoot, postRoot }] of finals) {
    if (preRoot === postRoot)
      throw new WeftError('no_progress', `the state root of rollup ${chainId} did not advance`)
  }
}

const summarise = async (
  deployment: DeploymentFile,
  rollups: readonly Rollup[],
  stage: Stage,
  board: Board,
  payments: Payments,
  counts: { readonly transfers: number; readonly wallSeconds: number },
): Promise<Settled> => {
  if (board.l1Tx === null)
    throw new WeftError('not_settled', 'no aggregate was settled: see the coordinator’s log')
  const { gasUsed } = await createL1Client(deployment.l1Url).getTransactionReceipt({ hash: board.l1Tx })
  const addresses = Array.from({ length: WALLETS }, (_, i) => demoWallet(i).address)
  const balances = await Promise.all(
    rollups.map(async ({ url, chainId }) =>
      (await balancesOf(url, addresses)).map((row) => ({ chainId, ...row })),
    ),
  )
  return {
    event: 'settled',
    l1Tx: board.l1Tx,
    gasUsed: Number(gasUsed),
    gasPerTransfer: Math.round(Number(gasUsed) / (counts.transfers * rollups.length)),
    rollups: rollups.map(({ chainId }) => {
      const { batch, preRoot, postRoot } = stage.finals.get(chainId) as Final
      return { chainId, batch, preRoot, postRoot, transfers: counts.transfers }
    }),
    jobs: [...board.proven.values()].map(({ id, kind, prover, gates, seconds }) => ({
      id,
      kind,
      prover,
      gates,
      seconds,
    })),
    payments: payments.paid.map(({ prover, entries, amountWei }) => ({
      prover,
      entries,
      amountWei: amountWei.toString(),
    })),
    balances: balances
      .flat()
      .map(({ balanceWei, ...row }) => ({ ...row, balanceWei: balanceWei.toString() })),
    releasedLeases: board.released.length,
    wallSeconds: counts.wallSeconds,
  }
}

const perform = async (stage: Stage, settings: DemoSettings, signal: AbortSignal): Promise<void> => {
  const startMs = systemClock.nowMs()
  const { output } = stage
  const say = (step: string, text: string) => output.event({ event: 'step', step }, text)

  output.event({ event: 'warning', warning: DEV_SRS_WARNING }, DEV_SRS_WARNING)
  say(
    'devnet',
    'Starting a chain with Weft’s contracts (the first time, circuits and keys take about a minute)',
  )
  const deployment = await startChain(stage, settings)
  const rollupNames = CHAIN_IDS.map((chainId) => `rollup-${chainId}`)
  const keyOf = await fundKeys(deployment, stage.folder, ['coordinator', ...NODES, ...rollupNames])
  say('network', 'Starting coordinator and three provers')
  const url = await startNetwork(stage, settings, keyOf)
  say('rollups', 'Starting two payments rollups')
  const rollups = await startRollups(stage, settings, url, keyOf)

  const board = new Board()
  const following = new AbortController()
  const followed = followAndKill(stage, url, board, AbortSignal.any([signal, following.signal]))
  const transfers = perRollup(settings)
  const wallets = Array.from({ length: WALLETS }, (_, i) => demoWallet(i))
  say('transfers', `Sending ${transfers} transfers to each rollup`)
  await Promise.all(rollups.map((rollup) => sendTransfers(rollup.url, rollup.chainId, wallets, transfers)))
  say('proving', 'Proving')
  const story = (async () => {
    await stage.allFinal()
    checkRoots(stage.finals)
    say('withdrawing', 'Both rollups are final; provers withdraw')
    return awaitWithdrawals(deployment, board.proven.size, signal)
  })()
  const payments = await Promise.race([story, stage.watch(), followed.then(() => story)])
  following.abort()
  await followed

  const wallSeconds = (systemClock.nowMs() - startMs) / 1000
  const settled = await summarise(deployment, rollups, stage, board, payments, { transfers, wallSeconds })
  if (settled.releasedLeases === 0)
    throw new WeftError('no_release', `${VICTIM} was killed and no lease was released`)
  output.event({ ...settled }, describeSettled(settled, [...board.proven.values()], payments.paid))
}

/** Runs everything once, from wallets’ transfers to withdrawn earnings. */
export const runDemo = async (settings: DemoSettings, output: Output, signal: AbortSignal): Promise<void> => {
  const folder = settings.keep ?? (await mkdtemp(join(tmpdir(), 'weft-demo-')))
  await mkdir(folder, { recursive: true })
  const stage = new Stage(folder, output)
  const interrupted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new WeftError('interrupted', 'the demo was interrupted')), {
      once: true,
    })
  })
  try {
    await Promise.race([perform(stage, settings, signal), interrupted])
  } catch (error) {
    // The logs are what explains a failure.
    await stage.stop()
    process.stderr.write(`logs are in ${folder}\n`)
    throw error
  }
  await stage.stop()
  if (settings.keep === undefined) await rm(folder, { recursive: true, force: true })
}
