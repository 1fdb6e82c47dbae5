import type { OrderSummary, OrderView } from '@weft/api'
import { decodePolicy } from '@weft/protocol'
import { etherOf, listOf, tableOf, timeOf } from './format.js'

const short = (hex: string) => `${hex.slice(0, 10)}…`

/** How many of a request's jobs are where. */
export const jobCounts = ({ jobs }: OrderView) => {
  const count = (state: OrderView['jobs'][number]['state']) =>
    jobs.filter((job) => job.state === state).length
  return {
    waiting: count('waiting'),
    unmatched: count('unmatched'),
    matched: count('matched'),
    proven: count('proven'),
  }
}

/** What changes while a request is on its way, in one line. */
export const progressText = (order: OrderView): string => {
  const { waiting, unmatched, matched, proven } = jobCounts(order)
  const parts = [
    `${proven} of ${order.jobs.length} jobs proven`,
    ...(matched > 0 ? [`${matched} matched`] : []),
    ...(unmatched > 0
      ? [`${unmatched} unmatched, up to ${etherOf(order.limitPriceWei)} for a million gates`]
      : []),
    ...(waiting > 0 ? [`${waiting} waiting for others`] : []),
    ...(order.waits === null ? [] : [order.waits]),
  ]
  return `${order.state === 'proving' ? order.batch : order.state}: ${parts.join('; ')}`
}

export const ordersText = (orders: readonly OrderSummary[]): string =>
  orders.length === 0
    ? 'no requests'
    : tableOf(
        ['request', 'state', 'owner', 'policy', 'limit for 1 M gates', 'reserved', 'waits'],
        orders.map((order) => [
          order.id,
          order.state === 'proving' ? order.batch : order.state,
          short(order.request.owner),
          order.policy,
          etherOf(order.limitPriceWei),
          etherOf(order.reservedWei),
          order.waits ?? '',
        ]),
      )

const jobsText = (order: OrderView): string =>
  tableOf(
    ['job', 'kind', 'work', 'state', 'provers by rank, each at its price for 1 M gates'],
    order.jobs.map(({ job, kind, work, state, ranks, prover }) => [
      short(job),
      kind,
      String(work),
      prover === null ? state : `${state} by ${short(prover)}`,
      ranks.map((one) => `${one.rank}: ${short(one.prover)} ${etherOf(one.priceWei)}`).join(', '),
    ]),
  )

export const orderText = (order: OrderView): string => {
  const { request } = order
  const selection = decodePolicy(request.policy)
  return [
    listOf([
      ['request', order.id],
      ['state', progressText(order)],
      ['owner', request.owner],
      ['program', request.program],
      ['policy', `${order.policy}, ${selection?.curve ?? 'unknown'} curve`],
      ['price', `${etherOf(request.startPriceWei)} to ${etherOf(request.maxPriceWei)} for a million gates`],
      ['total', `at most ${etherOf(request.maxTotalWei)}, ${etherOf(order.reservedWei)} of it for matches`],
      ['collateral', `${etherOf(request.collateralWei)} a job`],
      ['offers', `until ${timeOf(request.offerDeadline)}`],
      ['proof', `until ${timeOf(request.proofDeadline)}`],
      ['L1', order.l1Tx ?? 'not settled'],
    ]),
    jobsText(order),
  ].join('\n')
}
