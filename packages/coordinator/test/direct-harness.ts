import type { ProgramInfo, SignedRequest } from '@weft/api'
import type { DeliverableProof, DirectRecord, DirectSettler } from '@weft/coordinator'
import { type DirectSystem, encodeDirectProof } from '@weft/proof'
import { fakeDirectSystem } from '@weft/proof/testing'
import {
  type Bytes32,
  CONTRACT,
  DIRECT_WORK,
  type Order,
  programId,
  publicInputsHash,
  REQUEST,
  type Request,
  typedData,
  uintToBytes32,
  WeftError,
  ZERO_BYTES32,
} from '@weft/protocol'
import type { Overrides } from './harness.js'
import { DOMAIN, type FakeMarketL1, MarketHarness, type MarketNode } from './market-harness.js'
import { LIMITS } from './programs.mjs'

const utf8 = (text: string) => new TextEncoder().encode(text)

export const GROTH: DirectSystem = fakeDirectSystem('circom-groth16')
/** Its proofs are verified by a contract of the key's own. */
export const PLONK: DirectSystem = { ...fakeDirectSystem('circom-plonk'), id: CONTRACT }
export const SYSTEMS = ['ultrahonk', GROTH.name, PLONK.name]

/** The registry and the market on L1, as far as proofs that nothing merges go. */
export class FakeDirectL1 implements DirectSettler {
  readonly records = new Map<Bytes32, DirectRecord>()
  /** Jobs of every recording transaction, and orders of every payment. */
  readonly transactions: Bytes32[][] = []
  readonly payments: Order[][] = []
  isDown = false
  /** Whose proof it refuses. */
  refused: Bytes32 | null = null
  /** What the next calls do before they answer. */
  beforeRecorded: () => Promise<void> = async () => undefined
  beforePaid: () => Promise<void> = async () => undefined

  constructor(readonly market: () => FakeMarketL1) {}

  async record(proofs: readonly DeliverableProof[]): Promise<DirectRecord[]> {
    this.#assertUp()
    const fault = proofs.find(({ job }) => job === this.refused)
    if (fault) throw new WeftError('invalid_proof', 'L1 says no', { job: fault.job })
    const missing = proofs.filter(({ job }) => !this.records.has(job))
    if (missing.length > 0) {
      const l1Tx = uintToBytes32(BigInt(this.transactions.push(missing.map(({ job }) => job))))
      for (const [index, { job }] of missing.entries())
        this.records.set(job, { root: l1Tx, index, siblings: [], l1Tx })
    }
    await this.beforeRecorded()
    return proofs.map(({ job }) => this.records.get(job) as DirectRecord)
  }

  async pay(orders: readonly { readonly order: Order; readonly record: DirectRecord }[]): Promise<Bytes32> {
    this.#assertUp()
    this.payments.push(orders.map(({ order }) => order))
    for (const { order } of orders) this.market().nonces.add(`${order.request.owner}${order.request.nonce}`)
    await this.beforePaid()
    return uintToBytes32(900n + BigInt(this.payments.length))
  }

  #assertUp() {
    if (this.isDown) throw new WeftError('l1_unavailable', 'no answer from L1')
  }
}

/** A market with proof systems whose proofs nothing merges. */
export class DirectHarness {
  #nonce = 1_000n

  private constructor(
    readonly m: MarketHarness,
    readonly l1: FakeDirectL1,
  ) {}

  static async start(overrides: Overrides = {}): Promise<DirectHarness> {
    const l1 = new FakeDirectL1(() => m.l1)
    const hashKey = async (key: Uint8Array) => uintToBytes32(BigInt(key.length))
    const given = { systems: [GROTH, PLONK], directSettler: l1, hashKey }
    const m: MarketHarness = await MarketHarness.start({ ...given, ...overrides })
    return new DirectHarness(m, l1)
  }

  /** What is registered for an artifact, uploaded. */
  async infoOf(text: string, system = GROTH): Promise<ProgramInfo> {
    const artifact = utf8(text)
    const { key, cost } = await system.setup({ name: 'p', bytes: artifact }, LIMITS)
    return {
      id: programId(system.id, key.hash),
      name: 'circuit',
      system: system.name,
      gates: cost.gates,
      work: DIRECT_WORK,
      artifact: await this.m.h.upload(artifact),
      key: await this.m.h.upload(key.bytes),
      keyHash: key.hash,
    }
  }

  async register(text: string, system = GROTH): Promise<ProgramInfo> {
    const info = await this.infoOf(text, system)
    const { token } = await this.m.h.session()
    await this.m.h.client(token).registerProgram({ body: info })
    return info
  }

  async sign(
    program: Bytes32,
    value: number,
    changes: Partial<Request> = {},
    sent: Partial<SignedRequest> = {},
  ): Promise<SignedRequest> {
    const publicInputs = [uintToBytes32(BigInt(value))]
    const data = publicInputsHash(publicInputs)
    const template = await this.m.signRequest(1, value)
    const request: Request = {
      ...template.request,
      ...{ program, pre: ZERO_BYTES32, data, delivery: 0, maxTotalWei: 2_000n, nonce: ++this.#nonce },
      ...changes,
    }
    const inputs = await this.m.h.upload(utf8(JSON.stringify({ publicInputs })))
    const segments = [{ pre: ZERO_BYTES32, post: ZERO_BYTES32, data, inputs }]
    const signature = await this.m.owner.signTypedData(typedData(DOMAIN, REQUEST, request))
    return { request, provers: [], post: ZERO_BYTES32, segments, signature, ...sent }
  }

  async request(program: Bytes32, value: number, changes: Partial<Request> = {}): Promise<Bytes32> {
    const body = await this.sign(program, value, changes)
    return (await this.m.h.client().submitRequest({ body })).id
  }

  prover(systems: string[] = SYSTEMS): Promise<MarketNode> {
    return this.m.prover(1_000n, 100n, systems)
  }

  /** The proof of the program made of `text` with one public input. */
  async proofOf(info: ProgramInfo, text: string, value: number): Promise<Uint8Array> {
    const key = { target: 'evm', bytes: utf8(text), hash: info.keyHash } as const
    const artifact = { name: info.name, bytes: utf8(text) }
    const publicInputs = [uintToBytes32(BigInt(value))]
    return encodeDirectProof(await GROTH.prove(artifact, key, { publicInputs }, LIMITS))
  }
}
