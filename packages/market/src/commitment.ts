import type { Bytes32, Commitment } from '@weft/protocol'
import type { Match, Ranked } from './policy.js'

/** What a ranked prover has to sign under its match. */
export const commitmentOf = (match: Match, ranked: Ranked, job: Bytes32, deadline: number): Commitment => ({
  request: match.request,
  job,
  prover: ranked.prover,
  priceWei: ranked.priceWei,
  deadline,
  collateralWei: ranked.collateralWei,
  rank: ranked.position,
})
