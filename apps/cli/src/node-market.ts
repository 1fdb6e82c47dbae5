import { randomBytes } from 'node:crypto'
import { claimHeldCall, collectCall, defendCall, withdrawMarketSharedCall } from '@weft/chain'
import type { NodeMarketDeps } from '@weft/node'
import type { Wallet } from './market.js'

/** How a node takes part in a deployment's market. */
export const nodeMarket = ({ contracts, reader, sender }: Wallet): NodeMarketDeps => ({
  random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
  l1: {
    contract: contracts.market,
    reader,
    withdrawShared: (claimsRoot, entries, id) =>
      sender.send(withdrawMarketSharedCall(contracts.market, claimsRoot, entries, id)),
    claim: (order) => sender.send(claimHeldCall(contracts.market, order)),
    collect: (prover, id) => sender.send(collectCall(contracts.market, prover, id)),
    defend: (commitment, own) => sender.send(defendCall(contracts.defaults, commitment, own)),
  },
})
