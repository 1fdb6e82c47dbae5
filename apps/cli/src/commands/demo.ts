import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createL1Client } from '@weft/chain'
import type { DeploymentFile } from '@weft/client'
import { type Address, WeftError } from '@weft/protocol'
import { z } from 'zod'
import { Board } from '../demo/board.js'
import {
  CHAIN_IDS,
  NODES,
  type Rollup,
  startChain,
  startNetwork,
  startRollups,
  WALLETS,
} from '../demo/cast.js'
import { followAndKill, watchProgress } from '../demo/follow.js'
import {
  checkVerdict,
  describeTakeover,
  expectedVerdict,
  type Incident,
  type Verdict,
  verdictOn,
} from '../demo/incident.js'
import { type Payments, readPayments } from '../demo/payments.js'
import { type Final, Stage } from '../demo/stage.js'
import { describeSettled, type Settled } from '../demo/summary.js'
import { balancesOf, demoWallet, sendTransfers } from '../demo/wallets.js'
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

const PAYMENTS_MS = 90_000
const STOP_MS = 10_000
const LOOK_MS = 500

/** What L1 says of the transaction that settled. */
const readSettlement = async (
  { l1Url }: DeploymentFile,
  { l1Tx }: Board,
): Promise<Pick<Settled, 'l1Tx' | 'settledAt' | 'gasUsed'>> => {
  if (l1Tx === null) throw new WeftError('not_settled', 'no aggregate was settled: see the coordinator’s log')
  const l1 = createL1Client(l1Url)
  const { blockNumber, gasUsed } = await l1.getTransactionReceipt({ hash: l1Tx })
  const { timestamp } = await l1.getBlock({ blockNumber })
  return { l1Tx, settledAt: Number(timestamp), gasUsed: Number(gasUsed) }
}

/** Waits until everybody has collected what was paid, and L1 has judged the killed prover's broken commitment. */
const awaitPayments = async (
  deployment: DeploymentFile,
  board: Board,
  incident: Incident,
  expected: Verdict | null,
  signal: AbortSignal,
): Promise<Payments> => {
  // Nobody can be accused before the deadline that it promised.
  const promisedMs = expected === null ? 0 : incident.broken.deadline * 1000
  const deadlineMs = Math.max(systemClock.nowMs(), promisedMs) + PAYMENTS_MS
  for (;;) {
    const isJudged = expected === null || verdictOn(board, incident) !== null
    const payments = await readPayments(deployment)
    const isPaid =
      payments.orders === CHAIN_IDS.length && payments.uncollectedWei <= BigInt(board.proven.size)
    if (isPaid && isJudged) {
      checkVerdict(board, incident, expected, payments)
      return payments
    }
    if (systemClock.nowMs() > deadlineMs || signal.aborted) {
      throw new WeftError(
        'not_paid',
        `${payments.orders} of ${CHAIN_IDS.length} requests are paid, ${payments.uncollectedWei} wei uncollected, and L1 has ${isJudged ? '' : 'not '}judged the killed prover: see the logs of coordinator and nodes`,
      )
    }
    await systemClock.sleep(LOOK_MS, signal)
  }
}

/** The provers that are left end, and take all their money out of the market. */
const withdrawAll = async (stage: Stage, killed: string): Promise<Settled['withdrawals']> => {
  const withdrawals: Settled['withdrawals'][number][] = []
  for (const name of NODES.filter((node) => node !== killed)) {
    await stage.process(name).stop(STOP_MS)
    const settings = { 'key-file': stage.path(`${name}.key`), folder: stage.path(name) }
    const process = stage.start(
      `${name}-withdraws`,
      'withdraw all',
      { ...settings, deployment: stage.path('deployment.json') },
      (event) => {
        if (event.event !== 'withdrawn') return
        withdrawals.push({ prover: event.account as Address, amountWei: String(event.amountWei) })
      },
    )
    await process.succeeded()
  }
  return withdrawals
}

const checkRoots = (finals: ReadonlyMap<number, Final>) => {
  for (const [chainId, { preRoot, postRoot }] of finals) {
    if (preRoot === postRoot)
      throw new WeftError('no_progress', `the state root of rollup ${chainId} did not advance`)
  }
}

