import type { ProgramInfo } from '@weft/api'
import type { Estimate, Proof, ProofProgress, Stage } from '@weft/sdk'
import { etherOf, listOf, tableOf } from './format.js'

export const programsText = (programs: readonly ProgramInfo[]): string =>
  programs.length === 0
    ? 'no programs'
    : tableOf(
        ['program', 'name', 'gates', 'work'],
        programs.map(({ id, name, gates, work }) => [id, name, String(gates), String(work)]),
      )

export const programText = ({ id, name, gates, work, artifact, keyHash }: ProgramInfo): string =>
  listOf([
    ['program', id],
    ['name', name],
    ['gates', String(gates)],
    ['work', `${work}, in gates`],
    ['artifact', artifact],
    ['key', keyHash],
  ])

const mega = (gates: bigint) => `${(Number(gates) / 1e6).toFixed(2)} M gates`

const kilo = (gas: number) => `${Math.round(gas / 1000)} k`

export const estimateText = (estimate: Estimate): string => {
  const { work, maxWei, offers, cheapestPriceWei, cheapestWei, seconds, gas } = estimate
  const cheapest =
    cheapestPriceWei === null || cheapestWei === null || seconds === null
      ? 'none yet: provers look for new programs every few seconds'
      : `${offers}, the cheapest ${etherOf(cheapestPriceWei)} for a million gates: ${etherOf(cheapestWei)}, some ${seconds} s`
  return listOf([
    ['cost', `at most ${etherOf(maxWei)} for ${mega(work)}`],
    ['offers', cheapest],
    [
      'gas',
      `${kilo(gas.alone)} alone, ${kilo(gas.oneOf32)} as one of 32 claims; whoever settles pays it (${gas.source})`,
    ],
  ])
}

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

export const proofText = ({ opening, claim }: Proof): string =>
  listOf([
    ['proven', 'L1 says so'],
    ['program', claim.program],
    ['pre', claim.pre],
    ['post', claim.post],
    ['data', claim.data],
    ['claims root', opening.claimsRoot],
    ['transaction', opening.l1Tx],
  ])
