import { DELIVERIES, WeftError } from '@weft/protocol'
import type { ProofDelivery } from '@weft/sdk'
import { z } from 'zod'
import { setting, switchable } from './settings.js'

/** How a proof reaches L1: by name, or by a switch for each. */
export const deliverySettings = {
  delivery: setting(
    z.enum([...DELIVERIES, 'auto']).optional(),
    'individual, batched (Groth16), aggregated (Noir), or auto, which is the default: the cheapest that is in time',
  ),
  individual: switchable(false, 'the same as --delivery individual'),
  batched: switchable(false, 'the same as --delivery batched'),
  aggregated: switchable(false, 'the same as --delivery aggregated'),
} as const

/** Throws `bad_config` for several. */
export const deliveryOf = (
  settings: Readonly<Record<(typeof DELIVERIES)[number], boolean>> & {
    readonly delivery?: ProofDelivery | undefined
  },
): ProofDelivery => {
  const { delivery } = settings
  const named = [
    ...(delivery === undefined ? [] : [delivery]),
    ...DELIVERIES.filter((name) => settings[name]),
  ]
  if (named.length <= 1) return named[0] ?? 'auto'
  throw new WeftError('bad_config', `give one delivery, not ${named.join(' and ')}`, { given: named.join() })
}
