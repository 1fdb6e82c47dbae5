import { setTimeout as delay } from 'node:timers/promises'
import type { BatchView, Opening } from '@weft/api'
import {
  type Bytes32,
  type Claim,
  claimHash,
  claimPath,
  claimsRoot,
  jobOf,
  tag,
  toAddress,
  uintToBytes32,
} from '@weft/protocol'
import { statementOf, type TenantOptions, type Trace } from '@weft/sdk'
import { privateKeyToAccount } from 'viem/accounts'

export const account = privateKeyToAccount(uintToBytes32(7n))
export const tenant = toAddress(`0x${'7e'.repeat(20)}`)
export const deployment = { chainId: 31337, settlement: toAddress(`0x${'5e'.repeat(20)}`) }
/** Real time, except that pauses are short; deadlines (5 s and more) are not. */
export const clock: TenantOptions['clock'] = {
  nowMs: () => Date.now(),
  sleep: (ms, signal) =>
    delay(ms < 5_000 ? Math.min(ms, 20) : ms, undefined, { signal }).catch(() => undefined),
}
export const L1_TX = tag('test.tx')

export const trace: Trace = {
  program: tag('test.program'),
  segments: [1n, 2n, 3n].map((n) => ({
    pre: uintToBytes32(n),
    post: uintToBytes32(n + 1n),
    data: tag(`data${n}`),
    inputs: { segment: { n: n.toString() } },
  })),
}
export const claim: Claim = { ...statementOf(trace), work: 9n, payouts: tag('payouts') }
export const others = [tag('other'), claimHash(claim)]
export const BATCH: Bytes32 = jobOf(claim)
export const opening = (changed: Partial<Opening> = {}): Opening => ({
  claim,
  claimsRoot: claimsRoot(others),
  index: 1n,
  siblings: [...claimPath(others, 1).siblings],
  count: 2,
  l1Tx: L1_TX,
  ...changed,
})
export const view = (state: BatchView['state'], proven = 0): BatchView => ({
  id: BATCH,
  tenant,
  program: trace.program,
  state,
  reason: state === 'failed' ? 'two provers found segment 2 unsatisfied' : null,
  acceptedAtMs: 0,
  segments: 3,
  jobs: [
    {
      id: tag('job'),
      kind: 'segment',
      target: 'recursive',
      state: proven ? 'proven' : 'leased',
      gates: 1,
      prover: null,
      seconds: null,
    },
  ],
  proven,
  aggregate: null,
  l1Tx: state === 'settled' ? L1_TX : null,
})
