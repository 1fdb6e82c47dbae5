import { abis, bytecodes } from '@weft/contracts'
import { type Address, CONTRACT, GROTH16 } from '@weft/protocol'
import { encodeDeployData } from 'viem'
import { create } from '../create.js'
import { registerSystem } from '../market/systems.js'
import type { Sender } from '../sender/index.js'
import type { DeliveryAddresses } from './addresses.js'

/** Deploys the verifiers of direct proofs, names them to the router, and the registry behind it. */
export const deployDelivery = async (sender: Sender, router: Address): Promise<DeliveryAddresses> => {
  const [groth16Verifier, contractVerifiers, registry] = await Promise.all([
    create(sender, bytecodes.Groth16Verifier),
    create(sender, bytecodes.ContractVerifiers),
    create(
      sender,
      encodeDeployData({ abi: abis.ProofRegistry, bytecode: bytecodes.ProofRegistry, args: [router] }),
    ),
  ])
  await Promise.all([
    registerSystem(sender, router, GROTH16, groth16Verifier),
    registerSystem(sender, router, CONTRACT, contractVerifiers),
  ])
  return { groth16Verifier, contractVerifiers, registry }
}
