import type { RequestTerms } from '@weft/sdk'
import { parseEther } from 'viem'
import { ether, optionalEther } from './settings-common.js'

/** What a requester pays at most. */
export const priceSettings = {
  maxPriceEther: ether('0.0001', 'the most for a million gates of work, on a market'),
  startPriceEther: optionalEther('where that limit begins to rise; the maximum unless told'),
  maxTotalEther: optionalEther(
    'the most for one request in all; what its work costs at the maximum price unless told',
  ),
  collateralEther: ether('0', 'what each prover has to put up for each job, on a market'),
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
