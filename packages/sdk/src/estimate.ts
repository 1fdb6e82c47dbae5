import type { Network, OfferView } from '@weft/api'
import { type Bytes32, CONTRACT, costUpWei, type Delivery, MWORK, WeftError } from '@weft/protocol'
import { deliveriesOf, paidWorkUp } from './delivery.js'
import { GAS_SOURCE, gasOf, gasOfContract, setupGasOf } from './gas.js'

/** What one way to L1 costs and takes, by what is known now. Amounts are in wei, rounded up. */
export interface DeliveryEstimate {
  readonly delivery: Delivery
  /** The id that is proven: a program that is merged is another one for Ethereum alone. */
  readonly program: Bytes32
  /** What proving is paid at most. */
  readonly maxWei: bigint
  /** What it costs at the cheapest offer's price; null if there is none. */
  readonly provingWei: bigint | null
  /** Proofs that share its transactions if what is under way does. */
  readonly sharedBy: number
  /** This proof's part of them, paid by whoever settles; null where the program brings a verifier that nobody measured. */
  readonly gas: number | null
  /** What the program's first proof costs on top, once: its key or its verifier. Null where nobody measured. */
  readonly setupGas: number | null
  /** Gas of this proof at L1's price. */
  readonly gasWei: bigint | null
  /** Of a first proof, on top. */
  readonly setupWei: bigint | null
  /** Proving and gas together; null where either is unknown. */
  readonly totalWei: bigint | null
  /** For the proof, by the cheapest offer's word if there is one, and the longest wait for others that share. */
  readonly seconds: number
}

/** What a proof costs, as offers are now. Amounts are in wei, rounded up. */
export interface Estimate {
  /** What is paid for at most, in gates: the program's, and a merge's for the way to one proof of all. */
  readonly work: bigint
  /** What is paid at most, under the maximum price; it has to be in the market account. */
  readonly maxWei: bigint
  /** Offers for the program, and the price of the cheapest for a million units of work; null if there is none. */
  readonly offers: number
  readonly cheapestPriceWei: bigint | null
  /** What all the work costs at that price. */
  readonly cheapestWei: bigint | null
  /** What all the work takes the prover of that offer by its own word. */
  readonly seconds: number | null
  /** The ways that this program's proofs have. */
  readonly deliveries: readonly DeliveryEstimate[]
  /** Where the figures of gas come from. */
  readonly gasSource: string
}

/** What is known when a proof is about to be asked for. */
export interface Market {
  /** The program's id. */
  readonly id: Bytes32
  /** Its system: part of its id, and the name. */
  readonly system: { readonly id: Bytes32; readonly name: string }
  /** Of its circuit. */
  readonly gates: number
  /** Of one proof, in gates. */
  readonly work: bigint
  /** For a million units of work. */
  readonly maxPriceWei: bigint
  /** Those for the program, cheapest first. */
  readonly offers: readonly OfferView[]
  /** Requests under way that are not settled. */
  readonly underWay: number
  /** How long deliveries wait for others at their coordinator. */
  readonly windows: Network['windows']
  /** Of L1. */
  readonly gasPriceWei: bigint
}

/** The most proofs that are counted on to share. */
const MAX_SHARED = 32

/** The longest wait for others, in seconds, rounded up. */
const waitUpS = (delivery: Delivery, { aggregatedMs, batchedMs }: Network['windows']): number =>
  Math.ceil({ individual: 0, aggregated: aggregatedMs, batched: batchedMs }[delivery] / 1000)

const deliveryEstimate = (
  delivery: Delivery,
  { id, system, gates, underWay, windows, gasPriceWei }: Market,
  { maxWei, cheapestWei: provingWei, seconds: provingSeconds }: Omit<Estimate, 'deliveries'>,
): DeliveryEstimate => {
  const sharedBy = delivery === 'individual' ? 1 : Math.min(MAX_SHARED, underWay + 1)
  const gas = system.id === CONTRACT ? gasOfContract(system.name, gates) : gasOf(delivery, sharedBy)
  const setupGas = setupGasOf(system, gates)
  const toWei = (amount: number | null) => (amount === null ? null : BigInt(amount) * gasPriceWei)
  const gasWei = toWei(gas)
  return {
    ...{ delivery, program: id, maxWei, provingWei, sharedBy, gas, gasWei },
    ...{ setupGas, setupWei: toWei(setupGas) },
    totalWei: gasWei === null || provingWei === null ? null : gasWei + provingWei,
    seconds: (provingSeconds ?? 0) + waitUpS(delivery, windows),
  }
}

export const estimateOf = (market: Market): Estimate => {
  const { system, maxPriceWei, offers } = market
  const work = paidWorkUp(system.id, market.work)
  const cheapest = offers[0]?.offer ?? null
  const cheapestWei = cheapest && costUpWei(cheapest.priceWei, work)
  const seconds = cheapest && Number((cheapest.turnaroundMs * work + 1000n * MWORK - 1n) / (1000n * MWORK))
  const estimate = {
    work,
    maxWei: costUpWei(maxPriceWei, work),
    offers: offers.length,
    cheapestPriceWei: cheapest?.priceWei ?? null,
    ...{ cheapestWei, seconds },
    gasSource: GAS_SOURCE,
  }
  const deliveries = deliveriesOf(system.id).map((one) => deliveryEstimate(one, market, estimate))
  return { ...estimate, deliveries }
}

/**
 * Proving and gas. What nobody offers yet costs its maximum, and is taken for its program's first proof; what nobody
 * measured counts as nothing.
 */
const costWei = ({ provingWei, maxWei, gasWei, setupWei }: DeliveryEstimate): bigint =>
  (provingWei ?? maxWei + (setupWei ?? 0n)) + (gasWei ?? 0n)

/**
 * The cheapest delivery that is there in time. Errors: `beyond_budget` when no offer is within the maximum price;
 * `too_little_time`.
 */
export const chooseDelivery = ({ deliveries }: Estimate, withinMs: number): DeliveryEstimate => {
  const byCost = [...deliveries].sort((a, b) => (costWei(a) < costWei(b) ? -1 : 1))
  const affordable = byCost.filter(({ provingWei, maxWei }) => provingWei === null || provingWei <= maxWei)
  const [cheapest] = byCost
  if (affordable.length === 0 && cheapest !== undefined) {
    const { provingWei, maxWei } = cheapest
    throw new WeftError(
      'beyond_budget',
      `the cheapest offer comes to ${provingWei} wei, and at most ${maxWei} are given: raise the maximum price, or name a delivery and wait for a cheaper offer`,
      { cheapestWei: String(provingWei), maxWei: maxWei.toString() },
    )
  }
  const best = affordable.find(({ seconds }) => seconds * 1000 <= withinMs)
  if (best !== undefined) return best
  const fastest = Math.min(...affordable.map(({ seconds }) => seconds))
  throw new WeftError(
    'too_little_time',
    `the fastest delivery takes some ${fastest} s: give it as much time, or name a delivery and take it late`,
    { seconds: fastest },
  )
}
