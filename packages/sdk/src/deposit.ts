import { batchTypedData, type Deployment, type Signer } from '@weft/api'
import { WeftError } from '@weft/protocol'
import { statementOf, wireSegments } from './batch.js'
import type { DepositPayment, Requester } from './payment.js'
import type { Clock } from './ports.js'

const ACCEPT_WITHIN_MS = 600_000

/** Batches that a contract's deposit pays for: the same trace is the same batch. */
export const depositRequester = (
  { tenant, acceptWithinMs = ACCEPT_WITHIN_MS }: DepositPayment,
  { deployment, signer, clock }: { deployment: Deployment; signer: Signer; clock: Clock },
): Requester => ({
  prepare: async (trace) => async (api, inputs, signal) => {
    const segments = wireSegments(trace, inputs)
    const deadlineMs = clock.nowMs() + acceptWithinMs
    const batch = { tenant, ...statementOf(trace), segments, deadlineMs }
    const signature = await signer.signTypedData(batchTypedData(deployment, batch))
    return (await api.submitBatch({ body: { ...batch, signature }, signal })).id
  },
  async cancel() {
    throw new WeftError(
      'no_market',
      'a batch paid from a deposit is not taken back: only requests of a market are',
    )
  },
})
