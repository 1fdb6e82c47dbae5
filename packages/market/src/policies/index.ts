import type { PolicyName } from '@weft/protocol'
import type { SelectionPolicy } from '../policy.js'
import { dutch } from './dutch.js'
import { lottery } from './lottery.js'
import { orderBook } from './order-book.js'
import { race } from './race.js'
import { sealedFirstPrice, sealedSecondPrice } from './sealed.js'

export { dutch } from './dutch.js'
export { drawOrder, drawTicket, holderOf, lottery } from './lottery.js'
export { orderBook } from './order-book.js'
export { type Arrival, race, raceShares } from './race.js'
export { sealedFirstPrice, sealedSecondPrice } from './sealed.js'

export const POLICY_BY_NAME: Readonly<Record<PolicyName, SelectionPolicy>> = {
  'order-book': orderBook,
  'sealed-first-price': sealedFirstPrice,
  'sealed-second-price': sealedSecondPrice,
  dutch,
  lottery,
  race,
}
