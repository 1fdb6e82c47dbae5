import type { Connection, Status } from '@weft/api'
import { WeftError } from '@weft/protocol'
import { type Estimate, estimateOf } from './estimate.js'
import type { Program } from './programs.js'
import type { Chain, EstimateRequest } from './weft.js'

const never = new AbortController().signal

const underWay = ({ batches }: Status): number => batches.proving + batches.aggregating + batches.settling

/** Says what a program costs, and `lone`, the same one for Ethereum alone. */
export type Estimator = (request: EstimateRequest, lone: Program | null) => Promise<Estimate>

/** Estimates from what a coordinator and L1 say now. */
export const createEstimator =
  (connection: Connection, chain: Pick<Chain, 'gasPriceWei'>): Estimator =>
  async ({ program, maxPriceWei, signal = never }, lone) => {
    const { systems, windows } = await connection.ask(signal, (api) => api.network({ signal }))
    const status = await connection.ask(signal, (api) => api.status({ signal }))
    const gasPriceWei = await chain.gasPriceWei()
    const estimateOne = async ({ id, work, gates, system: name }: Program): Promise<Estimate> => {
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
    if (lone === null) return estimate
    const { deliveries } = await estimateOne(lone)
    return { ...estimate, deliveries: [...estimate.deliveries, ...deliveries] }
  }
