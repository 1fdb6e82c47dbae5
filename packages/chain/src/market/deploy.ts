import { abis, bytecodes } from '@weft/contracts'
import { type Address, type Bytes32, bytesToHex, hashWords, uintToBytes32, WeftError } from '@weft/protocol'
import { encodeDeployData, encodeFunctionData } from 'viem'
import { create } from '../create.js'
import { deployDelivery } from '../delivery/deploy.js'
import { assertDevChain, DEV_CHAIN_IDS, type SrsKind } from '../dev-chain.js'
import type { Sender } from '../sender/index.js'
import type { MarketAddresses } from './addresses.js'
import { registerSystem } from './systems.js'

/** What a market is deployed with, for good. Cuts are in hundredths of a percent of what provers are paid. */
export interface MarketParameters {
  /** Seconds between announcing and taking money. */
  readonly withdrawalDelayS: number
  /** Seconds for which money is kept for entries that a settlement did not show. */
  readonly claimWindowS: number
  /** Seconds in which a prover's own proof still clears it, after its deadline, and in which it can answer. */
  readonly defenceWindowS: number
  /** Seconds for which a posted request waits at its start price. */
  readonly postedWaitS: number
  /** Seconds in which its price then rises to the maximum. */
  readonly postedRiseS: number
  /** Seconds between taking stake out and having it. */
  readonly unbondingDelayS: number
  readonly protocolFeeBps: number
  readonly insuranceBps: number
}

const [MINUTE, HOUR, DAY] = [60, 3_600, 86_400]

/** For chains with money on them: long enough for people to react. */
export const PRODUCTION_MARKET: MarketParameters = {
  withdrawalDelayS: 2 * DAY,
  claimWindowS: 3 * DAY,
  defenceWindowS: 30 * MINUTE,
  postedWaitS: 10 * MINUTE,
  postedRiseS: HOUR,
  unbondingDelayS: 7 * DAY,
  protocolFeeBps: 100,
  insuranceBps: 50,
}

/** For development chains: short enough to be watched. */
export const DEVNET_MARKET: MarketParameters = {
  withdrawalDelayS: 5,
  claimWindowS: HOUR,
  defenceWindowS: 5,
  postedWaitS: MINUTE,
  postedRiseS: 10 * MINUTE,
  unbondingDelayS: MINUTE,
  protocolFeeBps: 100,
  insuranceBps: 50,
}

/** An ERC-20 as a market's money. */
export interface MarketToken {
  readonly address: Address
  /** Whether it is WETH9: ether can then be paid in and taken out. */
  readonly wrapsEther: boolean
}

export interface MarketPlan {
  readonly chainId: number
  /** What the verifier's key was made from; `dev` only on a development chain. */
  readonly srs: SrsKind
  /** Proof system of the root proofs, `ULTRAHONK` for instance: what the router knows the verifier by. */
  readonly system: Bytes32
  /** Creation bytecode of the merge circuit's verifier. */
  readonly verifier: Uint8Array
  /** Hash of the merge circuit's own recursive key. */
  readonly mergeKey: Bytes32
  /** Can freeze a proof system for good, and nothing else; another account than the sender's. */
  readonly guardian: Address
  /** Gets the protocol fee. */
  readonly treasury: Address
  /** Gets the insurance cut, its part of collateral, and slashed stake. */
  readonly insurer: Address
  /** Absent: wrapped ether of its own, on a development chain. */
  readonly token?: MarketToken
  /** `PRODUCTION_MARKET` unless told. */
  readonly parameters?: MarketParameters
}

/** Verifier, router with the system in it, and a settlement behind both that charges nobody. */
const deployRouted = async (sender: Sender, plan: MarketPlan) => {
  const [verifier, router, pricing] = await Promise.all([
    create(sender, bytesToHex(plan.verifier)),
    create(
      sender,
      encodeDeployData({
        abi: abis.VerifierRouter,
        bytecode: bytecodes.VerifierRouter,
        args: [sender.address, plan.guardian],
      }),
    ),
    create(
      sender,
      encodeDeployData({ abi: abis.FixedPricing, bytecode: bytecodes.FixedPricing, args: [0n] }),
    ),
  ])
  await registerSystem(sender, router, plan.system, verifier)
  const routed = await create(
    sender,
    encodeDeployData({
      abi: abis.RoutedVerifier,
      bytecode: bytecodes.RoutedVerifier,
      args: [router, plan.system],
    }),
  )
  const settlement = await create(
    sender,
    encodeDeployData({
      abi: abis.Settlement,
      bytecode: bytecodes.Settlement,
      args: [routed, plan.mergeKey, pricing],
    }),
  )
  return { verifier, router, pricing, settlement }
}