const summarise = async (
  rollups: readonly Rollup[],
  stage: Stage,
  board: Board,
  payments: Payments,
  told: Pick<Settled, 'l1Tx' | 'settledAt' | 'gasUsed' | 'takeover' | 'withdrawals' | 'wallSeconds'> & {
    readonly transfers: number
  },
): Promise<Settled> => {
  const { l1Tx, settledAt, gasUsed } = told
  const addresses = Array.from({ length: WALLETS }, (_, i) => demoWallet(i).address)
  const balances = await Promise.all(
    rollups.map(async ({ url, chainId }) =>
      (await balancesOf(url, addresses)).map((row) => ({ chainId, ...row })),
    ),
  )
  return {
    event: 'settled',
    l1Tx,
    settledAt,
    gasUsed,
    gasPerTransfer: Math.round(gasUsed / (told.transfers * rollups.length)),
    rollups: rollups.map(({ chainId }) => {
      const { batch, preRoot, postRoot } = stage.finals.get(chainId) as Final
      return { chainId, batch, preRoot, postRoot, transfers: told.transfers }
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
    takeover: told.takeover,
    defaults: payments.defaults.map(({ prover, rescuer, collateralWei, stakeWei }) => ({
      prover,
      rescuer,
      collateralWei: collateralWei.toString(),
      stakeWei: stakeWei.toString(),
    })),
    withdrawals: told.withdrawals,
    balances: balances
      .flat()
      .map(({ balanceWei, ...row }) => ({ ...row, balanceWei: balanceWei.toString() })),
    releasedLeases: board.released.length,
    wallSeconds: told.wallSeconds,
  }
}

const perform = async (stage: Stage, settings: DemoSettings, signal: AbortSignal): Promise<void> => {
  const startMs = systemClock.nowMs()
  const { output } = stage
  const transfersPerRollup = Math.ceil(settings.transfers / CHAIN_IDS.length)
  if (transfersPerRollup <= settings.segmentSize) {
    throw new WeftError(
      'bad_config',
      `give more than ${CHAIN_IDS.length * settings.segmentSize} transfers: each rollup needs two segments for its provers to share`,
    )
  }
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
  const both = AbortSignal.any([signal, following.signal])
  let onTakeover: (incident: Incident) => void = () => undefined
  const takenOver = new Promise<Incident>((resolve) => {
    onTakeover = resolve
  })
  const followed = followAndKill(stage, url, board, both, onTakeover)
  const transfers = options.transfersPerRollup
  const story = async () => {
    await sendAll(rollups, transfers, say, takenOver)
    say('proving', 'Proving')
    await stage.allFinal(CHAIN_IDS.length)
    checkRoots(stage.finals)
    say('paying', 'Both rollups are final; provers collect, and L1 judges the killed one')
    const incident = await takenOver
    const settlement = await readSettlement(deployment, board)
    const expected = expectedVerdict(board, incident, settlement.settledAt)
    const payments = await awaitPayments(deployment, board, incident, expected, signal)
    say('withdrawing', 'Provers take their money out')
    const withdrawals = await withdrawAll(stage, incident.broken.node)
    return { payments, ...settlement, withdrawals, takeover: describeTakeover(incident) }
  }
  const watches = [stage.watch(), never(followed), never(watchProgress(board, both))]
  const { payments, ...told } = await Promise.race([story(), ...watches])
  following.abort()
  await followed

  const wallSeconds = (systemClock.nowMs() - startMs) / 1000
  const settled = await summarise(rollups, stage, board, payments, {
    ...told,
    transfers,
    wallSeconds,
  })
  if (settled.releasedLeases === 0)
    throw new WeftError('no_release', 'a prover was killed and no lease was released')
  output.event({ ...settled }, describeSettled(settled, [...board.proven.values()], payments.paid))
}

/** Rejects as the promise does, and never resolves. */
const never = async (promise: Promise<void>): Promise<never> => {
  await promise
  return new Promise(() => undefined)
}

/**
 * The first rollup's transfers; once a killed prover's job is another's, the others'. So there is an idle runner-up, as
 * there is in a network with more provers than this one.
 */
const sendAll = async (
  rollups: readonly Rollup[],
  transfers: number,
  say: (step: string, text: string) => void,
  takenOver: Promise<Incident>,
): Promise<void> => {
  const wallets = Array.from({ length: WALLETS }, (_, i) => demoWallet(i))
  for (const [i, { url, chainId }] of rollups.entries()) {
    if (i === 1) await takenOver
    say('transfers', `Sending ${transfers} transfers to rollup ${chainId}`)
    await sendTransfers(url, chainId, wallets, transfers)
  }
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
