import { type Address, WeftError } from '@weft/protocol'
import { type Abi, keccak256, type LocalAccount } from 'viem'
import { isUnreachable, type Link } from '../link.js'
import { revertOf } from '../revert.js'
import { type Fees, feesFor } from './fees.js'
import type { Attempt, Call, Outcome } from './tx.js'

/** What a transaction needs before it can leave, asked of the chain. */
export interface Preparer {
  /** Gas with a quarter to spare. Throws the contract's refusal, which so costs nothing and takes no nonce. */
  estimateGas(call: Call): Promise<bigint>
  currentFees(): Promise<Fees>
  /** Throws `insufficient_funds`. */
  checkFunds(call: Call, gas: bigint, fees: Fees): Promise<void>
  sign(call: Call, nonce: number, gas: bigint, fees: Fees): Promise<Attempt>
  /** Why a transaction was reverted in its block, found by asking again on top of that block. */
  explain(call: Call, outcome: Outcome): Promise<WeftError>
}

export interface PreparerOptions {
  readonly link: Link
  readonly account: LocalAccount
  readonly address: Address
  readonly chainId: number
  readonly abi: Abi
}

/** What an endpoint could not do, neither down nor a contract's refusal. */
const failure = (cause: unknown) =>
  cause instanceof WeftError
    ? cause
    : new WeftError(
        'l1_error',
        `the endpoint cannot estimate the transaction (${cause instanceof Error ? cause.message : cause}): try another`,
        {},
        { cause },
      )

export const createPreparer = ({ link, account, address, chainId, abi }: PreparerOptions): Preparer => {
  const requestOf = (call: Call) => ({
    account: address,
    data: call.data,
    value: call.valueWei,
    ...(call.to === null ? {} : { to: call.to }),
  })

  /** The refusal of a call; null if it goes through. */
  const refusal = (call: Call, at: { blockNumber?: bigint } = {}) =>
    link.ask(async (client) => {
      try {
        await client.call({ ...requestOf(call), ...at })
        return null
      } catch (error) {
        if (isUnreachable(error)) throw error
        return revertOf(error, abi)
      }
    })

  const shortageOf = async (neededWei: bigint): Promise<WeftError | null> => {
    const balanceWei = await link.ask((client) => client.getBalance({ address }))
    if (balanceWei >= neededWei) return null
    return new WeftError(
      'insufficient_funds',
      `${address} holds ${balanceWei} wei and needs ${neededWei}: send it ether on chain ${chainId}`,
      { address, balanceWei: String(balanceWei), neededWei: String(neededWei) },
    )
  }

  return {
    async estimateGas(call) {
      try {
        return ((await link.ask((client) => client.estimateGas(requestOf(call)))) * 5n) / 4n
      } catch (error) {
        // Some endpoints give the reason to a call only, and none estimates what its sender cannot pay.
        const reason = (await refusal(call)) ?? revertOf(error, abi) ?? (await shortageOf(call.valueWei))
        throw reason ?? failure(error)
      }
    },

    currentFees: () =>
      link.ask(async (client) => {
        const [block, tip] = await Promise.all([client.getBlock(), client.estimateMaxPriorityFeePerGas()])
        return feesFor(block.baseFeePerGas ?? 0n, tip)
      }),

    async checkFunds(call, gas, fees) {
      const shortage = await shortageOf(call.valueWei + gas * fees.maxFeePerGas)
      if (shortage !== null) throw shortage
    },

    async sign(call, nonce, gas, { maxFeePerGas, maxPriorityFeePerGas }) {
      const fees = { maxFeePerGas, maxPriorityFeePerGas }
      const to = call.to === null ? {} : { to: call.to }
      const content = { chainId, nonce, gas, ...fees, value: call.valueWei, data: call.data, ...to }
      const raw = await account.signTransaction({ type: 'eip1559', ...content })
      return { raw, hash: keccak256(raw), ...fees }
    },

    async explain(call, outcome) {
      return (
        (await refusal(call, { blockNumber: outcome.blockNumber })) ??
        new WeftError('l1_reverted', `transaction ${outcome.hash} was reverted: ask for it again`, {
          hash: outcome.hash,
        })
      )
    },
  }
}
