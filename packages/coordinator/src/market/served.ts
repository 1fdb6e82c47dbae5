import { ApiError } from '@weft/api'
import type { Top } from '@weft/plan'
import {
  DELIVERIES,
  type Delivery,
  decodePolicy,
  directDeliveries,
  type Request,
  ZERO_BYTES32,
} from '@weft/protocol'
import type { Context } from '../context.js'

const ZERO_ADDRESS = ZERO_BYTES32.slice(0, 42)

/** How the proof of a batch with this top can be delivered. Throws `unsupported` for a proof system that is not served. */
const deliveriesOf = ({ systems }: Context, { kind, spec }: Top): readonly Delivery[] => {
  if (kind === 'merge') return ['individual', 'aggregated']
  // The root of a merged proof is a merge.
  if (spec.system === null) return ['aggregated']
  return directDeliveries(systems.of(spec.system).id)
}

/** Refuses what is signed correctly and not served here. Throws `unsupported`. */
export const assertServed = (context: Context, { policy, delivery, matcher }: Request, top: Top): void => {
  if ((decodePolicy(policy)?.winners ?? 1) > 1) {
    throw new ApiError('unsupported', 'a settled proof names one prover a job: race for one winner')
  }
  const possible = deliveriesOf(context, top)
  const wanted = DELIVERIES[delivery]
  // A number that names none is the market's to refuse.
  if (wanted !== undefined && !possible.includes(wanted)) {
    throw new ApiError(
      'unsupported',
      `a proof of this program and this many segments is delivered ${possible.join(' or ')}: sign that`,
      { deliveries: possible.join() },
    )
  }
  if (top.spec.kind === 'merge' || top.spec.system === null) return
  if (!context.deps.directSettler) {
    throw new ApiError(
      'unsupported',
      'this coordinator delivers only proofs that are merged: ask another one',
    )
  }
  if (matcher === ZERO_ADDRESS) {
    throw new ApiError(
      'unsupported',
      'the proof does not name its prover, signatures do: name this coordinator’s matcher',
    )
  }
}
