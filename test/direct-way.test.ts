import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import {
  createDirectSettler,
  createMarketL1,
  createMarketSettler,
  createProofReader,
  createTenants,
  delegateEtherCalls,
  devAccount,
  recoverSigner,
  registerProverCall,
} from '@weft/chain'
import { abis } from '@weft/contracts'
import { createCoordinator, openBlobStore, openPglite, systemClock } from '@weft/coordinator'
import { createNode, createNodeMarketL1 } from '@weft/node'
import { type DirectSystem, type Inputs, ProofError } from '@weft/proof'
import { type Address, type Bytes32, keccak256, toAddress, uintToBytes32 } from '@weft/protocol'
import { createWeft, directProgramSystem, type Proof, type Sealed, type Weft } from '@weft/sdk'
import { parseEther } from 'viem'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { CHAIN_ID } from '../packages/chain/test/chain.js'
import {
  addressOf,
  OPERATOR,
  openMarket,
  PROVER,
  REQUESTER,
  RIVAL,
  STRANGER,
  type TestMarket,
} from '../packages/chain/test/market.js'
import { copyDatabase } from '../packages/coordinator/test/database.js'
import { preimageSystem } from '../packages/systems/command/test/preimage.js'
import { calibration, leaf, merge, system } from './fake-proofs.js'
import { groth16OfEverything } from './groth16-of-everything.js'

const PROVERS = [PROVER, RIVAL]
const MAX_PRICE_WEI = 1_000_000_000n
/** What a requester takes for a solution, and no prover can prove. */
const IMPOSSIBLE = uintToBytes32(13n)

const quiet = () => undefined
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }
const clock = {
  nowMs: () => Date.now(),
  sleep: (ms: number, signal: AbortSignal) => delay(ms, undefined, { signal }).catch(quiet),
}
const random = { bytes: (length: number) => new Uint8Array(randomBytes(length)) }

let folder: string
let market: TestMarket
let coordinatorUrl: string
let weft: Weft
/** Ends what was started, the last first. */
const ends: (() => Promise<unknown>)[] = []

const startCoordinator = async (systems: readonly DirectSystem[]) => {
  const { client, addresses } = market
  const operator = await market.senderOf(OPERATOR)
  const l1 = { client, addresses, fromBlock: 0n }
  await copyDatabase(folder)
  const database = await openPglite(join(folder, 'db'))
  const coordinator = await createCoordinator(
    {
      version: '1',
      chainId: CHAIN_ID,
      settlement: addresses.settlement,
      srs: 'dev',
      system: system.id,
      maxProofBytes: system.maxProofBytes,
      merge,
      programs: [leaf],
      // A batch goes out when it is full.
      timing: { deliveryWindowMs: 600_000, sweepMs: 50, accountsMs: 200 },
      limits: { maxBatchedProofs: 3 },
      market: { contract: addresses.market, limits: { minStakeWei: 1n } },
    },
    {
      database,
      blobs: await openBlobStore(join(folder, 'blobs'), Date.now),
      clock: systemClock,
      random,
      log,
      verifier: system,
      sealed: await openBlobStore(join(folder, 'sealed'), Date.now),
      // Whoever asks may add programs.
      hashKey: async (key) => keccak256(key),
      systems,
      settler: createMarketSettler(operator, l1),
      directSettler: createDirectSettler(operator, l1),
      tenants: createTenants({ client, settlement: addresses.settlement, fromBlock: 0n }),
      market: createMarketL1(operator, { client, addresses }),
      matcher: {
        address: operator.address,
        sign: (digest) => devAccount(OPERATOR).account.sign({ hash: digest }),
      },
    },
  )
  ends.push(
    () => database.close(),
    () => coordinator.close(),
  )
  coordinatorUrl = await coordinator.listen({ host: '127.0.0.1', port: 0 })
}

