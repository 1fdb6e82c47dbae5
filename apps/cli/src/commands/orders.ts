import { z } from 'zod'
import { coordinatorAt, openMarketClient, takeBack } from '../market.js'
import { ordersText, orderText } from '../order-view.js'
import type { Output } from '../output.js'
import { argument, setting } from '../settings.js'
import { addressText, common, idText, requesterKeyFile } from '../settings-common.js'

export const ordersSettings = z.object({
  id: argument(idText.optional(), 'one request in detail; without it, the latest ones'),
  owner: setting(addressText.optional(), 'only requests of this account'),
  cancel: setting(idText.optional(), 'takes a request of the key’s back, before provers commit to it'),
  coordinatorUrl: common.coordinatorUrl,
  keyFile: requesterKeyFile,
  deployment: common.deployment,
})

/** Shows requests, or takes one back. */
export const runOrders = async (
  settings: z.output<typeof ordersSettings>,
  output: Output,
  signal: AbortSignal,
): Promise<void> => {
  const { id, owner, cancel, coordinatorUrl } = settings
  const coordinator = coordinatorAt(coordinatorUrl)
  if (cancel !== undefined) {
    await takeBack(cancel, await openMarketClient(settings), signal)
    output.event({ event: 'cancelled', request: cancel }, `request ${cancel} taken back`)
  } else if (id !== undefined) {
    const order = await coordinator.request({ params: { id }, signal })
    output.event({ event: 'order', order }, orderText(order))
  } else {
    const orders = await coordinator.requests({ query: owner ? { owner } : {}, signal })
    output.event({ event: 'orders', orders }, ordersText(orders))
  }
}
