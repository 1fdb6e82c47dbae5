import type { Address, Bytes32, Hex } from '@weft/protocol'
import { keccak256 } from 'viem'
import type { Sender } from './sender/index.js'

/** Deploys once: the same creation code again, in the same scope, is the contract that is there. */
export const create = async (sender: Sender, data: Hex, scope?: Bytes32): Promise<Address> => {
  const { contractAddress } = await sender.send({
    id: `deploy:${keccak256(data)}${scope === undefined ? '' : `:${scope}`}`,
    to: null,
    data,
    valueWei: 0n,
  })
  if (contractAddress === null) throw new Error('a confirmed creation has an address')
  return contractAddress
}
