import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Payouts } from '@weft/api'
import {
  advanceCall,
  createDevnet,
  createFileTxStore,
  createL1Client,
  createSender,
  createSettler,
  type Devnet,
  deployRollup,
  deploySettlement,
  depositCall,
  devAccount,
  type L1Client,
  type Sender,
  settlementReader,
  type TxStore,
  WEFT_ABI,
} from '@weft/chain'
import { bytecodes } from '@weft/contracts/testing'
import {
  type Address,
  claimHash,
  claimPath,
  dataRoot,
  finish,
  hexToBytes,
  jobOf,
  keccak256,
  MERGE_WORK,
  type PayoutPath,
  parallelOf,
  payoutEntry,
  payoutPaths,
  publicInput,
  type Sequence,
  sequenceOf,
  type Transition,
  uintToBytes32,
  ZERO_BYTES32,
} from '@weft/protocol'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { createCoordinator, type TestCoordinator } from './support/coordinator.js'
import { clock, createHarness, type Harness, prover, until } from './support/harness.js'
import { createTestSystem } from './support/system.js'

/*
 * On a real chain: two rollups' batches of two segments each. Our prover proved the first segment and the sequence
 * merge of both batches and the parallel merge; the neighbour proved the rest.
 */

const neighbour = devAccount(9).address
const WORK = 500n
let devnet: Devnet
let client: L1Client
let operator: Sender
let folder: string
let coordinator: TestCoordinator
let settlement: Address
let h: Harness
let batchNumber = 0

const record = (n: number) => new Uint8Array(64).fill(n)
const hex = (bytes: Uint8Array) => `0x${Buffer.from(bytes).toString('hex')}` as const

/** A batch of two segments of one transfer each, as its claim and our entries in it. */
const makeBatch = (n: number) => {
  const program = coordinator.leaf.id
  const segment = (i: number, by: Address): Transition & { program: typeof program } => ({
    kind: 'transition',
    program,
    pre: i === 0 ? ZERO_BYTES32 : uintToBytes32(BigInt(1000 * n + i)),
    post: uintToBytes32(BigInt(1000 * n + i + 1)),
    data: dataRoot([keccak256(record(2 * n + i))]),
    prover: by,
    work: WORK,
  })
  const [left, right] = [segment(0, prover), segment(1, neighbour)]
  const claim: Sequence = sequenceOf(left, right, {
    prover,
    work: MERGE_WORK,
    mergeKey: coordinator.merge.keyHash,
  })
  const entryOf = (t: typeof left) => ({ prover: t.prover, work: t.work, job: jobOf({ ...t }) })
  const paths = payoutPaths({
    left: { entry: entryOf(left) },
    right: { entry: entryOf(right) },
    own: { prover, work: MERGE_WORK, job: jobOf(claim) },
  })
  expect(payoutEntry(entryOf(left))).toBe(finish(left, program).payouts)
  return { claim, paths, transfers: hex(Buffer.concat([record(2 * n), record(2 * n + 1)])) }
}

const own = (paths: readonly PayoutPath[]) =>
  paths
    .filter(({ entry }) => entry.prover === prover)
    .map(({ entry, position, siblings }) => ({
      work: entry.work,
      job: entry.job,
      position,
      siblings: siblings.map(([a, b]) => [a, b] as [typeof a, typeof b]),
    }))

/** Settles two batches; resolves with what is needed to open them and with what the coordinator would tell. */
const settleTwo = async () => {
  const batches = [makeBatch(++batchNumber), makeBatch(++batchNumber)].sort((a, b) =>
    jobOf(a.claim) < jobOf(b.claim) ? -1 : 1,
  ) as [ReturnType<typeof makeBatch>, ReturnType<typeof makeBatch>]
  const by = { prover, work: MERGE_WORK, mergeKey: coordinator.merge.keyHash }
  const root = parallelOf(batches[0].claim, batches[1].claim, by)
  const settler = createSettler(operator, { client, settlement, fromBlock: 0n })
  await settler.settle(root, hexToBytes(publicInput(root)))
  const hashes = batches.map(({ claim }) => claimHash(claim))
  const shared = payoutPaths({ left: null, right: null, own: { prover, work: MERGE_WORK, job: root.job } })
  const told: Payouts = {
    claims: batches.map(({ claim, paths }) => ({
      claimsRoot: root.claims,
      job: jobOf(claim),
      work: claim.work,
      payouts: claim.payouts,
      entries: own(paths),
    })),
    shared: [{ claimsRoot: root.claims, payouts: root.payouts, count: 2, entries: own(shared) }],
    cursor: 1,
  }
  /** Opens one of the two through a rollup of its own. */
  const open = async (i: 0 | 1) => {
    const rollup = await deployRollup(operator, {
      settlement,
      program: coordinator.leaf.id,
      segmentSize: 1,
      genesisRoot: ZERO_BYTES32,
      chainId: 1000 * batchNumber + i,
      sequencer: operator.address,
    })
    await operator.send(depositCall(settlement, rollup, 10n ** 8n, `deposit:${rollup}`))
    await operator.send(advanceCall(rollup, batches[i].claim, claimPath(hashes, i), batches[i].transfers))
    return rollup
  }
  return { told, open, root, batches }
}

