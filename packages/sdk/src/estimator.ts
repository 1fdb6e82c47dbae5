import type { Connection, Status } from '@weft/api'
import { WeftError } from '@weft/protocol'
import { estimateOf } from './estimate.js'
import type { Chain, Weft } from './weft.js'

const never = new AbortController().signal

const underWay = ({ batches }: Status): number => batches.proving + batches.aggregating + batches.settling

/** Estimates from what a coordinator and L1 say now. */
export const createEstimator =
  (connection: Connection, chain: Pick<Chain, 'gasPriceWei'>): Weft['estimate'] =>
  async ({ program: { id, work, system: name }, maxPriceWei, signal = never }) => {
    const { systems, windows } = await connection.ask(signal, (api) => api.network({ signal }))
    const system = systems.find((one) => one.name === name)
    if (system === undefined) {
      throw new WeftError('unknown_system', `the coordinator does not prove with ${name}: ask another`, {
        system: name,
      })
    }
    const offers = await connection.ask(signal, (api) => api.offers({ query: { target: id }, signal }))
    const status = await connection.ask(signal, (api) => api.status({ signal }))
    return estimateOf({
      ...{ work, maxPriceWei, offers, windows },
      system: system.id,
      underWay: underWay(status),
      gasPriceWei: await chain.gasPriceWei(),
    })
  }
