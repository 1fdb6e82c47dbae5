import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type ApiClient,
  type BatchRequest,
  batchTypedData,
  createApiClient,
  type Digest,
  digestOf,
  type Lease,
  type Opening,
  type RootClaim,
  sessionTypedData,
} from '@weft/api'
import {
  type Clock,
  type Coordinator,
  type CoordinatorDeps,
  type CoordinatorOptions,
  createCoordinator,
  type MarketL1,
  openBlobStore,
  openPglite,
  type Payment,
  type PgliteDatabase,
  type Settler,
  type Tenants,
} from '@weft/coordinator'
import type { VerificationKey } from '@weft/proof'
import {
  type Address,
  type Bytes32,
  type Child,
  claimHash,
  dataRoot,
  parallelOf,
  publicInput,
  sequenceOf,
  toAddress,
  uintToBytes32,
  WeftError,
} from '@weft/protocol'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { copyDatabase } from './database.js'
import { DEPLOYMENT, LIMITS, mergeProgram, padProgram, segmentProgram, system } from './programs.mjs'

export { DEPLOYMENT, mergeProgram, padProgram, segmentProgram, system }
export const TENANT = toAddress(`0x${'7e'.repeat(20)}`)

/** Time that stands still until it is told to go on. */
export class ManualClock implements Clock {
  #nowMs = 1_000_000
  readonly #timers = new Set<{ atMs: number; callback: () => void }>()

  nowMs(): number {
    return this.#nowMs
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { atMs: this.#nowMs + ms, callback }
    this.#timers.add(timer)
    return () => {
      this.#timers.delete(timer)
    }
  }

  advance(ms: number): void {
    const end = this.#nowMs + ms
    for (;;) {
      const due = [...this.#timers].filter((t) => t.atMs <= end).sort((a, b) => a.atMs - b.atMs)[0]
      if (!due) break
      this.#timers.delete(due)
      this.#nowMs = Math.max(this.#nowMs, due.atMs)
      due.callback()
    }
    this.#nowMs = end
  }
}

/** An L1 that remembers what was settled. */
export class FakeL1 implements Settler, Tenants {
  readonly settled = new Map<Bytes32, Bytes32>()
  readonly roots: RootClaim[] = []
  readonly payments: (Payment | undefined)[] = []
  sequencer: Address | null = null
  covered = true
  isDown = false
  /** Why it keeps who asked waiting. */
  waiting: string | null = null
  /** What the next call of `settle` does before it answers. */
  beforeAnswer: () => Promise<void> = async () => undefined

  async settle(root: RootClaim, proof: Uint8Array, payment?: Payment): Promise<Bytes32> {
    this.#assertUp()
    if (!(await system.verify(mergeProgram.evmKey, publicInput(root), proof))) throw new Error('reverted')
    const claimsRoot = root.kind === 'parallel' ? root.claims : claimHash(root)
    if (this.settled.has(claimsRoot)) throw new Error('already recorded')
    this.roots.push(root)
    this.payments.push(payment)
    const l1Tx = uintToBytes32(BigInt(this.roots.length))
    this.settled.set(claimsRoot, l1Tx)
    await this.beforeAnswer()
    return l1Tx
  }

  async isSettled(claimsRoot: Bytes32): Promise<Bytes32 | null> {
    this.#assertUp()
    return this.settled.get(claimsRoot) ?? null
  }

  waits(): string | null {
    return this.waiting
  }

  async sequencerOf(tenant: Address): Promise<Address> {
    this.#assertUp()
    if (tenant !== TENANT || !this.sequencer) throw new WeftError('not_a_tenant', 'no rollup')
    return this.sequencer
  }

  async fundsFor(_tenant: Address, _program: Bytes32, work: bigint) {
    this.#assertUp()
    return { covered: this.covered, availableWei: 5n, neededWei: work }
  }

  #assertUp() {
    if (this.isDown) throw new WeftError('l1_unavailable', 'no answer from L1')
  }
}

export interface ProverNode {
  readonly api: ApiClient
  readonly address: Address
}

/** Those who use a coordinator over HTTP, wherever it runs. */
export abstract class Users {
  abstract readonly clock: Pick<Clock, 'nowMs'>
  readonly sequencer = privateKeyToAccount(generatePrivateKey())
  url = ''
  #token: string | undefined

  client(token?: string): ApiClient {
    return createApiClient({ url: this.url, token: () => token })
  }

  async session(
    account = privateKeyToAccount(generatePrivateKey()),
  ): Promise<{ token: string; address: Address }> {
    const api = this.client()
    const { nonce } = await api.challenge()
    const address = toAddress(account.address)
    const signature = await account.signTypedData(sessionTypedData(DEPLOYMENT, address, nonce))
    return { address, token: (await api.openSession({ body: { address, nonce, signature } })).token }
  }

