import { abis } from '@weft/contracts'
import { type Address, type Bytes32, type Request, type SignatureChecker, toAddress } from '@weft/protocol'
import { zeroAddress } from 'viem'
import type { L1Client } from '../client.js'
import { read } from '../read.js'
import type { MarketAddresses } from './addresses.js'
import { type MarketEvents, marketEvents } from './events.js'
import { seedAfter } from './seed.js'
import { signatureChecker } from './signatures.js'

/** Money of a requester or prover; what others can count on is `balanceWei - leavingWei`. */
export interface AccountState {
  readonly balanceWei: bigint
  /** Announced to leave; still chargeable. */
  readonly leavingWei: bigint
  /** Unix seconds from which it may leave; zero while nothing is announced. */
  readonly leavingAt: number
}

/** A prover as staking knows it; nothing but zeros for one that is not registered. */
export interface ProverState {
  readonly registered: boolean
  /** What it keeps before earnings are shared by stake, in hundredths of a percent. */
  readonly commissionBps: number
  /** Announced; holds from `nextCommissionAt` on, Unix seconds. Zero time: nothing is announced. */
  readonly nextCommissionBps: number
  readonly nextCommissionAt: number
  /** Signs commitments beside the prover's own key. */
  readonly hotKey: Address | null
  /** All stake with the prover, its own included, and what is on its way out; both can be slashed. */
  readonly stakedWei: bigint
  readonly leavingWei: bigint
}

/** Stake on its way out of a prover's; zeros for none. */
export interface LeavingState {
  /** What it is worth now, rounded down. */
  readonly amountWei: bigint
  /** Unix seconds from which it can be withdrawn. */
  readonly leavingAt: number
}

/** A request on L1; null when it is not posted, or paid, or reclaimed. */
export interface PostedState {
  readonly amountWei: bigint
  /** Unix seconds. */
  readonly postedAt: number
}

/** Money kept for entries that a settlement did not show. */
export interface HeldState {
  readonly claimHash: Bytes32
  readonly claimsRoot: Bytes32
  readonly amountWei: bigint
  /** Unix seconds from which it can go back. */
  readonly closesAt: number
}

/** What became of a commitment, in the order of the contract's numbers. */
export const COMMITMENT_STATES = ['open', 'released', 'defended', 'accused', 'defaulted'] as const
export type CommitmentState = (typeof COMMITMENT_STATES)[number]

/** Durations that a market was deployed with, in seconds. */
export interface MarketDelays {
  readonly withdrawalS: number
  readonly unbondingS: number
  readonly defenceWindowS: number
}

/** Questions to a market's contracts, on the newest block. Errors of all: `l1_unavailable`, `l1_reverted`, see `read`. */
export interface MarketReader extends MarketEvents, SignatureChecker {
  /** The id of a request, as the contract computes it. */
  requestId(request: Request): Promise<Bytes32>
  accountOf(account: Address): Promise<AccountState>
  isNonceUsed(owner: Address, nonce: bigint): Promise<boolean>
  postedOf(request: Bytes32): Promise<PostedState | null>
  heldOf(request: Bytes32): Promise<HeldState | null>
  /** What a prover can have collected. */
  earnedWei(prover: Address): Promise<bigint>
  /** What was collected for a recorded tree's parallel merges, and paid out of it. */
  sharedOf(claimsRoot: Bytes32): Promise<{ readonly collectedWei: bigint; readonly paidWei: bigint }>
  /** A prover's part of what was paid in this and the last week, as a fraction of 1e18. */
  shareOf(prover: Address): Promise<bigint>
  proverOf(prover: Address): Promise<ProverState>
  /** What a delegator's stake with a prover is worth, rounded down. */
  stakeOf(prover: Address, delegator: Address): Promise<bigint>
  /** The same in shares, as `undelegateCall` takes them. */
  sharesOf(prover: Address, delegator: Address): Promise<bigint>
  leavingOf(prover: Address, delegator: Address): Promise<LeavingState>
  /** Whether a key signs for a prover: its own, its hot key, or one replaced less than a day ago. */
  isKeyOf(prover: Address, key: Address): Promise<boolean>
  /** Unix seconds until when nothing leaves a prover's account; zero if it never was suspended. */
  suspendedUntil(prover: Address): Promise<number>
  commitmentState(commitment: Bytes32): Promise<CommitmentState>
  delays(): Promise<MarketDelays>
  headBlock(): Promise<bigint>
  /** Unix seconds of the newest block. */
  headTimeS(): Promise<number>
  /** See `seedAfter` of this package. */
  seedAfter(timeS: number): Promise<Bytes32 | null>
}

/** The contracts that are asked. */
export type MarketContracts = Pick<MarketAddresses, 'market' | 'staking' | 'defaults'>

