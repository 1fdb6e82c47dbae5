import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { uintToBytes32, ZERO_BYTES32 } from '@weft/protocol'
import {
  type Batch,
  type BatchHead,
  type BatchProver,
  type Clock,
  createRollup,
  type Genesis,
  genesisState,
  type L1,
  type Logger,
  type Proven,
  ROLLUP_DEFAULTS,
  type Rollup,
  type RollupOptions,
  stateRoot,
} from '@weft/rollup'
import { addressOf, BASE_FEE, CHAIN_ID } from './wallet.js'

export const ETHER = 10n ** 18n

export const genesis: Genesis = {
  chainId: BigInt(CHAIN_ID),
  sequencer: addressOf(0),
  baseFeeWeiPerGas: BASE_FEE,
  accounts: [1, 2, 3].map((i) => ({ address: addressOf(i), balanceWei: ETHER })),
}

/** Time that passes when the test says so. */
export const createClock = () => {
  let nowMs = 1_700_000_000_000
  const timers = new Set<{ atMs: number; task: () => void }>()
  const clock: Clock = {
    nowMs: () => nowMs,
    schedule: (delayMs, task) => {
      const timer = { atMs: nowMs + delayMs, task }
      timers.add(timer)
      return { cancel: () => void timers.delete(timer) }
    },
  }
  const pass = (ms: number) => {
    nowMs += ms
    for (const timer of [...timers].filter(({ atMs }) => atMs <= nowMs)) {
      timers.delete(timer)
      timer.task()
    }
  }
  return { clock, pass, timers }
}

/** What a real prover would answer, without a proof. */
export const openingOf = (batch: BatchHead): Proven => ({
  claim: {
    program: uintToBytes32(1n),
    pre: batch.pre,
    post: batch.post,
    data: batch.data,
    work: 1n,
    payouts: ZERO_BYTES32,
  },
  path: { index: 0n, siblings: [] },
  settlementTx: uintToBytes32(BigInt(batch.number)),
})

/** A contract that takes batches in order, as the real one does. */
export const createFakeL1 = () => {
  const taken: BatchHead[] = []
  const root = () => taken.at(-1)?.post ?? stateRoot(genesisState(genesis))
  const l1: L1 & { taken: BatchHead[] } = {
    taken,
    head: async () => ({ batches: taken.length, root: root() }),
    advance: async (batch, proven) => {
      if (batch.pre !== root() || proven.claim.post !== batch.post) throw new Error('stale')
      taken.push(batch)
      return { l1Tx: uintToBytes32(1_000n + BigInt(batch.number)) }
    },
  }
  return l1
}

export const createFakeProver = () => {
  const asked: Batch[] = []
  const prover: BatchProver & { asked: Batch[] } = {
    asked,
    prove: async (batch) => {
      asked.push(batch)
      return openingOf(batch)
    },
  }
  return prover
}

/** A prover that never answers, until it is told to stop. */
export const silentProver: BatchProver = {
  prove: (_, signal) =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
}

export const logger = { info: () => undefined, warn: () => undefined, error: () => undefined }

const folders: string[] = []
export const newFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'weft-rollup-'))
  folders.push(folder)
  return folder
}
/** A folder as it would be found if the machine stopped now. */
export const copyFolder = async (from: string): Promise<string> => {
  const folder = await newFolder()
  await cp(join(from, 'journal.jsonl'), join(folder, 'journal.jsonl'))
  return folder
}

const open = new Set<Rollup>()
/** For afterEach. */
export const cleanUp = async (): Promise<void> => {
  await Promise.all([...open].map((rollup) => rollup.close()))
  open.clear()
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })))
}

export interface World {
  readonly rollup: Rollup
  readonly url: string
  readonly options: RollupOptions
  readonly call: (method: string, ...params: unknown[]) => Promise<unknown>
  /** Waits, by the promises of the file system, until something holds. */
  readonly until: (holds: () => boolean | Promise<boolean>) => Promise<void>
}

export const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  const deadline = performance.now() + 10_000
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error('it never came')
    await new Promise((resolve) => setImmediate(resolve))
  }
}

export class CallError extends Error {
  constructor(
    readonly code: number,
    message: string,
    readonly data?: { code: string },
  ) {
    super(message)
  }
}

export const post = async (url: string, body: unknown): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

export const caller =
  (url: string) =>
  async (method: string, ...params: unknown[]): Promise<unknown> => {
    const reply = (await (await post(url, { jsonrpc: '2.0', id: 1, method, params })).json()) as {
      result?: unknown
      error?: { code: number; message: string; data?: { code: string } }
    }
    if (reply.error) throw new CallError(reply.error.code, reply.error.message, reply.error.data)
    return reply.result
  }

/** A rollup on a real port and a real folder; a batch closes with every transfer unless told otherwise. */
export const startWorld = async (
  change: Partial<RollupOptions> = {},
  deps: { clock?: Clock; prover?: BatchProver; l1?: L1; logger?: Logger } = {},
): Promise<World> => {
  const options: RollupOptions = {
    ...ROLLUP_DEFAULTS,
    genesis,
    folder: change.folder ?? (await newFolder()),
    segmentSize: 2,
    batch: { maxTransfers: 1, maxAgeMs: 1_000, maxUnproven: 100 },
    rpc: { ...ROLLUP_DEFAULTS.rpc, port: 0 },
    ...change,
  }
  const rollup = await createRollup(options, {
    clock: createClock().clock,
    prover: createFakeProver(),
    l1: createFakeL1(),
    logger,
    ...deps,
  })
  open.add(rollup)
  const url = await rollup.listen()
  return { rollup, url, options, call: caller(url), until }
}
