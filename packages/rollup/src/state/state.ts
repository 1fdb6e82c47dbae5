import { type Address, type Bytes32, uintToBytes32, WeftError } from '@weft/protocol'
import { Accounts, ZERO_ADDRESS } from './accounts.js'
import { compress, DOMAIN } from './poseidon.js'

/** What never changes in a rollup; part of the state root. */
export interface RollupConfig {
  /** Below 2^64. */
  readonly chainId: bigint
  /** Receives the fees and closes the batches. */
  readonly sequencer: Address
  /** Below 2^64. */
  readonly baseFeeWeiPerGas: bigint
}

export interface Genesis extends RollupConfig {
  readonly accounts: readonly { readonly address: Address; readonly balanceWei: bigint }[]
}

/** The rollup's state; changes in place. */
export interface State {
  readonly config: RollupConfig
  readonly accounts: Accounts
}

const U64 = 1n << 64n
const MAX_SUPPLY_WEI = 1n << 128n

const refuse = (message: string): never => {
  throw new WeftError('bad_genesis', message)
}

const checkGenesis = ({ chainId, sequencer, baseFeeWeiPerGas, accounts }: Genesis): void => {
  if (chainId < 1n || chainId >= U64) refuse(`chain id ${chainId}: give 1 to 2^64 - 1`)
  if (baseFeeWeiPerGas < 0n || baseFeeWeiPerGas >= U64)
    refuse(`base fee ${baseFeeWeiPerGas}: give 0 to 2^64 - 1`)
  if (sequencer === ZERO_ADDRESS)
    refuse('the zero address cannot be the sequencer: give an address with a key')
  const seen = new Set<Address>()
  let supplyWei = 0n
  for (const { address, balanceWei } of accounts) {
    if (address === ZERO_ADDRESS) refuse('the zero address is the sentinel of the state: leave it out')
    if (seen.has(address)) refuse(`${address} is named twice: name each account once`)
    if (balanceWei < 0n) refuse(`${address} has a negative balance`)
    seen.add(address)
    supplyWei += balanceWei
  }
  // Transfers conserve the supply, so no balance ever outgrows its 128 bits.
  if (supplyWei >= MAX_SUPPLY_WEI)
    refuse(`a supply of ${supplyWei} wei: keep the sum of balances below 2^128`)
}

/**
 * The first state: the sentinel, then the accounts ascending by address, the sequencer among them even with no
 * balance. The order of the list does not matter. Throws a WeftError `bad_genesis`.
 */
export const genesisState = (genesis: Genesis): State => {
  checkGenesis(genesis)
  const { chainId, sequencer, baseFeeWeiPerGas } = genesis
  const balances = new Map(genesis.accounts.map(({ address, balanceWei }) => [address, balanceWei]))
  if (!balances.has(sequencer)) balances.set(sequencer, 0n)
  const accounts = new Accounts()
  for (const address of [...balances.keys()].sort()) {
    accounts.link(accounts.lowIndexOf(address), address)
    accounts.append({ address, next: ZERO_ADDRESS, balanceWei: balances.get(address) as bigint, nonce: 0n })
  }
  return { config: { chainId, sequencer, baseFeeWeiPerGas }, accounts }
}

const configHash = ({ chainId, sequencer, baseFeeWeiPerGas }: RollupConfig): bigint =>
  compress(chainId, BigInt(sequencer), baseFeeWeiPerGas, DOMAIN.config)

/** The field element that L1 holds, as 32 bytes. */
export const stateRoot = ({ accounts, config }: State): Bytes32 =>
  uintToBytes32(compress(accounts.root(), configHash(config), 0n, DOMAIN.state))
