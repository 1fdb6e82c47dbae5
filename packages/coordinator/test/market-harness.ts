import type { ApiEvent, Lease, SignedRequest } from '@weft/api'
import type { AttemptPayment, CommitmentState, MarketL1, MarketOptions } from '@weft/coordinator'
import {
  type Address,
  type Bytes32,
  COMMITMENT,
  type Commitment,
  type Evidence,
  encodePolicy,
  type Hex,
  type MarketDomain,
  MERGE_WORK,
  OFFER,
  type Offer,
  REQUEST,
  type Request,
  type SignedCommitment,
  toAddress,
  typedData,
  uintToBytes32,
  WeftError,
  ZERO_BYTES32,
} from '@weft/protocol'
import { recoverAddress } from 'viem'
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { DEPLOYMENT, Harness, type Overrides, type ProverNode, segmentProgram } from './harness.js'

export const CONTRACT = toAddress(`0x${'3a'.repeat(20)}`)
export const DOMAIN: MarketDomain = { chainId: BigInt(DEPLOYMENT.chainId), contract: CONTRACT }
export const MATCHER = privateKeyToAccount(generatePrivateKey())
export const WINDOW_S = 10

export const MARKET: MarketOptions = {
  contract: CONTRACT,
  limits: { minStakeWei: 10n, dustWei: 1n, riseS: 60, revealS: 10 },
}

/** Accounts, stakes and defaults as L1 would have them. */
export class FakeMarketL1 implements MarketL1 {
  readonly balances = new Map<Address, { balanceWei: bigint; leavingWei: bigint }>()
  readonly stakes = new Map<Address, bigint>()
  readonly suspensions = new Map<Address, number>()
  readonly nonces = new Set<string>()
  readonly states = new Map<Bytes32, CommitmentState>()
  readonly accused: { broken: SignedCommitment; rescue: SignedCommitment; evidence: Evidence }[] = []
  readonly convicted: Commitment[] = []
  seed: Bytes32 | null = null
  /** What `accuse` is answered with, if it is refused. */
  refusal: WeftError | null = null
  isDown = false

  async accountOf(account: Address) {
    this.#assertUp()
    return this.balances.get(account) ?? { balanceWei: 0n, leavingWei: 0n }
  }
  async stakeOf(prover: Address) {
    return this.stakes.get(prover) ?? 0n
  }
  /** Hot keys by prover. */
  readonly hotKeys = new Map<Address, Address>()
  async isKeyOf(prover: Address, key: Address) {
    return key === prover || key === this.hotKeys.get(prover)
  }
  async isSignedForProver(prover: Address, digest: Bytes32, signature: string) {
    const hotKey = this.hotKeys.get(prover)
    return (
      (await this.isSignedBy(prover, digest, signature)) ||
      (hotKey !== undefined && (await this.isSignedBy(hotKey, digest, signature)))
    )
  }
  async suspendedUntil(prover: Address) {
    return this.suspensions.get(prover) ?? 0
  }
  async isNonceUsed(owner: Address, nonce: bigint) {
    return this.nonces.has(`${owner}${nonce}`)
  }
  async seedAfter() {
    return this.seed
  }
  async defenceWindowS() {
    return WINDOW_S
  }
  async commitmentState(id: Bytes32) {
    return this.states.get(id) ?? 'accused'
  }
  async accuse(_request: Request, broken: SignedCommitment, rescue: SignedCommitment, evidence: Evidence) {
    if (this.refusal) throw this.refusal
    this.accused.push({ broken, rescue, evidence })
    return uintToBytes32(77n)
  }
  async convict(_request: Request, commitment: Commitment) {
    this.convicted.push(commitment)
    return uintToBytes32(78n)
  }
  readonly attempts: AttemptPayment[] = []
  async payAttempts(payment: AttemptPayment) {
    this.#assertUp()
    this.attempts.push(payment)
    this.nonces.add(`${payment.request.owner}${payment.request.nonce}`)
    return uintToBytes32(79n)
  }
  async isSignedBy(signer: Address, digest: Bytes32, signature: string) {
    this.#assertUp()
    const by = await recoverAddress({ hash: digest, signature: signature as Hex }).catch(() => null)
    return by?.toLowerCase() === signer
  }

  #assertUp() {
    if (this.isDown) throw new WeftError('l1_unavailable', 'no answer from L1')
  }
}

