import { abis } from '@weft/contracts'
import type { Address, Bytes32 } from '@weft/protocol'
import { encodeFunctionData } from 'viem'
import type { Sender } from '../sender/index.js'

/** Names a proof system's verifier to the router, once. Errors: those of `Sender.send`. */
export const registerSystem = async (
  sender: Sender,
  router: Address,
  system: Bytes32,
  verifier: Address,
): Promise<void> => {
  await sender.send({
    id: `register:${router}:${system}:${verifier}`,
    to: router,
    data: encodeFunctionData({
      abi: abis.VerifierRouter,
      functionName: 'register',
      args: [system, verifier],
    }),
    valueWei: 0n,
  })
}
