import {
  claimHeldCall,
  collectCall,
  defendCall,
  type L1Client,
  type MarketContracts,
  marketReader,
  releaseCall,
  type Sender,
  withdrawMarketSharedCall,
} from '@weft/chain'
import type { NodeMarketL1 } from './l1.js'

/** The market's contracts on a chain, and the prover's key that sends to them. */
export interface NodeMarketContracts {
  readonly client: L1Client
  readonly addresses: MarketContracts
  readonly sender: Sender
}

export const createNodeMarketL1 = ({ client, addresses, sender }: NodeMarketContracts): NodeMarketL1 => {
  const { market, defaults } = addresses
  return {
    contract: market,
    reader: marketReader(client, addresses),
    withdrawShared: (claimsRoot, entries, id) =>
      sender.send(withdrawMarketSharedCall(market, claimsRoot, entries, id)),
    claim: (order) => sender.send(claimHeldCall(market, order)),
    collect: (prover, id) => sender.send(collectCall(market, prover, id)),
    release: (request, commitment) => sender.send(releaseCall(defaults, request, commitment)),
    defend: (commitment, own) => sender.send(defendCall(defaults, commitment, own)),
  }
}