export interface MarketNode extends ProverNode {
  readonly account: PrivateKeyAccount
}

/** A coordinator with a market, and those who use it. */
export class MarketHarness {
  readonly owner = privateKeyToAccount(generatePrivateKey())
  readonly ownerAddress = toAddress(this.owner.address)
  readonly events: ApiEvent[] = []
  #nonce = 0n

  private constructor(
    readonly h: Harness,
    readonly l1: FakeMarketL1,
  ) {}

  static async start(overrides: Overrides = {}): Promise<MarketHarness> {
    const l1 = new FakeMarketL1()
    const matcher = {
      address: toAddress(MATCHER.address),
      sign: (digest: Bytes32) => MATCHER.sign({ hash: digest }),
    }
    const h = await Harness.start({ market: MARKET, marketL1: l1, matcher, ...overrides })
    const market = new MarketHarness(h, l1)
    l1.balances.set(market.ownerAddress, { balanceWei: 10n ** 18n, leavingWei: 0n })
    return market
  }

  /** A prover with stake, collateral and a node. */
  async prover(balanceWei = 1_000n, stakeWei = 100n, systems = ['ultrahonk']): Promise<MarketNode> {
    const account = privateKeyToAccount(generatePrivateKey())
    const { token, address } = await this.h.session(account)
    const api = this.h.client(token)
    const body = { name: 'n', maxGates: 1e7, memoryBytes: 1e9, threads: 1, gatesPerSecond: 1e5, version: '0' }
    await api.registerNode({ body: { ...body, srs: 'dev', systems } })
    this.l1.balances.set(address, { balanceWei, leavingWei: 0n })
    this.l1.stakes.set(address, stakeWei)
    return { api, address, account }
  }

  async signOffer(node: MarketNode, changes: Partial<Offer> = {}, domain = DOMAIN) {
    const offer: Offer = {
      prover: node.address,
      target: segmentProgram.id,
      priceWei: 1_000n,
      turnaroundMs: 1_000n,
      capacity: 1,
      collateralWei: 100n,
      expiry: Math.floor(this.h.clock.nowMs() / 1000) + 3_600,
      nonce: ++this.#nonce,
      ...changes,
    }
    return { offer, signature: await node.account.signTypedData(typedData(domain, OFFER, offer)) }
  }

  async offer(node: MarketNode, changes: Partial<Offer> = {}): Promise<Bytes32> {
    return (await this.h.client().submitOffer({ body: await this.signOffer(node, changes) })).id
  }

  async signRequest(
    segments: number,
    rollup: number,
    changes: Partial<Request> = {},
    domain = DOMAIN,
  ): Promise<SignedRequest> {
    const trace = await this.h.request(segments, rollup)
    const nowS = Math.floor(this.h.clock.nowMs() / 1000)
    const request: Request = {
      owner: this.ownerAddress,
      program: trace.program,
      pre: trace.pre,
      data: trace.data,
      startPriceWei: 2_000n,
      maxPriceWei: 2_000n,
      maxTotalWei: (2_000n * (BigInt(segments + 1) * MERGE_WORK + 1_000_000n)) / 1_000_000n,
      offerDeadline: nowS + 300,
      proofDeadline: nowS + 600,
      collateralWei: 50n,
      policy: encodePolicy({ policy: 'order-book', curve: 'linear', winners: 1 }),
      delivery: 1,
      allowedProvers: ZERO_BYTES32,
      matcher: toAddress(MATCHER.address),
      nonce: ++this.#nonce,
      ...changes,
    }
    const signature = await this.owner.signTypedData(typedData(domain, REQUEST, request))
    return { request, provers: [], post: trace.post, segments: trace.segments, signature }
  }

  async request(segments: number, rollup = 0, changes: Partial<Request> = {}): Promise<Bytes32> {
    const body = await this.signRequest(segments, rollup, changes)
    return (await this.h.client().submitRequest({ body })).id
  }

  /** Signs for a lease. */
  async commit(node: MarketNode, lease: Lease): Promise<Lease> {
    if (!lease.terms) return lease
    const { commitment } = lease.terms
    const signature = await node.account.signTypedData(typedData(DOMAIN, COMMITMENT, commitment))
    await node.api.commitLease({ params: { id: lease.id }, body: { signature } })
    return lease
  }

  async order(id: Bytes32) {
    return this.h.client().request({ params: { id } })
  }
}
