import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ApiEvent, followEvents } from '@weft/api'
import { createL1Client } from '@weft/chain'
import { WeftError } from '@weft/protocol'
import { WebSocket } from 'ws'
import { z } from 'zod'
import { Board, describeEvent } from '../demo/board.js'
import {
  CHAIN_IDS,
  NODES,
  type Rollup,
  startChain,
  startNetwork,
  startRollups,
  WALLETS,
} from '../demo/cast.js'
import { type Payments, readPayments } from '../demo/payments.js'
import { type Final, Stage } from '../demo/stage.js'
import { describeSettled, type Settled } from '../demo/summary.js'
import { balancesOf, demoWallet, sendTransfers } from '../demo/wallets.js'
import type { DeploymentFile } from '../deployment.js'
import { type Output, warnOfDevSrs } from '../output.js'
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

/** Killed while it holds its first lease. */
const VICTIM = NODES[1]
const WITHDRAWALS_MS = 60_000
const LOOK_MS = 500

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
  const transfersPerRollup = Math.ceil(settings.transfers / CHAIN_IDS.length)
  const options = { ...settings, transfersPerRollup }
  const say = (step: string, text: string) => output.event({ event: 'step', step }, text)

  warnOfDevSrs(output, 'dev')
  say(
    'devnet',
    'Starting a chain with Weft’s contracts (the first time, circuits and keys take about a minute)',
  )
  const deployment = await startChain(stage, options)
  say('network', 'Starting coordinator and three provers')
  const url = await startNetwork(stage, options)
  say('rollups', 'Starting two payments rollups')
  const rollups = await startRollups(stage, url, options)

  const board = new Board()
  const following = new AbortController()
  const followed = followAndKill(stage, url, board, AbortSignal.any([signal, following.signal]))
  const transfers = options.transfersPerRollup
  const wallets = Array.from({ length: WALLETS }, (_, i) => demoWallet(i))
  say('transfers', `Sending ${transfers} transfers to each rollup`)
  await Promise.all(rollups.map((rollup) => sendTransfers(rollup.url, rollup.chainId, wallets, transfers)))
  say('proving', 'Proving')
  const story = (async () => {
    await stage.allFinal(CHAIN_IDS.length)
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