export const marketReader = (client: L1Client, addresses: MarketContracts): MarketReader => ({
  ...accountReader(client, addresses.market),
  ...stakingReader(client, addresses.staking),
  ...defaultsReader(client, addresses.defaults),
  ...marketEvents(client, addresses),
  ...signatureChecker(client),
  async delays() {
    const { market, staking, defaults } = addresses
    const [withdrawal, unbonding, defence] = await Promise.all([
      read(
        'the withdrawal delay',
        client.readContract({ address: market, abi: abis.Market, functionName: 'withdrawalDelay' }),
      ),
      read(
        'the unbonding delay',
        client.readContract({ address: staking, abi: abis.Staking, functionName: 'unbondingDelay' }),
      ),
      read(
        'the defence window',
        client.readContract({ address: defaults, abi: abis.Defaults, functionName: 'defenceWindow' }),
      ),
    ])
    return {
      withdrawalS: Number(withdrawal),
      unbondingS: Number(unbonding),
      defenceWindowS: Number(defence),
    }
  },
  headBlock: () => read('the head block', client.getBlockNumber()),
  headTimeS: async () => Number((await read('the head block', client.getBlock())).timestamp),
  seedAfter: (timeS) => seedAfter(client, timeS),
})

const accountReader = (client: L1Client, market: Address) => {
  const contract = { address: market, abi: abis.Market } as const
  return {
    requestId: (request: Request) =>
      read(
        'the id of a request',
        client.readContract({ ...contract, functionName: 'requestId', args: [request] }),
      ),
    async accountOf(account: Address): Promise<AccountState> {
      const question = client.readContract({ ...contract, functionName: 'accountOf', args: [account] })
      const { balanceWei, leavingWei, leavingAt } = await read(`the account of ${account}`, question)
      return { balanceWei, leavingWei, leavingAt: Number(leavingAt) }
    },
    isNonceUsed: (owner: Address, nonce: bigint) =>
      read(
        `a nonce of ${owner}`,
        client.readContract({ ...contract, functionName: 'isNonceUsed', args: [owner, nonce] }),
      ),
    async postedOf(request: Bytes32): Promise<PostedState | null> {
      const question = client.readContract({ ...contract, functionName: 'postedOf', args: [request] })
      const posted = await read('a posted request', question)
      return posted.amountWei === 0n ? null : posted
    },
    async heldOf(request: Bytes32): Promise<HeldState | null> {
      const question = client.readContract({ ...contract, functionName: 'heldOf', args: [request] })
      const held = await read('what is held for a request', question)
      return held.closesAt === 0 ? null : held
    },
    earnedWei: (prover: Address) =>
      read(
        `the earnings of ${prover}`,
        client.readContract({ ...contract, functionName: 'earnedWei', args: [prover] }),
      ),
    async sharedOf(claimsRoot: Bytes32) {
      const question = client.readContract({ ...contract, functionName: 'sharedOf', args: [claimsRoot] })
      const [collectedWei, paidWei] = await read('what parallel merges have coming', question)
      return { collectedWei, paidWei }
    },
    shareOf: (prover: Address) =>
      read(
        `the share of ${prover}`,
        client.readContract({ ...contract, functionName: 'shareOf', args: [prover] }),
      ),
  }
}

const stakingReader = (client: L1Client, staking: Address) => {
  const contract = { address: staking, abi: abis.Staking } as const
  return {
    async proverOf(prover: Address): Promise<ProverState> {
      const question = client.readContract({ ...contract, functionName: 'proverOf', args: [prover] })
      const { hotKey, ...state } = await read(`prover ${prover}`, question)
      return { ...state, hotKey: hotKey === zeroAddress ? null : toAddress(hotKey) }
    },
    stakeOf: (prover: Address, delegator: Address) =>
      read(
        `the stake of ${delegator}`,
        client.readContract({ ...contract, functionName: 'stakeOf', args: [prover, delegator] }),
      ),
    sharesOf: (prover: Address, delegator: Address) =>
      read(
        `the shares of ${delegator}`,
        client.readContract({ ...contract, functionName: 'sharesOf', args: [prover, delegator] }),
      ),
    async leavingOf(prover: Address, delegator: Address): Promise<LeavingState> {
      const question = client.readContract({
        ...contract,
        functionName: 'leavingOf',
        args: [prover, delegator],
      })
      const [amountWei, leavingAt] = await read(`what leaves of ${delegator}'s stake`, question)
      return { amountWei, leavingAt: Number(leavingAt) }
    },
    isKeyOf: (prover: Address, key: Address) =>
      read(
        `the keys of ${prover}`,
        client.readContract({ ...contract, functionName: 'isKeyOf', args: [prover, key] }),
      ),
  }
}

const defaultsReader = (client: L1Client, defaults: Address) => {
  const contract = { address: defaults, abi: abis.Defaults } as const
  return {
    async suspendedUntil(prover: Address): Promise<number> {
      const question = client.readContract({ ...contract, functionName: 'suspendedUntil', args: [prover] })
      return Number(await read(`the suspension of ${prover}`, question))
    },
    async commitmentState(commitment: Bytes32): Promise<CommitmentState> {
      const question = client.readContract({ ...contract, functionName: 'stateOf', args: [commitment] })
      const number = await read('the state of a commitment', question)
      const state = COMMITMENT_STATES[number]
      if (state === undefined) throw new Error(`a commitment has no state ${number}`)
      return state
    },
  }
}
