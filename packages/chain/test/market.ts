import {
  DEVNET_MARKET,
  deployMarket,
  depositEtherCall,
  devAccount,
  type MarketAddresses,
  type MarketParameters,
  type MarketPlan,
  marketReader,
} from '@weft/chain'
import { bytecodes } from '@weft/contracts/testing'
import {
  type Address,
  type Claim,
  COMMITMENT,
  type Commitment,
  commitmentId,
  type Hex,
  hexToBytes,
  type MarketDomain,
  type Order,
  type PayoutEntry,
  REQUEST,
  type Request,
  requestId,
  type SignedCommitment,
  typedData,
  ULTRAHONK,
  ZERO_BYTES32,
} from '@weft/protocol'
import { parseEther } from 'viem'
import { CHAIN_ID, openChain, type TestChain } from './chain.js'
import { type Finished, MERGE_KEY } from './claims.js'

/** Development accounts by their part. */
export const OPERATOR = 0
export const REQUESTER = 1
export const MATCHER = 2
export const PROVER = 3
export const RIVAL = 4
export const STRANGER = 5
export const GUARDIAN = 6
export const TREASURY = 7
export const INSURER = 8
const PARTS = [OPERATOR, REQUESTER, MATCHER, PROVER, RIVAL, STRANGER]

export const addressOf = (part: number) => devAccount(part).address

const accountOf = (address: Address) => {
  const part = PARTS.find((index) => addressOf(index) === address)
  return part === undefined ? undefined : devAccount(part).account
}

const keyOf = (prover: Address) => {
  const account = accountOf(prover)
  if (account === undefined) throw new Error(`${prover} has no key here`)
  return account
}

/** Of an owner that is a contract. */
export const WALLET_SIGNATURE = '0x1271'

/** A devnet's, but long enough for what has to happen before they are over, however slow the machine is. */
export const TEST_TERMS: MarketParameters = { ...DEVNET_MARKET, withdrawalDelayS: 600, defenceWindowS: 600 }

/** A development chain's market with the mock verifier. */
export const TEST_PLAN: MarketPlan = {
  chainId: CHAIN_ID,
  srs: 'dev',
  system: ULTRAHONK,
  verifier: hexToBytes(bytecodes.MockVerifier),
  mergeKey: MERGE_KEY,
  guardian: addressOf(GUARDIAN),
  treasury: addressOf(TREASURY),
  insurer: addressOf(INSURER),
  parameters: TEST_TERMS,
}

/** Price of a million units of work. */
export const PRICE_WEI = 2_000_000n
export const COLLATERAL_WEI = parseEther('1')
export const FUNDS_WEI = parseEther('10')

export interface TestMarket extends TestChain {
  readonly addresses: MarketAddresses
  readonly domain: MarketDomain
  readonly reader: ReturnType<typeof marketReader>
  /** A request for the claim's statement, an hour to prove it. */
  request(claim: Claim, changes?: Partial<Request>): Promise<Request>
  /** By its owner; what a contract's says does not matter. */
  signRequest(request: Request): Promise<Hex>
  /** For an entry of its claim; the deadline is half an hour away. */
  commitment(request: Request, entry: PayoutEntry, changes?: Partial<Commitment>): Promise<Commitment>
  /** By prover and matcher. */
  sign(commitment: Commitment): Promise<SignedCommitment>
  /** An order with commitments for all entries. */
  order(finished: Finished, place: number, changes?: Partial<Request>): Promise<Order>
}

/** Deploys a market where requester and provers have 10 ether in their accounts. */
export const openMarket = async (): Promise<TestMarket> => {
  const chain = await openChain()
  const operator = await chain.senderOf(OPERATOR)
  const addresses = await deployMarket(operator, TEST_PLAN)
  const domain = { chainId: BigInt(CHAIN_ID), contract: addresses.market }
  const reader = marketReader(chain.client, addresses)
  for (const part of [REQUESTER, PROVER, RIVAL]) {
    await operator.send(depositEtherCall(addresses.market, addressOf(part), FUNDS_WEI, `funds:${part}`))
  }
  let nonce = 0n

  const request: TestMarket['request'] = async ({ program, pre, data }, changes = {}) => {
    const nowS = await reader.headTimeS()
    return {
      owner: addressOf(REQUESTER),
      program,
      pre,
      data,
      startPriceWei: PRICE_WEI / 2n,
      maxPriceWei: 2n * PRICE_WEI,
      maxTotalWei: parseEther('1'),
      offerDeadline: nowS + 600,
      proofDeadline: nowS + 3_600,
      collateralWei: COLLATERAL_WEI,
      policy: 0,
      delivery: 1,
      allowedProvers: ZERO_BYTES32,
      matcher: addressOf(MATCHER),
      nonce: nonce++,
      ...changes,
    }
  }
  const signRequest: TestMarket['signRequest'] = async (asked) =>
    (await accountOf(asked.owner)?.signTypedData(typedData(domain, REQUEST, asked))) ?? WALLET_SIGNATURE
  const commitment: TestMarket['commitment'] = async (asked, { prover, job }, changes = {}) => ({
    request: requestId(domain, asked),
    job,
    prover,
    priceWei: PRICE_WEI,
    deadline: (await reader.headTimeS()) + 1_800,
    collateralWei: COLLATERAL_WEI,
    rank: 0,
    ...changes,
  })
  const sign: TestMarket['sign'] = async (committed) => ({
    commitment: committed,
    signature: await keyOf(committed.prover).signTypedData(typedData(domain, COMMITMENT, committed)),
    counterSignature: await devAccount(MATCHER).account.sign({ hash: commitmentId(domain, committed) }),
  })
  const order: TestMarket['order'] = async ({ claim, paths }, place, changes = {}) => {
    const asked = await request(claim, changes)
    const { post, work, payouts } = claim
    const entries = await Promise.all(
      paths.map(async (path) => {
        const committed = await commitment(asked, path.entry)
        const { priceWei, deadline, collateralWei, rank } = committed
        const { signature, counterSignature } = await sign(committed)
        return { path, priceWei, deadline, collateralWei, rank, signature, counterSignature }
      }),
    )
    const signature = await signRequest(asked)
    return { request: asked, signature, place: BigInt(place), post, work, payouts, allowed: [], entries }
  }
  return { ...chain, addresses, domain, reader, request, signRequest, commitment, sign, order }
}

/** What a prover gets of a fee after the protocol's and the insurance's cuts, each rounded down. */
export const afterCuts = (feeWei: bigint): bigint =>
  feeWei -
  (feeWei * BigInt(TEST_TERMS.protocolFeeBps)) / 10_000n -
  (feeWei * BigInt(TEST_TERMS.insuranceBps)) / 10_000n
