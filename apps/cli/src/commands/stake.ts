import {
  delegateCalls,
  delegateEtherCalls,
  registerProverCall,
  setHotKeyCall,
  undelegateCall,
  withdrawStakeCall,
} from '@weft/chain'
import { type Address, WeftError } from '@weft/protocol'
import { erc20Abi, parseEther } from 'viem'
import { z } from 'zod'
import { etherOf, timeOf } from '../format.js'
import { watchBy } from '../l1.js'
import { type Wallet, withWallet } from '../market.js'
import type { Output } from '../output.js'
import { argument, setting, switchable } from '../settings.js'
import { addressText, common, etherText, wallet } from '../settings-common.js'
import { readStake, stakeText } from '../stake-view.js'
import { USUAL_COMMISSION_BPS } from '../standing.js'

export const stakeSettings = z.object({
  amount: argument(etherText.optional(), 'ether to stake; without anything else, shows the stake'),
  remove: setting(
    z.union([z.literal('all'), etherText]).optional(),
    'starts to take stake out: an amount, or all',
    'ether',
  ),
  hotKey: setting(
    addressText.optional(),
    'names a key that signs for the prover, for a node; zero takes it back',
  ),
  take: switchable(false, 'takes what has left the stake, as wrapped ether'),
  for: setting(addressText.optional(), 'the prover to stake with; the key’s own unless told'),
  commissionBps: setting(
    z.coerce.number().int().min(0).max(10_000).default(USUAL_COMMISSION_BPS),
    'what a new prover keeps before it shares its earnings by stake',
    'hundredths of a percent',
  ),
  coordinatorUrl: common.coordinatorUrl,
  ...wallet,
})
type StakeSettings = z.output<typeof stakeSettings>

/** One thing at a time, or nothing: then the stake is shown. */
const checkMode = ({ amount, remove, take, hotKey }: StakeSettings) => {
  const asked = [amount !== undefined, remove !== undefined, hotKey !== undefined, take].filter(Boolean)
  if (asked.length < 2) return
  throw new WeftError('bad_config', 'give an amount, --remove, --hot-key or --take, one at a time')
}

const register = async (wallet: Wallet, prover: Address, commissionBps: number, output: Output) => {
  const { sender, reader, contracts, address } = wallet
  if ((await reader.proverOf(prover)).registered) return
  if (prover !== address) {
    throw new WeftError(
      'not_registered',
      `${prover} is no prover: it has to run \`weft stake AMOUNT\` first`,
      {
        prover,
      },
    )
  }
  const { hash } = await sender.send(registerProverCall(contracts.staking, commissionBps, null))
  output.event(
    { event: 'registered', prover, commissionBps, l1Tx: hash },
    `registered as a prover by ${hash}, commission ${commissionBps / 100} %`,
  )
}

/** What an interrupted run has wrapped already is not wrapped again. */
const delegate = async (wallet: Wallet, prover: Address, amountWei: bigint, output: Output) => {
  const { client, sender, contracts, address, callId } = wallet
  const wrappedWei = await client.readContract({
    address: contracts.token,
    abi: erc20Abi,
    functionName: 'balanceOf',
    args: [address],
  })
  const calls = wrappedWei >= amountWei ? delegateCalls : delegateEtherCalls
  const id = await callId(`stake:${prover}:${amountWei}`)
  let l1Tx: string | null = null
  for (const call of calls(contracts, prover, amountWei, id)) l1Tx = (await sender.send(call)).hash
  output.event(
    { event: 'staked', prover, delegator: address, amountWei, l1Tx },
    `${etherOf(amountWei)} staked with ${prover} by ${l1Tx}`,
  )
}

/** Shares are rounded up: what leaves is at least the amount, by less than the worth of a share. */
const sharesUp = (shares: bigint, stakeWei: bigint, amountWei: bigint): bigint =>
  amountWei === stakeWei ? shares : (shares * amountWei + stakeWei - 1n) / stakeWei

const remove = async (wallet: Wallet, prover: Address, amount: string, output: Output) => {
  const { sender, reader, contracts, address, callId } = wallet
  const stakeWei = await reader.stakeOf(prover, address)
  const amountWei = amount === 'all' ? stakeWei : parseEther(amount)
  if (amountWei === 0n || amountWei > stakeWei) {
    throw new WeftError(
      'insufficient_stake',
      `${address} has ${etherOf(stakeWei)} staked with ${prover}: give an amount up to that`,
      { stakeWei: stakeWei.toString() },
    )
  }
  const shares = sharesUp(await reader.sharesOf(prover, address), stakeWei, amountWei)
  const id = await callId(`unstake:${prover}:${shares}`)
  const { hash } = await sender.send(undelegateCall(contracts.staking, prover, shares, id))
  const leaving = await reader.leavingOf(prover, address)
  output.event(
    { event: 'unstaking', prover, ...leaving, l1Tx: hash },
    `${etherOf(leaving.amountWei)} leaves until ${timeOf(leaving.leavingAt)} (${hash}): take it then with \`weft stake --take\``,
  )
}

const take = async (wallet: Wallet, prover: Address, output: Output) => {
  const { sender, reader, contracts, address, callId } = wallet
  const { amountWei, leavingAt } = await reader.leavingOf(prover, address)
  const call = withdrawStakeCall(contracts.staking, prover, address, await callId(`take:${prover}`))
  const { hash } = await sender.send(call).catch((cause: unknown) => {
    if (!(cause instanceof WeftError) || cause.code !== 'too_early') throw cause
    const message = `${etherOf(amountWei)} leaves until ${timeOf(leavingAt)}: run \`weft stake --take\` then`
    throw new WeftError('too_early', message, { leavingAt }, { cause })
  })
  output.event(
    { event: 'taken', prover, amountWei, token: contracts.token, l1Tx: hash },
    `${etherOf(amountWei)} taken by ${hash}, as wrapped ether (${contracts.token})`,
  )
}

const setHotKey = async (wallet: Wallet, key: Address, output: Output) => {
  const { sender, contracts, address, callId } = wallet
  const hotKey = BigInt(key) === 0n ? null : key
  const call = setHotKeyCall(contracts.staking, hotKey, await callId(`hot-key:${key}`))
  const { hash } = await sender.send(call)
  output.event(
    { event: 'hot_key', prover: address, hotKey, l1Tx: hash },
    hotKey === null
      ? `no other key signs for ${address} from a day after ${hash}`
      : `${hotKey} signs for ${address} since ${hash}: run weft node --prover ${address} with it`,
  )
}

/** Stakes, takes stake out, or shows what there is. */
export const runStake = async (
  settings: StakeSettings,
  output: Output,
  signal: AbortSignal,
): Promise<void> => {
  checkMode(settings)
  await withWallet(settings, watchBy(output, signal), async (wallet) => {
    const prover = settings.for ?? wallet.address
    if (settings.amount !== undefined) {
      await register(wallet, prover, settings.commissionBps, output)
      await delegate(wallet, prover, parseEther(settings.amount), output)
    } else if (settings.remove !== undefined) await remove(wallet, prover, settings.remove, output)
    else if (settings.hotKey !== undefined) await setHotKey(wallet, settings.hotKey, output)
    else if (settings.take) await take(wallet, prover, output)
    const view = await readStake(wallet, prover, settings.coordinatorUrl)
    output.event({ event: 'stake', ...view }, stakeText(view))
  })
}