const startNode = async (part: number, systems: readonly DirectSystem[]) => {
  const { client, addresses } = market
  const sender = await market.senderOf(part)
  await sender.send(registerProverCall(addresses.staking, 0, null))
  for (const call of delegateEtherCalls(addresses, sender.address, parseEther('1'), 'stake')) {
    await sender.send(call)
  }
  const node = await createNode(
    {
      coordinatorUrl,
      name: `node-${part}`,
      version: '1',
      deployment: { chainId: CHAIN_ID, settlement: addresses.settlement },
      srs: 'dev',
      folder: join(folder, `node-${part}`),
      threads: 1,
      memoryBytes: 2 ** 30,
      calibration,
      withdrawalPollMs: 100,
      fromBlock: 0n,
      pricing: { hardwareWeiPerHour: 0n, powerWatts: 0, powerWeiPerKwh: 0n, marginPpm: 0, floorWei: 1_000n },
      market: { pollMs: 200 },
    },
    {
      system,
      systems,
      largestCircuit: (bytes) => bytes / 1000,
      signer: devAccount(part).account,
      clock,
      logger: log,
      market: { l1: createNodeMarketL1({ client, addresses, sender }), random },
    },
  )
  ends.push(() => node.stop())
}

const createRequester = (systems: readonly DirectSystem[]): Weft => {
  const { client, addresses } = market
  const { market: contract, registry, settlement } = addresses
  const proofs = createProofReader({ client, registry, fromBlock: 0n })
  return createWeft({
    coordinator: coordinatorUrl,
    chain: {
      chainId: CHAIN_ID,
      settlement,
      market: contract,
      isProven: async () => false,
      isRecorded: ({ job, index, siblings }) => proofs.isProven(job, { index: Number(index), siblings }),
      gasPriceWei: () => client.getGasPrice(),
      async isSignedForProver(prover, digest, signature) {
        const key = await recoverSigner(digest, signature)
        return key !== null && market.reader.isKeyOf(prover, key)
      },
    },
    account: devAccount(REQUESTER).account,
    systems: systems.map((each) => {
      const read = async (path: string) => ({ name: path, bytes: new TextEncoder().encode(path) })
      return directProgramSystem(each, read, { zk: true })
    }),
    clock,
    random,
    pollMs: 50,
  })
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-direct-way-'))
  ends.push(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  market = await openMarket()
  ends.push(() => market.close())
  const stranger = await market.senderOf(STRANGER)
  const groth16 = await groth16OfEverything(market.client, stranger, (words) => !words.includes(IMPOSSIBLE))
  const preimage = await preimageSystem(folder)
  ends.push(() => preimage.close())
  await startCoordinator([groth16, preimage])
  for (const part of PROVERS) await startNode(part, [crashingOnce(groth16), preimage])
  const believing = {
    ...groth16,
    execute: async (_: unknown, { publicInputs }: Inputs) => publicInputs as Bytes32[],
  }
  weft = createRequester([believing, preimage])
})
afterAll(async () => {
  for (const end of ends.reverse()) await end()
})

/** Whoever proves these inputs first crashes. */
const CRASHING = 'the-secret-of-a-requester-that-meets-a-crash'
let hasCrashed = false
const crashingOnce = (groth16: DirectSystem): DirectSystem => ({
  ...groth16,
  prove: async (artifact, key, inputs, limits) => {
    if (inputs.secret === CRASHING && !hasCrashed) {
      hasCrashed = true
      throw new ProofError('prover_crashed', `it crashed on ${CRASHING}`)
    }
    return groth16.prove(artifact, key, inputs, limits)
  },
})

/** Whether any file of coordinator or nodes has a text. */
const isOnDisk = async (text: string) => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const contents = await Promise.all(
    files.map(({ parentPath, name }) => readFile(join(parentPath, name)).catch(() => '')),
  )
  expect(contents.length).toBeGreaterThan(10)
  return contents.some((content) => content.includes(text))
}

let made = 100n
const register = (circuit: number) => weft.programs.register({ path: `1,${circuit},1`, system: 'groth16' })

const prove = async (program: Bytes32, delivery: 'individual' | 'batched', input = uintToBytes32(made++)) =>
  weft.prove({ program, inputs: { publicInputs: [input] }, maxPriceWei: MAX_PRICE_WEI, delivery })

/** What a prover has, wherever it is by now. */
const wealthWei = async (prover: Address) =>
  (await market.reader.accountOf(prover)).balanceWei + (await market.reader.earnedWei(prover))

const provers = PROVERS.map(addressOf)
const wealthOfAll = async () =>
  (await Promise.all(provers.map(wealthWei))).reduce((sum, each) => sum + each, 0n)

const paidFor = async (requests: readonly Bytes32[]) => {
  const { reader } = market
  const settled = await reader.settledOrders(0n, await reader.headBlock(), requests)
  return settled.map(({ request, paidWei }) => ({ request, isPaid: paidWei > 0n }))
}

