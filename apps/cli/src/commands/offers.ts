import type { OfferView } from '@weft/api'
import { openKey } from '@weft/client'
import { type Address, toAddress, WeftError } from '@weft/protocol'
import { z } from 'zod'
import { etherOf, tableOf, timeOf } from '../format.js'
import { coordinatorAt, openMarketClient, takeBack } from '../market.js'
import type { Output } from '../output.js'
import { setting, switchable } from '../settings.js'
import { addressText, common, idText, wallet } from '../settings-common.js'

export const offersSettings = z.object({
  program: setting(idText.optional(), 'only offers for this program or class'),
  prover: setting(addressText.optional(), 'only offers of this prover'),
  mine: switchable(false, 'only offers of the key'),
  cancel: setting(idText.optional(), 'takes an offer of the key’s back'),
  coordinatorUrl: common.coordinatorUrl,
  keyFile: wallet.keyFile,
  deployment: wallet.deployment,
})
type OffersSettings = z.output<typeof offersSettings>

const offersText = (offers: readonly OfferView[]): string =>
  offers.length === 0
    ? 'no offers'
    : tableOf(
        ['offer', 'prover', 'for', 'price for 1 M gates', 'seconds', 'jobs', 'collateral', 'until'],
        offers.map(({ id, offer }) => [
          id,
          offer.prover,
          `${offer.target.slice(0, 10)}…`,
          etherOf(offer.priceWei),
          String(Number(offer.turnaroundMs) / 1000),
          String(offer.capacity),
          etherOf(offer.collateralWei),
          timeOf(offer.expiry),
        ]),
      )

const proverOf = async ({ prover, mine, keyFile }: OffersSettings): Promise<Address | undefined> => {
  if (!mine) return prover
  if (prover !== undefined) throw new WeftError('bad_config', 'give --mine or --prover, not both')
  return toAddress((await openKey(keyFile)).address)
}

/** Shows resting offers, or takes one back. */
export const runOffers = async (
  settings: OffersSettings,
  output: Output,
  signal: AbortSignal,
): Promise<void> => {
  const { cancel, program } = settings
  if (cancel !== undefined) {
    await takeBack(cancel, await openMarketClient(settings), signal)
    output.event({ event: 'cancelled', offer: cancel }, `offer ${cancel} taken back; what is matched stays`)
    return
  }
  const prover = await proverOf(settings)
  const query = { ...(program ? { target: program } : {}), ...(prover ? { prover } : {}) }
  const offers = await coordinatorAt(settings.coordinatorUrl).offers({ query, signal })
  output.event({ event: 'offers', offers }, offersText(offers))
}