  async node(
    capabilities: Partial<Parameters<ApiClient['registerNode']>[0]['body']> = {},
  ): Promise<ProverNode> {
    const { token, address } = await this.session()
    const api = this.client(token)
    const body = { name: 'n', maxGates: 1e6, memoryBytes: 1e9, threads: 1, gatesPerSecond: 1e5, version: '0' }
    await api.registerNode({ body: { ...body, srs: 'dev', systems: ['ultrahonk'], ...capabilities } })
    return { api, address }
  }

  async upload(bytes: Uint8Array): Promise<Digest> {
    this.#token ??= (await this.session()).token
    const digest = await digestOf(bytes)
    await this.client(this.#token).putBlob({ params: { digest }, body: bytes })
    return digest
  }

  /** A signed request for `count` segments of the rollup number `rollup`. */
  async request(count: number, rollup = 0, changes: Partial<BatchRequest> = {}): Promise<BatchRequest> {
    const word = (value: number) => uintToBytes32(BigInt(rollup * 100_000 + value))
    const inputs = await this.upload(new TextEncoder().encode('{"segment":{}}'))
    const segments = Array.from({ length: count }, (_, i) => ({
      pre: word(i),
      post: word(i + 1),
      data: word(50_000 + i),
      inputs,
    }))
    const batch = {
      tenant: TENANT,
      program: segmentProgram.id,
      pre: word(0),
      post: word(count),
      data: dataRoot(segments.map((segment) => segment.data)),
      segments,
      deadlineMs: this.clock.nowMs() + 60_000,
      ...changes,
    }
    return {
      ...batch,
      signature: changes.signature ?? (await this.sequencer.signTypedData(batchTypedData(DEPLOYMENT, batch))),
    }
  }

  async batch(count: number, rollup = 0): Promise<Bytes32> {
    return (await this.client().submitBatch({ body: await this.request(count, rollup) })).id
  }
}

/** A data folder of a harness that has ended, with its database open and empty. */
interface Spare {
  readonly folder: string
  readonly database: PgliteDatabase
}
/** Copying a database and opening it takes most of a second: they go from test to test, and end with the worker. */
const spares: Spare[] = []

const TABLES = "select tablename from pg_tables where schemaname = 'public' and tablename <> 'schema_version'"

const empty = async ({ folder, database }: Spare): Promise<void> => {
  const tables = (await database.read(TABLES, [])).map(({ tablename }) => tablename)
  // Truncating makes a file anew for each table and index, which costs more than the few rows that are there.
  const deletes = tables.map((name, i) => `d${i} as (delete from ${name})`)
  await database.read(`with ${deletes.join()} select 1`, [])
  for (const name of ['blobs', 'sealed']) await rm(join(folder, name), { recursive: true, force: true })
}

const quiet = () => undefined
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }

export type Overrides = Partial<
  Pick<CoordinatorOptions, 'timing' | 'limits' | 'programs' | 'pad' | 'srs' | 'market'>
> &
  Partial<Pick<CoordinatorDeps, 'verifier' | 'hashKey' | 'matcher' | 'systems' | 'directSettler'>> & {
    readonly noPad?: boolean
    readonly noSealed?: boolean
    readonly marketL1?: MarketL1
  }

/** A coordinator over real HTTP and a real database, on a fake proof system and a fake L1. */
export class Harness extends Users {
  readonly clock = new ManualClock()
  readonly l1 = new FakeL1()
  coordinator!: Coordinator
  database!: PgliteDatabase
  #life = { isDead: false }
  #isStopping = false

  private constructor(
    readonly folder: string,
    readonly overrides: Overrides,
  ) {
    super()
    this.l1.sequencer = toAddress(this.sequencer.address)
  }

  static async start(overrides: Overrides = {}): Promise<Harness> {
    const spare = spares.pop()
    const folder = spare?.folder ?? (await mkdtemp(join(tmpdir(), 'weft-coordinator-')))
    if (spare === undefined) await copyDatabase(folder)
    const harness = new Harness(folder, overrides)
    await harness.open(spare?.database)
    return harness
  }