const earned = () => client.getBalance({ address: prover })
/** At one wei a gate: the first segment and both kinds of merge, the parallel one half from each tenant. */
const PER_CLAIM = WORK + MERGE_WORK
const PER_SHARE = MERGE_WORK / 2n

const stores: TxStore[] = []
const newSender = async (index: number, name: string) => {
  const store = await createFileTxStore(join(folder, `${name}.jsonl`))
  stores.push(store)
  const { account } = devAccount(index)
  return createSender({ client, chainId: 31337, account, store, clock, abi: WEFT_ABI, pollMs: 10 })
}

let sender: Sender
beforeAll(async () => {
  devnet = await createDevnet({ chainId: 31337 })
  client = createL1Client(devnet.url)
  folder = await mkdtemp(join(tmpdir(), 'weft-earnings-'))
  operator = await newSender(0, 'operator')
  sender = await newSender(1, 'prover')
  coordinator = await createCoordinator(createTestSystem().system.id)
  const deployed = await deploySettlement(operator, {
    chainId: 31337,
    srs: 'dev',
    verifier: hexToBytes(bytecodes.MockVerifier),
    mergeKey: coordinator.merge.keyHash,
    weiPerMegagate: 1_000_000n,
  })
  settlement = deployed.settlement
  await coordinator.down()
})
afterAll(async () => {
  await operator.close()
  await sender.close()
  await Promise.all(stores.map((store) => store.close()))
  await devnet.stop()
  await rm(folder, { recursive: true })
})
beforeEach(async () => {
  h = await createHarness(settlement)
})
afterEach(() => h.close())

const start = (options = {}) =>
  h.start(
    { deployment: { chainId: 31337, settlement }, withdrawalPollMs: 20, ...options },
    { l1: { reader: settlementReader(client, settlement), sender } },
  )

it('withdraws what was opened, shared pools as they fill', async () => {
  const { told, open } = await settleTwo()
  const before = await earned()
  h.coordinator.pay(told)
  const node = await start()
  await until(() => node.status().earnings?.open === 3)
  expect(await earned()).toBe(before)
  await open(0)
  await until(async () => (await earned()) === before + PER_CLAIM + PER_SHARE)
  await open(1)
  await until(async () => (await earned()) === before + 2n * (PER_CLAIM + PER_SHARE))
  await until(() => node.status().earnings?.withdrawnWei === 2n * (PER_CLAIM + PER_SHARE))
  await until(() => node.status().earnings?.open === 0)
})

it('needs no coordinator once it has the paths, across a restart', async () => {
  const { told, open } = await settleTwo()
  const before = await earned()
  h.coordinator.pay(told)
  const first = await start()
  await until(() => first.status().earnings?.open === 3)
  await first.stop()
  await h.coordinator.down()
  await open(0)
  await start()
  await until(async () => (await earned()) === before + PER_CLAIM + PER_SHARE)
  await h.coordinator.up()
})

it('hears of what was opened before it was told', async () => {
  const { told, open } = await settleTwo()
  const before = await earned()
  const node = await start()
  await open(0)
  await open(1)
  h.coordinator.pay(told)
  await until(async () => (await earned()) === before + 2n * (PER_CLAIM + PER_SHARE))
  await until(() => node.status().earnings?.open === 0)
})

it('leaves payments below its minimum', async () => {
  const { told, open } = await settleTwo()
  const before = await earned()
  h.coordinator.pay(told)
  await start({ minWithdrawalWei: PER_SHARE + 1n })
  await open(0)
  await until(async () => (await earned()) === before + PER_CLAIM)
  await open(1)
  // Both shares together are enough.
  await until(async () => (await earned()) === before + 2n * PER_CLAIM + 2n * PER_SHARE)
})

it('believes nothing that does not add up, and pays no gas for what L1 does not know', async () => {
  const { told } = await settleTwo()
  const [claim] = told.claims
  const forged = { ...claim, entries: claim?.entries.map((entry) => ({ ...entry, work: entry.work + 1n })) }
  const aliased = {
    ...claim,
    entries: claim?.entries.map((entry) => ({ ...entry, position: entry.position | (1n << 40n) })),
  }
  const unsettled = { ...told.shared[0], claimsRoot: uintToBytes32(5n) }
  const nonce = await client.getTransactionCount({ address: sender.address })
  h.coordinator.pay({ claims: [forged, aliased], shared: [unsettled], cursor: 1 } as Payouts)
  const node = await start()
  await until(() => h.lines.some(({ refused }) => refused === 2))
  await until(() => node.status().earnings?.open === 1)
  expect(await client.getTransactionCount({ address: sender.address })).toBe(nonce)
})

it('does not work for a coordinator that merges under another key', async () => {
  const { programs, merge, leaf } = h.coordinator
  programs.delete(merge.id)
  programs.set(leaf.id, leaf)
  h.coordinator.handlers.network = () => ({ ...network, mergeProgram: leaf.id })
  const network = {
    version: '1',
    chainId: 31337,
    settlement,
    srs: 'dev' as const,
    warning: null,
    system: h.system.id,
    systems: [],
    market: null,
    windows: { aggregatedMs: 10, batchedMs: 10 },
    maxProofBytes: 1,
    maxInputBytes: 1,
    heartbeatMs: 10,
  }
  const node = await start()
  await expect(node.ended).rejects.toMatchObject({ code: 'foreign_merge_key' })
})