const tokenOf = async (sender: Sender, { chainId, token }: MarketPlan): Promise<MarketToken> => {
  if (token !== undefined) return token
  if (!DEV_CHAIN_IDS.includes(chainId)) {
    throw new WeftError(
      'token_needed',
      `chain ${chainId} is not a development chain: give the address of the market's token, its WETH for instance`,
      { chainId },
    )
  }
  return { address: await create(sender, bytecodes.WrappedEther), wrapsEther: true }
}

/** Everything that tells one market from another of the same sender: staking and defaults belong to one. */
const scopeOf = (plan: MarketPlan, settlement: Address, token: MarketToken, terms: MarketParameters) =>
  hashWords(
    settlement,
    token.address,
    plan.treasury,
    plan.insurer,
    ...[
      Number(token.wrapsEther),
      terms.withdrawalDelayS,
      terms.claimWindowS,
      terms.defenceWindowS,
      terms.postedWaitS,
      terms.postedRiseS,
      terms.unbondingDelayS,
      terms.protocolFeeBps,
      terms.insuranceBps,
    ].map((value) => uintToBytes32(BigInt(value))),
  )

/**
 * Deploys a settlement without prices, a registry of direct proofs, and a market on both. Asked again with the same
 * plan it goes on where it stopped, and ends with the same addresses. Errors: `dev_srs_on_public_chain`, `token_needed`,
 * and those of `Sender.send`.
 */
export const deployMarket = async (sender: Sender, plan: MarketPlan): Promise<MarketAddresses> => {
  assertDevChain(plan.chainId, plan.srs)
  const terms = plan.parameters ?? PRODUCTION_MARKET
  const token = await tokenOf(sender, plan)
  const routed = await deployRouted(sender, plan)
  const { settlement, router } = routed
  const delivery = await deployDelivery(sender, router)
  const scope = scopeOf(plan, settlement, token, terms)

  const staking = await create(
    sender,
    encodeDeployData({
      abi: abis.Staking,
      bytecode: bytecodes.Staking,
      args: [token.address, BigInt(terms.unbondingDelayS)],
    }),
    scope,
  )
  const defaults = await create(
    sender,
    encodeDeployData({
      abi: abis.Defaults,
      bytecode: bytecodes.Defaults,
      args: [settlement, staking, plan.insurer, BigInt(terms.defenceWindowS)],
    }),
    scope,
  )
  const config = {
    token: token.address,
    wrapsEther: token.wrapsEther,
    settlement,
    staking,
    defaults,
    registry: delivery.registry,
    treasury: plan.treasury,
    insurer: plan.insurer,
    protocolFeeBps: terms.protocolFeeBps,
    insuranceBps: terms.insuranceBps,
    withdrawalDelay: terms.withdrawalDelayS,
    claimWindow: terms.claimWindowS,
    postedWait: terms.postedWaitS,
    postedRise: terms.postedRiseS,
  }
  const market = await create(
    sender,
    encodeDeployData({ abi: abis.Market, bytecode: bytecodes.Market, args: [config] }),
  )
  await introduce(sender, { staking, defaults, market })
  return { ...routed, ...delivery, token: token.address, staking, defaults, market }
}

/** Names the market to staking and defaults, once. */
const introduce = async (
  sender: Sender,
  { staking, defaults, market }: Pick<MarketAddresses, 'staking' | 'defaults' | 'market'>,
): Promise<void> => {
  await sender.send({
    id: `setMarket:${staking}:${market}`,
    to: staking,
    data: encodeFunctionData({ abi: abis.Staking, functionName: 'setMarket', args: [market, defaults] }),
    valueWei: 0n,
  })
  await sender.send({
    id: `setMarket:${defaults}:${market}`,
    to: defaults,
    data: encodeFunctionData({ abi: abis.Defaults, functionName: 'setMarket', args: [market] }),
    valueWei: 0n,
  })
}
