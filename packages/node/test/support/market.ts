import { ApiError, type Job, type Network, type OfferView, type OrderSummary, type Terms } from '@weft/api'
import type { CommitmentState } from '@weft/chain'
import type { Accusation, MarketSettings, NodeMarketDeps, NodePricing } from '@weft/node'
import {
  type Address,
  type Bytes32,
  COMMITMENT,
  type Commitment,
  commitmentId,
  type Evidence,
  encodePolicy,
  hashWords,
  type MarketDomain,
  type Offer,
  type Order,
  offerId,
  type PolicyName,
  type Request,
  requestId,
  tag,
  toAddress,
  typedData,
  uintToBytes32,
  WeftError,
  ZERO_BYTES32,
} from '@weft/protocol'
import { recoverAddress } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { deployment } from './coordinator.js'
import { clock, createHarness, type Harness, prover, signer } from './harness.js'

export const matcher = privateKeyToAccount(uintToBytes32(77n))
export const requester = toAddress(privateKeyToAccount(uintToBytes32(78n)).address)
export const contract = toAddress(`0x${'ab'.repeat(20)}`)
export const domain: MarketDomain = { chainId: BigInt(deployment.chainId), contract }
export const ETHER = 10n ** 18n

const market: NonNullable<Network['market']> = {
  contract,
  matcher: toAddress(matcher.address),
  minStakeWei: ETHER / 10n,
  revealS: 30,
}

export const nowS = () => Math.floor(Date.now() / 1000)

export const pricing: NodePricing = {
  hardwareWeiPerHour: 0n,
  powerWatts: 0,
  powerWeiPerKwh: 0n,
  marginPpm: 0,
  floorWei: 1_000n,
}

/** A market's contracts as a node sees them: plain values that a test changes, and a list of what was sent. */
export const createFakeL1 = () => {
  const state = {
    balances: new Map<Address, bigint>([
      [requester, 100n * ETHER],
      [prover, 10n * ETHER],
    ]),
    leaving: new Map<Address, bigint>(),
    posted: new Set<Bytes32>(),
    usedNonces: new Set<bigint>(),
    held: new Map<Bytes32, { claimHash: Bytes32; amountWei: bigint }>(),
    earnedWei: 0n,
    sharedWei: new Map<Bytes32, bigint>(),
    settled: [] as { claimsRoot: Bytes32 }[],
    accusations: [] as Accusation[],
    states: new Map<Bytes32, CommitmentState>(),
    isDown: false,
    sent: [] as (
      | { kind: 'shared'; claimsRoot: Bytes32; id: string }
      | { kind: 'claim'; order: Order }
      | { kind: 'collect'; amountWei: bigint }
      | { kind: 'release'; commitment: Commitment }
      | { kind: 'defend'; commitment: Commitment; own: Evidence }
    )[],
    refuse: null as WeftError | null,
  }
  const asked = async <T>(answer: () => T): Promise<T> => {
    if (state.isDown) throw new WeftError('l1_unavailable', 'L1 is down')
    return answer()
  }
  const send = (call: (typeof state.sent)[number]) =>
    asked(() => {
      if (state.refuse) throw state.refuse
      state.sent.push(call)
    })
  let drawn = 0
  const deps: NodeMarketDeps = {
    random: {
      bytes: (length) => {
        drawn += 1
        const word = hashWords(tag('test-random'), uintToBytes32(BigInt(drawn)))
        return Uint8Array.from(Buffer.from(word.slice(2), 'hex')).slice(0, length)
      },
    },
    l1: {
      contract,
      reader: {
        isSignedBy: (by, digest, signature) =>
          recoverAddress({ hash: digest, signature: signature as Bytes32 })
            .then((address) => toAddress(address) === by)
            .catch(() => false),
        accountOf: (account) =>
          asked(() => ({
            balanceWei: state.balances.get(account) ?? 0n,
            leavingWei: state.leaving.get(account) ?? 0n,
          })),
        postedOf: (id) => asked(() => (state.posted.has(id) ? { amountWei: 1n } : null)),
        isNonceUsed: (_, nonce) => asked(() => state.usedNonces.has(nonce)),
        heldOf: (id) => asked(() => state.held.get(id) ?? null),
        earnedWei: () => asked(() => state.earnedWei),
        sharedOf: (root) => asked(() => ({ collectedWei: state.sharedWei.get(root) ?? 0n })),
        headBlock: () => asked(() => 100n),
        settledOrders: () => asked(() => state.settled),
        accusedCommitments: () => asked(() => state.accusations),
        commitmentState: (id) => asked(() => state.states.get(id) ?? 'open'),
      },
      withdrawShared: (claimsRoot, _, id) => send({ kind: 'shared', claimsRoot, id }),
      claim: (order) => send({ kind: 'claim', order }),
      async collect() {
        await send({ kind: 'collect', amountWei: state.earnedWei })
        state.earnedWei = 0n
      },
      release: (_, commitment) => send({ kind: 'release', commitment }),
      async defend(commitment, own) {
        await send({ kind: 'defend', commitment, own })
        state.states.set(commitmentId(domain, commitment), 'defended')
      },
    },
  }
  return { state, deps }
}

