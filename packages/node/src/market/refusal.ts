import { ApiError, isTransient, type Network, type ProverView } from '@weft/api'
import type { Offer } from '@weft/protocol'

const WEI_DIGITS = 18

/** Wei as an exact decimal of ether, as the command line takes it. */
export const etherText = (wei: bigint): string => {
  const digits = wei.toString().padStart(WEI_DIGITS + 1, '0')
  const whole = digits.slice(0, -WEI_DIGITS)
  const fraction = digits.slice(-WEI_DIGITS).replace(/0+$/, '')
  return fraction === '' ? whole : `${whole}.${fraction}`
}

const missing = (needWei: bigint, hasWei: bigint): bigint => (needWei > hasWei ? needWei - hasWei : needWei)

/** What the operator has to do where an offer is refused. `known` is what the market knows of the prover, if it answers. */
export const remedyOf = (
  error: ApiError,
  offer: Pick<Offer, 'collateralWei'>,
  market: NonNullable<Network['market']>,
  known: ProverView | null,
): string => {
  switch (error.code) {
    case 'too_little_stake': {
      const wei = missing(market.minStakeWei, known?.stakeWei ?? 0n)
      return `offers need ${etherText(market.minStakeWei)} ether of stake: run \`weft stake ${etherText(wei)}\``
    }
    case 'beyond_collateral': {
      const wei = missing(offer.collateralWei, known ? known.collateralWei - known.lockedWei : 0n)
      return `each job needs ${etherText(offer.collateralWei)} ether of free collateral: run \`weft deposit ${etherText(wei)}\`, or lower the collateral of this node’s offers`
    }
    case 'suspended': {
      const until = known?.suspendedUntil ?? 0
      const when = until > 0 ? ` until ${new Date(until * 1000).toISOString()}` : ''
      return `defaults keep this prover out${when}: nothing is to be done but wait`
    }
    default:
      return error.message
  }
}

/** A refusal that waiting alone does not change. */
export const isFinal = (error: unknown): error is ApiError => error instanceof ApiError && !isTransient(error)
