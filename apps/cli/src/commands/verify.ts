import { type Bytes32, WeftError } from '@weft/protocol'
import type { Proof } from '@weft/sdk'
import { z } from 'zod'
import type { Output } from '../output.js'
import { proofText } from '../proof-view.js'
import { argument } from '../settings.js'
import { idText } from '../settings-common.js'
import { openRequester, requester } from '../weft.js'

export const verifySettings = z.object({
  id: argument(idText, 'the request’s id'),
  coordinatorUrl: requester.coordinatorUrl,
  keyFile: requester.keyFile,
  deployment: requester.deployment,
})

const notProven = (request: Bytes32) =>
  new WeftError(
    'not_proven',
    'L1 does not know this proof: wait for its transaction, or do not trust the coordinator',
    { request },
  )

/** Asks L1, and tells. Throws `not_proven`. */
export const tellProof = async (proof: Proof, output: Output): Promise<void> => {
  if (!(await proof.verifyOnChain())) throw notProven(proof.request)
  const { kind, request, statement, path, l1Tx } = proof
  const more =
    proof.kind === 'claim'
      ? {
          claim: proof.claim,
          claimsRoot: proof.opening.claimsRoot,
          index: path.index,
          siblings: path.siblings,
        }
      : { publicInputs: proof.publicInputs }
  output.event({ event: 'proven', kind, request, statement, path, ...more, l1Tx }, proofText(proof))
}

/** Has L1 confirm a settled request: the coordinator's opening is only its way to the question. */
export const runVerify = async (
  settings: z.output<typeof verifySettings>,
  output: Output,
  signal: AbortSignal,
): Promise<void> => {
  const { weft } = await openRequester(settings, output)
  await tellProof(await weft.proof(settings.id, { signal }), output)
}
