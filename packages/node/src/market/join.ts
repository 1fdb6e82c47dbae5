import { join } from 'node:path'
import { MERGED_SYSTEM, type Network } from '@weft/api'
import { type Address, type MarketDomain, programId, WeftError } from '@weft/protocol'
import type { Link } from '../coordinator/link.js'
import type { Programs } from '../job/programs.js'
import type { NodeDeps, NodeMarketDeps, NodeOptions } from '../options.js'
import { type EncryptionKeys, openEncryptionKeys } from '../private-inputs/keys.js'
import { openBidStore } from './bid-store.js'
import { type Commitments, openCommitments } from './commitments.js'
import { Defence } from './defence.js'
import { NodeMarket } from './market.js'
import { checkPricing, type NodePricing } from './pricing.js'

const POLL_MS = 15_000
const OFFER_MS = 600_000
const SLACK_PPM = 1_000_000

/** What a node has of a market whether or not a coordinator answers. */
export interface MarketParts extends NodeMarketDeps {
  readonly domain: MarketDomain
  readonly prover: Address
  readonly pricing: NodePricing
  readonly commitments: Commitments
  readonly defence: Defence
  /** For private inputs. */
  readonly keys: EncryptionKeys
}

/** Opens what the node has signed so far; null without a market. Throws `pricing_missing`, `bad_pricing`. */
export const openMarket = async (
  options: NodeOptions,
  { market, signer, clock, logger }: NodeDeps,
  prover: Address,
): Promise<MarketParts | null> => {
  if (!market) return null
  const { pricing, folder, deployment, fromBlock = 0n } = options
  if (!pricing)
    throw new WeftError('pricing_missing', 'a market pays what a node asks: configure its pricing')
  checkPricing(pricing)
  const domain = { chainId: BigInt(deployment.chainId), contract: market.l1.contract }
  const commitments = await openCommitments(join(folder, 'commitments'), domain)
  const pollMs = options.market?.pollMs ?? POLL_MS
  const shared = { folder, prover, commitments, clock, logger, pollMs, fromBlock }
  const defence = await Defence.open({ ...shared, l1: market.l1 })
  const path = join(folder, 'encryption-keys.json')
  const keys = await openEncryptionKeys({ path, prover, domain, signer, clock, random: market.random })
  return { ...market, domain, prover, pricing, commitments, defence, keys }
}

/**
 * Whether coordinator and node are of the same market, or both of none. Throws `no_market`, `market_missing`,
 * `wrong_deployment`.
 */
const checkSame = (served: Network['market'], parts: MarketParts | null): void => {
  if (served === null && parts === null) return
  if (served === null) {
    throw new WeftError(
      'no_market',
      'the coordinator pays from deposits, this node works for a market: use another one',
    )
  }
  const { contract } = served
  if (parts === null) {
    throw new WeftError(
      'market_missing',
      `the coordinator serves market ${contract}: configure the node for it`,
      {
        contract,
      },
    )
  }
  if (contract === parts.domain.contract) return
  throw new WeftError(
    'wrong_deployment',
    `the coordinator serves market ${contract}, this node works for ${parts.domain.contract}: configure one of them anew`,
    { contract },
  )
}

export interface JoinOptions {
  readonly link: Link
  readonly network: Network
  readonly gatesPerSecond: number
  readonly maxGates: number
  readonly programs: Programs
}

/** The node's part in the coordinator's market; null where it serves none. Errors: see `checkSame`. */
export const joinMarket = async (
  options: NodeOptions,
  { system, systems = [], signer, clock, logger }: NodeDeps,
  parts: MarketParts | null,
  { link, network, gatesPerSecond, maxGates, programs }: JoinOptions,
): Promise<NodeMarket | null> => {
  checkSame(network.market, parts)
  if (parts === null || network.market === null) return null
  const { prover, domain, l1, random, commitments, pricing } = parts
  const settings = options.market ?? {}
  return new NodeMarket({
    ...{ link, signer, prover, domain, clock, logger, random, l1, commitments },
    market: network.market,
    mergeProgram: network.mergeProgram,
    systems: new Set([MERGED_SYSTEM, ...systems.map(({ name }) => name)]),
    isSetUp: programs.isSetUp,
    unpaidProgram: programId(system.id, options.calibration.key.hash),
    bids: await openBidStore(join(options.folder, 'bids')),
    quotes: { pricing, slackPpm: settings.slackPpm ?? SLACK_PPM, gatesPerSecond, maxGates },
    collateralWei: settings.collateralWei ?? 0n,
    capacity: settings.capacity ?? 1,
    offerMs: settings.offerMs ?? OFFER_MS,
    pollMs: settings.pollMs ?? POLL_MS,
  })
}