describe('proofs that nothing merges', () => {
  it('one alone is recorded on L1, and its prover paid', async () => {
    const before = await wealthOfAll()
    const { id } = await register(1)
    const proof = await prove(id, 'individual')
    expect(await proof.verifyOnChain()).toBe(true)
    expect(proof).toMatchObject({ kind: 'record', path: { aggregated: false, siblings: [] } })
    expect(await paidFor([proof.request])).toEqual([{ request: proof.request, isPaid: true }])
    await vi.waitFor(async () => expect(await wealthOfAll()).toBeGreaterThan(before), { timeout: 20_000 })
  }, 60_000)

  it('those of three programs are verified together, and all provers paid', async () => {
    const programs = await Promise.all([2, 3, 4].map(register))
    const proofs: Proof[] = await Promise.all(programs.map(({ id }) => prove(id, 'batched')))
    expect(new Set(proofs.map(({ l1Tx }) => l1Tx)).size).toBe(1)
    for (const proof of proofs) expect(await proof.verifyOnChain()).toBe(true)
    expect(await paidFor(proofs.map(({ request }) => request))).toHaveLength(3)
  }, 60_000)

  it('inputs that cannot be proven cost an attempt, and nobody is slashed', async () => {
    const { id } = await register(1)
    const { reader, addresses, client } = market
    const before = await wealthOfAll()
    await expect(prove(id, 'individual', IMPOSSIBLE)).rejects.toMatchObject({ code: 'unsatisfied' })
    await vi.waitFor(async () => expect(await wealthOfAll()).toBeGreaterThan(before), { timeout: 20_000 })
    const events = await client.getContractEvents({
      address: addresses.market,
      abi: abis.Market,
      eventName: 'AttemptPaid',
      fromBlock: 0n,
    })
    const tried = events.map(({ args }) => toAddress(String(args.prover)))
    expect(tried.toSorted()).toEqual(provers.toSorted())
    const spentWei = events.reduce((sum, { args }) => sum + (args.feeWei ?? 0n), 0n)
    expect(spentWei).toBeLessThanOrEqual(MAX_PRICE_WEI / 20n)
    expect(await Promise.all(provers.map(reader.suspendedUntil))).toEqual([0, 0])
  }, 60_000)
})

describe('an external prover', () => {
  it('has its contract deployed, its proofs recorded on L1, and is paid', async () => {
    const { id } = await weft.programs.register({ path: 'any program', system: 'preimage' })
    const ask = (secret: string) =>
      weft.prove({
        program: id,
        inputs: { secret },
        maxPriceWei: MAX_PRICE_WEI,
        delivery: 'individual',
      })
    const proof = await ask('sesame')
    expect(await proof.verifyOnChain()).toBe(true)
    expect(await paidFor([proof.request])).toEqual([{ request: proof.request, isPaid: true }])
    await expect(ask('')).rejects.toMatchObject({ code: 'unsatisfied' })
  }, 60_000)
})

describe('private inputs', () => {
  const provePrivately = async (secret: string) => {
    const { id } = await register(1)
    const sealed: Sealed[] = []
    const inputs = { publicInputs: [uintToBytes32(made++)], secret }
    const request = { program: id, inputs, maxPriceWei: MAX_PRICE_WEI, private: true }
    const proof = await weft.prove(
      { ...request, delivery: 'individual' },
      { onSealed: (one) => sealed.push(one) },
    )
    expect(await proof.verifyOnChain()).toBe(true)
    expect(await isOnDisk(secret)).toBe(false)
    expect(await paidFor([proof.request])).toEqual([{ request: proof.request, isPaid: true }])
    const left = await readdir(join(folder, 'sealed'), { recursive: true, withFileTypes: true })
    expect(left.filter((entry) => entry.isFile())).toEqual([])
    return sealed.map(({ prover }) => prover)
  }

  it('are proven by the prover that they were sealed to, and are in no file', async () => {
    expect(await provePrivately('the-secret-of-a-requester')).toHaveLength(1)
  }, 60_000)

  it('are sealed anew for the prover that takes over', async () => {
    const sealedTo = await provePrivately(CRASHING)
    expect(hasCrashed).toBe(true)
    expect(sealedTo.toSorted()).toEqual(provers.toSorted())
  }, 60_000)
})
