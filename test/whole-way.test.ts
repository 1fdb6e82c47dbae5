import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { EventSocket } from '@weft/api'
import {
  advanceCall,
  createDevnet,
  createFileTxStore,
  createL1Client,
  createSender,
  createSettler,
  createTenants,
  deployRollup,
  deploySettlement,
  depositCall,
  devAccount,
  type L1Client,
  rollupReader,
  type Sender,
  settlementReader,
  WEFT_ABI,
} from '@weft/chain'
import { bytecodes } from '@weft/contracts/testing'
import { createCoordinator, openBlobStore, openPglite, systemClock } from '@weft/coordinator'
import { createNode, type ProverNode } from '@weft/node'
import {
  type Address,
  type Bytes32,
  hexToBytes,
  keccak256,
  MERGE_WORK,
  uintToBytes32,
  ZERO_BYTES32,
} from '@weft/protocol'
import { createTenant, type Trace } from '@weft/sdk'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { copyDatabase } from '../packages/coordinator/test/database.js'
import { calibration, leaf, merge, system } from './fake-proofs.js'

const CHAIN_ID = 31337
const SEGMENTS = 3
const OPERATOR = 0
const PROVERS = [1, 2]
const SEQUENCERS = [5, 6]
const quiet = () => undefined
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }
const clock = {
  nowMs: () => Date.now(),
  sleep: (ms: number, signal: AbortSignal) => delay(ms, undefined, { signal }).catch(quiet),
}

let folder: string
let client: L1Client
let settlement: Address
let coordinatorUrl: string
let nodes: ProverNode[]
/** Ends what was started, the last first. */
const ends: (() => Promise<unknown>)[] = []

const senderOf = async (account: number): Promise<Sender> => {
  const store = await createFileTxStore(join(folder, `transactions-${account}.jsonl`))
  const sender = await createSender({
    client,
    chainId: CHAIN_ID,
    account: devAccount(account).account,
    store,
    clock,
    abi: WEFT_ABI,
    pollMs: 20,
  })
  ends.push(store.close, () => sender.close())
  return sender
}

const startCoordinator = async (operator: Sender) => {
  const l1 = { client, settlement, fromBlock: 0n }
  await copyDatabase(folder)
  const database = await openPglite(join(folder, 'db'))
  const coordinator = await createCoordinator(
    {
      version: '1',
      chainId: CHAIN_ID,
      settlement,
      srs: 'dev',
      system: system.id,
      maxProofBytes: system.maxProofBytes,
      merge,
      programs: [leaf],
      // Both rollups' batches go into one proof, however far apart they come.
      timing: { windowMs: 60_000, sweepMs: 50 },
      limits: { maxClaims: SEQUENCERS.length },
    },
    {
      database,
      blobs: await openBlobStore(join(folder, 'blobs'), Date.now),
      clock: systemClock,
      random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
      log,
      verifier: system,
      settler: createSettler(operator, l1),
      tenants: createTenants(l1),
    },
  )
  ends.push(
    () => database.close(),
    () => coordinator.close(),
  )
  coordinatorUrl = await coordinator.listen({ host: '127.0.0.1', port: 0 })
}

const startNode = async (account: number): Promise<ProverNode> => {
  const sender = await senderOf(account)
  const node = await createNode(
    {
      coordinatorUrl,
      name: `node-${account}`,
      version: '1',
      deployment: { chainId: CHAIN_ID, settlement },
      srs: 'dev',
      folder: join(folder, `node-${account}`),
      threads: 1,
      memoryBytes: 2 ** 30,
      calibration,
      withdrawalPollMs: 100,
    },
    {
      system,
      largestCircuit: (bytes) => bytes / 1000,
      signer: devAccount(account).account,
      clock,
      logger: log,
      l1: { reader: settlementReader(client, settlement), sender },
    },
  )
  ends.push(() => node.stop())
  return node
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-whole-way-'))
  ends.push(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  const devnet = await createDevnet({ chainId: CHAIN_ID })
  ends.push(() => devnet.stop())
  client = createL1Client(devnet.url)
  const operator = await senderOf(OPERATOR)
  const deployed = await deploySettlement(operator, {
    chainId: CHAIN_ID,
    srs: 'dev',
    verifier: hexToBytes(bytecodes.MockVerifier),
    mergeKey: merge.key.hash,
    // A wei for a gate.
    weiPerMegagate: 1_000_000n,
  })
  settlement = deployed.settlement
  await startCoordinator(operator)
  nodes = await Promise.all(PROVERS.map(startNode))
})
afterAll(async () => {
  for (const end of ends.reverse()) await end()
})

/** What a rollup has done: a record of data for each segment, and the trace to prove. */
const execution = (rollup: number): { readonly records: readonly Uint8Array[]; readonly trace: Trace } => {
  const records = Array.from({ length: SEGMENTS }, (_, i) => new Uint8Array(64).fill(rollup * 10 + i))
  const rootAfter = (segments: number): Bytes32 =>
    segments === 0 ? ZERO_BYTES32 : uintToBytes32(BigInt(rollup * 100 + segments))
  const segments = records.map((record, i) => {
    const statement = { pre: rootAfter(i), post: rootAfter(i + 1), data: keccak256(record) }
    return { ...statement, inputs: { ...statement, work: leaf.work.toString() } }
  })
  return { records, trace: { program: leaf.id, segments } }
}

/** A rollup from its deployment until L1 has its new state; resolves with that and with what it should be. */
const runRollup = async (account: number) => {
  const sequencer = await senderOf(account)
  const rollup = await deployRollup(sequencer, {
    settlement,
    program: leaf.id,
    segmentSize: 1,
    genesisRoot: ZERO_BYTES32,
    chainId: 7000 + account,
    sequencer: sequencer.address,
  })
  await sequencer.send(depositCall(settlement, rollup, 10n ** 9n, 'deposit'))
  const tenant = createTenant({
    coordinatorUrl,
    signer: devAccount(account).account,
    payment: { kind: 'deposit', tenant: rollup },
    deployment: { chainId: CHAIN_ID, settlement },
    clock,
    connect: (url) => new WebSocket(url) as unknown as EventSocket,
  })
  const { records, trace } = execution(account)
  const opening = await tenant.prove(trace)
  await sequencer.send(
    advanceCall(rollup, opening.claim, opening, `0x${Buffer.concat(records).toString('hex')}`),
  )
  return {
    opening,
    stateRoot: await rollupReader(client, rollup).stateRoot(),
    expected: trace.segments.at(-1)?.post,
  }
}

it('two rollups advance on one settlement, and their provers are paid for all of its work', async () => {
  const rollups = await Promise.all(SEQUENCERS.map(runRollup))
  for (const { stateRoot, expected } of rollups) expect(stateRoot).toBe(expected)

  const settled = new Set(rollups.map(({ opening }) => opening.claimsRoot))
  expect(settled.size).toBe(1)
  expect(rollups.map(({ opening }) => opening.count)).toEqual([2, 2])

  const batchWork = BigInt(SEGMENTS) * leaf.work + BigInt(SEGMENTS - 1) * MERGE_WORK
  const totalWork = 2n * batchWork + MERGE_WORK
  const withdrawnWei = () =>
    nodes.reduce((sum, node) => sum + (node.status().earnings?.withdrawnWei ?? 0n), 0n)
  await vi.waitFor(() => expect(withdrawnWei()).toBe(totalWork), { timeout: 30_000, interval: 20 })
  expect(nodes.reduce((sum, node) => sum + node.status().proven, 0)).toBe(2 * (2 * SEGMENTS - 1) + 1)
}, 60_000)