export interface TermsChanges {
  readonly request?: Partial<Request>
  readonly commitment?: Partial<Commitment>
  /** Who signs as the matcher. */
  readonly by?: typeof matcher
}

/** A coordinator with a market, its L1, and a node's pricing for it. */
export const createMarketHarness = async () => {
  const h = await createHarness(deployment.settlement, market)
  const l1 = createFakeL1()
  const { coordinator } = h
  const log = {
    offers: [] as Offer[],
    signatures: [] as string[],
    cancelled: [] as Bytes32[],
    committed: [] as { lease: string; signature: string }[],
    sealed: [] as { request: string; commitment: Bytes32; signature: string }[],
    /** How often the list of requests was read. */
    looks: 0,
    revealed: [] as { request: string; priceWei: bigint; salt: Bytes32 }[],
  }
  const resting = new Map<Bytes32, OfferView>()
  const orders: OrderSummary[] = []
  let nonce = 0n

  Object.assign(coordinator.handlers, {
    programs: () => [...coordinator.programs.values()],
    offers: () => [...resting.values()],
    submitOffer: ({ body }) => {
      const id = offerId(domain, body.offer)
      log.offers.push(body.offer)
      log.signatures.push(body.signature)
      resting.set(id, { id, offer: body.offer, roomWork: 1 })
      return { id }
    },
    cancelIntent: ({ body }) => {
      if (!resting.delete(body.intent)) throw new ApiError('unknown_intent', 'no such offer')
      log.cancelled.push(body.intent)
      return undefined
    },
    commitLease: ({ params, body }) => {
      log.committed.push({ lease: params.id ?? '', signature: body.signature })
      return undefined
    },
    prover: () => ({
      prover,
      collateralWei: 0n,
      lockedWei: 0n,
      stakeWei: 0n,
      suspendedUntil: 1_900_000_000,
      standings: [],
    }),
    requests: () => {
      log.looks += 1
      return orders
    },
    sealBid: ({ params, body }) => {
      log.sealed.push({ request: params.id ?? '', commitment: body.commitment, signature: body.signature })
      return undefined
    },
    revealBid: ({ params, body }) => {
      log.revealed.push({ request: params.id ?? '', priceWei: body.bid.priceWei, salt: body.salt })
      return undefined
    },
  } satisfies Harness['coordinator']['handlers'])

  const request = (changes: Partial<Request> = {}): Request => ({
    owner: requester,
    program: coordinator.leaf.id,
    pre: ZERO_BYTES32,
    data: tag('data'),
    startPriceWei: 1_000n,
    maxPriceWei: 10_000n,
    maxTotalWei: ETHER,
    offerDeadline: nowS() + 600,
    proofDeadline: nowS() + 3600,
    collateralWei: 0n,
    policy: 0,
    delivery: 1,
    allowedProvers: ZERO_BYTES32,
    matcher: market.matcher,
    nonce: ++nonce,
    ...changes,
  })

  /** Terms for a job, signed by the matcher; the job's lease comes with them. */
  const match = async (job: Job, changes: TermsChanges = {}): Promise<Terms> => {
    const wanted = request(changes.request)
    const commitment: Commitment = {
      request: requestId(domain, wanted),
      job: job.id,
      prover,
      priceWei: 2_000n,
      deadline: nowS() + 600,
      collateralWei: 0n,
      rank: 0,
      ...changes.commitment,
    }
    const counterSignature = await (changes.by ?? matcher).signTypedData(
      typedData(domain, COMMITMENT, commitment),
    )
    const terms = { commitment, request: wanted, counterSignature }
    coordinator.terms.set(job.id, terms)
    return terms
  }

  let passedMs = 0
  const shifted = { ...clock, nowMs: () => clock.nowMs() + passedMs }
  const start = (settings: MarketSettings = {}, options: Parameters<Harness['start']>[0] = {}, deps = {}) =>
    h.start(
      { pricing, market: { pollMs: 20, ...settings }, ...options },
      { market: l1.deps, clock: shifted, ...deps },
    )
  /** Moves the nodes' clock. */
  const pass = (seconds: number) => {
    passedMs += 1000 * seconds
  }

  return { ...h, market, l1: l1.state, deps: l1.deps, log, resting, orders, request, match, start, pass }
}

export type MarketHarness = Awaited<ReturnType<typeof createMarketHarness>>

export const sealedPolicy = (policy: PolicyName = 'sealed-first-price') =>
  encodePolicy({ policy, curve: 'linear', winners: 1 })

/** Whether the node's own key signed that. */
export const isSigned = async (digest: Bytes32, signature: string): Promise<boolean> =>
  (await recoverAddress({ hash: digest, signature: signature as Bytes32 })) === signer.address
