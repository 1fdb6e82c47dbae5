import {
  ApiError,
  type Connection,
  checkDeployment,
  type Deployment,
  type Network,
  type Signer,
} from '@weft/api'
import {
  type Bytes32,
  CANCELLATION,
  isBytes32,
  type MarketDomain,
  requestId,
  toAddress,
  typedData,
  WeftError,
} from '@weft/protocol'
import { statementOf, wireSegments } from './batch.js'
import type { MarketPayment, Requester } from './payment.js'
import type { Clock } from './ports.js'
import { randomNonce, requestFor, signRequest } from './request.js'

/** What requests are made with. */
interface MarketRequesterOptions {
  readonly deployment: Deployment
  readonly signer: Signer
  readonly clock: Clock
  readonly connection: Connection
}

/**
 * Refuses a coordinator of another market: what is signed for it would be good there. Throws `wrong_deployment`,
 * `no_market`.
 */
const checkMarket = (
  network: Network,
  deployment: Deployment,
  { market }: Pick<MarketPayment, 'market'>,
): NonNullable<Network['market']> => {
  checkDeployment(network, deployment)
  if (network.market === null) {
    throw new WeftError(
      'no_market',
      'this coordinator pays from deposits: name one that serves the market, or pay from a deposit',
    )
  }
  if (network.market.contract === market) return network.market
  throw new WeftError(
    'wrong_deployment',
    `the coordinator serves the market ${network.market.contract}: configure one that serves ${market}`,
    { contract: network.market.contract },
  )
}

/** The batch that has a statement already, or else the error itself. */
const takenBy = (error: unknown): Bytes32 => {
  const batch = error instanceof ApiError && error.code === 'statement_taken' ? error.details.batch : null
  if (typeof batch === 'string' && isBytes32(batch)) return batch
  throw error
}

/** Requests that a market account pays for. */
export const marketRequester = (payment: MarketPayment, options: MarketRequesterOptions): Requester => {
  const { deployment, signer, clock, connection } = options
  const { terms, random, owner = toAddress(signer.address) } = payment
  const domain: MarketDomain = { chainId: BigInt(deployment.chainId), contract: payment.market }

  const marketOf = async (signal: AbortSignal) => {
    const network = await connection.ask(signal, (api) => api.network({ signal }))
    return checkMarket(network, deployment, payment)
  }

  return {
    async prepare(trace, signal) {
      const { post } = statementOf(trace)
      const { matcher } = await marketOf(signal)
      // One nonce for all tries: whatever became of their answers, L1 pays one of them at most.
      const nonce = randomNonce(random)
      const draft = () => requestFor(trace, terms, { owner, matcher, nonce, nowMs: clock.nowMs() })
      draft()
      return async (api, inputs, handInSignal) => {
        const request = draft()
        const signature = await signRequest(domain, request, signer)
        const provers = [...(terms.provers ?? [])]
        const body = { request, provers, post, segments: wireSegments(trace, inputs), signature }
        try {
          await api.submitRequest({ body, signal: handInSignal })
          return requestId(domain, request)
        } catch (error) {
          return takenBy(error)
        }
      }
    },
    async cancel(request, signal) {
      await marketOf(signal)
      const message = { owner, intent: request }
      const signature = await signer.signTypedData(typedData(domain, CANCELLATION, message))
      await connection.ask(signal, (api) => api.cancelIntent({ body: { ...message, signature }, signal }))
    },
  }
}
