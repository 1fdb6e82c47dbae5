import type { ClientSource } from '@weft/client'
import { OFFER_WITHIN_MS, PROVE_WITHIN_MS, type ProofDelivery, type RequestTerms } from '@weft/sdk'
import { parseEther } from 'viem'
import { z } from 'zod'
import { setting, switchable } from './settings.js'
import { addressText, durationMs, ether, optionalEther } from './settings-common.js'

/** What cannot be read from a program that is added. */
export const sourceSettings = {
  system: setting(
    z.string().optional(),
    'name of the program’s proof system; what is at the path says it unless told',
  ),
  work: setting(
    z.coerce.bigint().positive().optional(),
    'what a program declares that makes its claim by itself; measured for any other',
    'gates',
  ),
  zk: switchable(
    true,
    'Noir proofs that say nothing of private inputs; a program that makes its claim by itself is proven without',
  ),
} as const

/** What those settings say. */
interface SourceSettings {
  readonly system?: string | undefined
  readonly work?: bigint | undefined
  readonly zk: boolean
}

/** A program at a path, as those settings and its delivery say. */
export const sourceOf = (
  path: string,
  { system, work, zk }: SourceSettings,
  delivery: ProofDelivery = 'auto',
): ClientSource => ({
  ...{ path, zk, alone: delivery === 'individual' },
  ...(system === undefined ? {} : { system }),
  ...(work === undefined ? {} : { work }),
})

/** Who may prove. */
export const proversSetting = setting(
  z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(addressText))
    .optional(),
  'who may prove, addresses with commas between; everybody unless told',
)

/** What a requester pays at most. */
export const priceSettings = {
  maxPriceEther: ether('0.0001', 'the most for a million gates of work, on a market'),
  startPriceEther: optionalEther('where that limit begins to rise; the maximum unless told'),
  maxTotalEther: optionalEther(
    'the most for one request in all; what its work costs at the maximum price unless told',
  ),
  collateralEther: ether('0', 'what each prover has to put up for each job, on a market'),
} as const

/** How long a request lasts. */
export const timeSettings = {
  offerWithinMs: durationMs(OFFER_WITHIN_MS, 'until when a first prover may be found, on a market'),
  proveWithinMs: durationMs(
    PROVE_WITHIN_MS,
    'from when on the proof is late, and no further prover is looked for',
  ),
} as const

export interface PriceSettings {
  readonly maxPriceEther: string
  readonly startPriceEther?: string | undefined
  readonly maxTotalEther?: string | undefined
  readonly collateralEther: string
}

/** The same as terms, for segments of so much work. */
export const priceTerms = (settings: PriceSettings, segmentWork: bigint): RequestTerms => {
  const { maxPriceEther, startPriceEther, maxTotalEther, collateralEther } = settings
  return {
    maxPriceWei: parseEther(maxPriceEther),
    ...(startPriceEther === undefined ? {} : { startPriceWei: parseEther(startPriceEther) }),
    ...(maxTotalEther === undefined ? { segmentWork } : { maxTotalWei: parseEther(maxTotalEther) }),
    collateralWei: parseEther(collateralEther),
  }
}
