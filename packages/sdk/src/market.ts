import {
  ApiError,
  type Connection,
  checkDeployment,
  type Deployment,
  type Network,
  type Signer,
} from '@weft/api'
import {
  type Address,
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

/** Who signs for which market, and the coordinator it is for. */
export interface MarketSigner {
  readonly market: Address
  readonly deployment: Deployment
  readonly signer: Signer
  /** The signer itself unless told. */
  readonly owner?: Address
  readonly connection: Connection
}

const domainOf = ({ market, deployment }: Pick<MarketSigner, 'market' | 'deployment'>): MarketDomain => ({
  chainId: BigInt(deployment.chainId),
  contract: market,
})

/**
 * What a coordinator says of its market. Refuses one of another market: what is signed for it would be good there.
 * Errors: `wrong_deployment`, `no_market`.
 */
const checkedMarket = async (
  { market, deployment, connection }: MarketSigner,
  signal: AbortSignal,
): Promise<NonNullable<Network['market']>> => {
  const network = await connection.ask(signal, (api) => api.network({ signal }))
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

/**
 * Takes back a request or an offer of the owner's. Errors: `wrong_deployment`, `no_market`, and the refusals of
 * `cancelIntent` that waiting does not change.
 */
export const cancelIntent = async (intent: Bytes32, by: MarketSigner, signal: AbortSignal): Promise<void> => {
  await checkedMarket(by, signal)
  const message = { owner: by.owner ?? toAddress(by.signer.address), intent }
  const signature = await by.signer.signTypedData(typedData(domainOf(by), CANCELLATION, message))
  await by.connection.ask(signal, (api) => api.cancelIntent({ body: { ...message, signature }, signal }))
}

/** The batch that has a statement already, or else the error itself. */
const takenBy = (error: unknown): Bytes32 => {
  const batch = error instanceof ApiError && error.code === 'statement_taken' ? error.details.batch : null
  if (typeof batch === 'string' && isBytes32(batch)) return batch
  throw error
}

/** Requests that a market account pays for. */
export const marketRequester = (
  { terms, random }: MarketPayment,
  by: MarketSigner,
  clock: Clock,
): Requester => {
  const { signer, owner = toAddress(signer.address) } = by
  const domain = domainOf(by)

  return {
    async prepare(trace, signal) {
      const { post } = statementOf(trace)
      const { matcher } = await checkedMarket(by, signal)
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
    cancel: (request, signal) => cancelIntent(request, by, signal),
  }
}
