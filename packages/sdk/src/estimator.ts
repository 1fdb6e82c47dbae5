import type { Connection, Status } from '@weft/api'
import { WeftError } from '@weft/protocol'
import { type Estimate, estimateOf } from './estimate.js'
import type { Programs } from './programs.js'
import type { Chain, Weft } from './weft.js'

const never = new AbortController().signal

const underWay = ({ batches }: Status): number => batches.proving + batches.aggregating + batches.settling

export interface EstimatorDeps {
  readonly connection: Connection
  readonly chain: Pick<Chain, 'gasPriceWei'>
  readonly programs: Pick<Programs, 'alone'>
}

/** Estimates from what a coordinator and L1 say now. */
export const createEstimator =
  ({ connection, chain, programs }: EstimatorDeps): Weft['estimate'] =>
  async ({ program, maxPriceWei, signal = never }) => {
    const { systems, windows } = await connection.ask(signal, (api) => api.network({ signal }))
    const status = await connection.ask(signal, (api) => api.status({ signal }))
    const gasPriceWei = await chain.gasPriceWei()
    const estimateOne = async ({ id, work, gates, system: name }: typeof program): Promise<Estimate> => {
      const system = systems.find((one) => one.name === name)
      if (system === undefined) {
        throw new WeftError('unknown_system', `the coordinator does not prove with ${name}: ask another`, {
          system: name,
        })
      }
      const offers = await connection.ask(signal, (api) => api.offers({ query: { target: id }, signal }))
      return estimateOf({
        ...{ id, system, gates, work, maxPriceWei, offers, windows, gasPriceWei },
        underWay: underWay(status),
      })
    }
    const estimate = await estimateOne(program)
    const lone = await programs.alone(program, { signal })
    if (lone === null) return estimate
    const { deliveries } = await estimateOne(lone)
    return { ...estimate, deliveries: [...estimate.deliveries, ...deliveries] }
  }
