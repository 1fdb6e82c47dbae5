import type { ProverView } from '@weft/api'
import type { AccountState, LeavingState, ProverState } from '@weft/chain'
import type { Address } from '@weft/protocol'
import { WeftError } from '@weft/protocol'
import { etherOf, listOf, tableOf, timeOf } from './format.js'
import { coordinatorAt, type Wallet } from './market.js'

/** A prover on L1 and at a coordinator, and the key's own part in it. */
export interface StakeView {
  readonly prover: Address
  readonly state: ProverState
  /** The key's stake with the prover. */
  readonly delegator: Address
  readonly stakeWei: bigint
  readonly leaving: LeavingState
  /** The prover's: its collateral. */
  readonly account: AccountState
  readonly earnedWei: bigint
  /** Unix seconds; zero if it never was suspended. */
  readonly suspendedUntil: number
  readonly nowS: number
  /** Null where the coordinator does not answer. */
  readonly coordinator: ProverView | null
  readonly coordinatorSays: string | null
}

/** A coordinator that is away, or has no market, is no reason to show nothing. */
const askCoordinator = async (url: string, prover: Address) => {
  try {
    return { coordinator: await coordinatorAt(url).prover({ params: { prover } }), coordinatorSays: null }
  } catch (error) {
    if (!(error instanceof WeftError)) throw error
    return { coordinator: null, coordinatorSays: error.message }
  }
}

export const readStake = async (
  { reader, address }: Wallet,
  prover: Address,
  coordinatorUrl: string,
): Promise<StakeView> => {
  const [state, stakeWei, leaving, account, earnedWei, suspendedUntil, nowS, answer] = await Promise.all([
    reader.proverOf(prover),
    reader.stakeOf(prover, address),
    reader.leavingOf(prover, address),
    reader.accountOf(prover),
    reader.earnedWei(prover),
    reader.suspendedUntil(prover),
    reader.headTimeS(),
    askCoordinator(coordinatorUrl, prover),
  ])
  return {
    prover,
    state,
    delegator: address,
    stakeWei,
    leaving,
    account,
    earnedWei,
    suspendedUntil,
    nowS,
    ...answer,
  }
}

const leavingText = ({ amountWei, leavingAt }: LeavingState) =>
  amountWei === 0n ? 'nothing' : `${etherOf(amountWei)}, from ${timeOf(leavingAt)} on (weft stake --take)`

const standingsText = ({ coordinator, coordinatorSays }: StakeView): string => {
  if (coordinator === null) return `coordinator  ${coordinatorSays}`
  const { lockedWei, standings } = coordinator
  const rows = standings.map((one) => [
    one.class,
    String(one.scoreWork),
    String(one.rightsWork),
    ...[one.onTime, one.late, one.defaults, one.invalid].map(String),
  ])
  const locked = `coordinator  ${etherOf(lockedWei)} of the collateral stands behind work in progress`
  if (rows.length === 0) return `${locked}; no reputation yet`
  const head = ['class', 'score', 'rights', 'on time', 'late', 'defaults', 'invalid']
  return `${locked}\n${tableOf(head, rows)}`
}

export const stakeText = (view: StakeView): string => {
  const { prover, state, stakeWei, account, earnedWei, suspendedUntil, nowS } = view
  if (!state.registered) return `${prover} is no prover yet: weft stake AMOUNT registers and stakes`
  const collateralWei = account.balanceWei - account.leavingWei
  return [
    listOf([
      ['prover', prover],
      ['stake', `${etherOf(state.stakedWei)} in all, ${etherOf(stakeWei)} of it by this key`],
      ['leaving', leavingText(view.leaving)],
      ['commission', `${state.commissionBps / 100} %`],
      ['collateral', etherOf(collateralWei)],
      ['earned', `${etherOf(earnedWei)}, for weft withdraw to collect`],
      ['suspended', suspendedUntil > nowS ? `until ${timeOf(suspendedUntil)}` : 'no'],
    ]),
    standingsText(view),
  ].join('\n')
}