  async open(given?: PgliteDatabase): Promise<void> {
    const { timing, limits, verifier, hashKey, noPad, noSealed, programs, srs } = this.overrides
    const { market, marketL1, matcher, systems, directSettler } = this.overrides
    const database = given ?? (await openPglite(join(this.folder, 'db')))
    this.database = database
    const life = { isDead: false }
    this.#life = life
    const whileAlive = <T>(act: () => Promise<T>): Promise<T> =>
      life.isDead ? Promise.reject(new Error('killed')) : act()
    const pad = {
      program: padProgram,
      segment: { pre: uintToBytes32(0n), post: uintToBytes32(1n), data: uintToBytes32(0n) },
      inputs: new TextEncoder().encode('{"output":1}'),
    }
    this.coordinator = await createCoordinator(
      {
        version: '0.0.1',
        ...DEPLOYMENT,
        srs: srs ?? 'dev',
        system: system.id,
        maxProofBytes: system.maxProofBytes,
        merge: mergeProgram,
        programs: programs ?? [segmentProgram],
        ...(noPad ? {} : { pad }),
        ...(timing ? { timing } : {}),
        ...(limits ? { limits } : {}),
        ...(market ? { market } : {}),
      },
      {
        database: {
          write: (writes) => whileAlive(() => database.write(writes)),
          read: (sql, parameters) => whileAlive(() => database.read(sql, parameters)),
          close: async () => {
            if (!this.#isStopping) await database.close()
          },
        },
        blobs: await openBlobStore(join(this.folder, 'blobs'), () => this.clock.nowMs()),
        ...(noSealed
          ? {}
          : { sealed: await openBlobStore(join(this.folder, 'sealed'), () => this.clock.nowMs()) }),
        clock: this.clock,
        random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
        log,
        verifier: verifier ?? system,
        settler: this.l1,
        tenants: this.l1,
        ...(hashKey ? { hashKey } : {}),
        ...(marketL1 ? { market: marketL1 } : {}),
        ...(matcher ? { matcher } : {}),
        ...(systems ? { systems } : {}),
        ...(directSettler ? { directSettler } : {}),
      },
    )
    this.url = await this.coordinator.listen({ host: '127.0.0.1', port: 0 })
  }

  /** As a kill would: nothing that was not stored by now ever will be. */
  async kill(): Promise<void> {
    this.#life.isDead = true
    await this.database.crash()
    await this.coordinator.close()
  }

  async restart(): Promise<void> {
    await this.coordinator.close()
    await this.open()
  }

  /** Its database goes to the next one, unless it was killed. */
  async stop(): Promise<void> {
    const { folder, database } = this
    const isSpare = !this.#life.isDead
    this.#isStopping = isSpare
    await this.coordinator.close()
    this.#life.isDead = true
    if (!isSpare) return rm(folder, { recursive: true, force: true })
    await empty({ folder, database })
    spares.push({ folder, database })
  }
}

/** The claim that a node's proof of a lease has to make. */
export const claimOfLease = ({ job }: Lease, prover: Address): Child => {
  if (job.kind === 'segment') {
    const { pre, post, data } = job.segment
    return { kind: 'transition', program: job.program, pre, post, data, prover, work: job.work }
  }
  const by = { prover, work: job.work, mergeKey: mergeProgram.key.hash }
  const { mode, left, right } = job.merge
  return (mode === 'sequence' ? sequenceOf : parallelOf)(left.claim, right.claim, by)
}

const keyFor = ({ job }: Lease): VerificationKey => {
  if (job.kind === 'segment')
    return [segmentProgram, padProgram].find((p) => p.id === job.program)?.key as VerificationKey
  return job.target === 'evm' ? mergeProgram.evmKey : mergeProgram.key
}

/** An honest proof of a lease's job by a prover. */
export const proofOf = (lease: Lease, prover: Address): Promise<Uint8Array> => {
  const witness = new TextEncoder().encode(publicInput(claimOfLease(lease, prover)))
  return system.prove(mergeProgram.artifact, keyFor(lease), witness, LIMITS)
}

export const leaseOf = async ({ api }: ProverNode, waitMs = '0'): Promise<Lease> => {
  const lease = await api.lease({ query: { waitMs } })
  if (!lease) throw new Error('no job')
  return lease
}

export const prove = async (node: ProverNode, lease: Lease, next: '0' | '1' = '0') =>
  node.api.submitProof({
    params: { id: lease.id },
    query: { next },
    body: await proofOf(lease, node.address),
  })

/** The opening of a settled batch’s claim. */
export const claimOf = async (api: ApiClient, id: Bytes32): Promise<Opening> => {
  const opening = await api.opening({ params: { id } })
  if ('kind' in opening) throw new Error('the record of a proof that nothing merges')
  return opening
}

/** Proves until there is no job left; returns the leases. */
export const proveAll = async (node: ProverNode): Promise<Lease[]> => {
  const leases: Lease[] = []
  let lease = await node.api.lease({ query: { waitMs: '0' } })
  while (lease) {
    leases.push(lease)
    lease = (await prove(node, lease, '1')).next
  }
  return leases
}

/** Waits until something holds, looking again whenever the event loop has turned. */
export const until = async <T>(look: () => Promise<T | undefined | false>): Promise<T> => {
  for (;;) {
    const found = await look()
    if (found) return found
    await new Promise((resolve) => setImmediate(resolve))
  }
}
