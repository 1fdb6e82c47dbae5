import type { ProgramInfo } from '@weft/api'
import type { DeliveryEstimate, Estimate, Proof, ProofProgress, Sealed, Stage } from '@weft/sdk'
import { etherOf, listOf, tableOf } from './format.js'

export const programsText = (programs: readonly ProgramInfo[]): string =>
  programs.length === 0
    ? 'no programs'
    : tableOf(
        ['program', 'name', 'system', 'gates', 'work'],
        programs.map(({ id, name, system, gates, work }) => [id, name, system, String(gates), String(work)]),
      )

export const programText = ({ id, name, system, gates, work, artifact, keyHash }: ProgramInfo): string =>
  listOf([
    ['program', id],
    ['name', name],
    ['system', system],
    ['gates', String(gates)],
    ['work', `${work}, in gates`],
    ['artifact', artifact],
    ['key', keyHash],
  ])

const mega = (gates: bigint) => `${(Number(gates) / 1e6).toFixed(2)} M gates`

const kilo = (gas: number) => `${Math.round(gas / 1000)} k`

const deliveryText = ({ gas, setupGas, gasWei, sharedBy, seconds }: DeliveryEstimate): string => {
  const shares = sharedBy === 1 ? 'alone' : `with ${sharedBy - 1} others under way`
  const cost =
    gas === null || gasWei === null
      ? 'gas of its own verifier'
      : `${kilo(gas)} gas (${etherOf(gasWei)}) ${shares}, paid by whoever settles`
  const once = setupGas ? `; ${kilo(setupGas)} more with the program’s first proof` : ''
  return `${cost}${once}; some ${seconds} s`
}

export const estimateText = (estimate: Estimate): string => {
  const { work, maxWei, offers, cheapestPriceWei, cheapestWei, seconds, deliveries, gasSource } = estimate
  const cheapest =
    cheapestPriceWei === null || cheapestWei === null || seconds === null
      ? 'none yet: provers look for new programs every few seconds'
      : `${offers}, the cheapest ${etherOf(cheapestPriceWei)} for a million gates: ${etherOf(cheapestWei)}, some ${seconds} s`
  return listOf([
    ['cost', `at most ${etherOf(maxWei)} for ${mega(work)}`],
    ['offers', cheapest],
    ...deliveries.map((one): [string, string] => [one.delivery, deliveryText(one)]),
    ['measured', gasSource],
  ])
}

export const sealedText = ({ prover, node, times }: Sealed): string =>
  times === 1
    ? `private inputs sealed to prover ${prover}, node ${node}`
    : `private inputs sealed again to prover ${prover}, node ${node}: it could not use them before`

const STAGES: Readonly<Record<Stage, string>> = {
  queued: 'waits for a prover',
  matched: 'a prover is found',
  proving: 'proving',
  aggregating: 'proven; becomes part of one proof',
  settling: 'on its way to L1',
  settled: 'settled',
  cancelled: 'taken back',
  failed: 'failed',
}

export const stageText = ({ stage, proven, jobs, secondsLeft, waits }: ProofProgress): string =>
  [
    `${STAGES[stage]}: ${proven} of ${jobs} jobs proven`,
    ...(secondsLeft === null ? [] : [`some ${secondsLeft} s of proving left`]),
    ...(waits === null ? [] : [waits]),
  ].join('; ')

const factsOf = (proof: Proof): [string, string][] => {
  const { pre, post, data } = proof.statement
  if (proof.kind === 'record') {
    return proof.publicInputs.map((value, i) => [`public ${i}`, BigInt(value).toString()])
  }
  return [
    ['pre', pre],
    ['post', post],
    ['data', data],
    ['claims root', proof.opening.claimsRoot],
  ]
}

export const proofText = (proof: Proof): string =>
  listOf([
    ['proven', 'L1 says so'],
    ['program', proof.statement.program],
    ...factsOf(proof),
    ['transaction', proof.l1Tx],
  ])
