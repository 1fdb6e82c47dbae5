import { abis } from '@weft/contracts'
import { type Address, CONTRACT, GROTH16, toAddress, WeftError } from '@weft/protocol'
import type { L1Client } from '../client.js'
import type { MarketAddresses } from '../market/addresses.js'
import { read } from '../read.js'

/** The addresses that have to belong together. */
export type CheckedAddresses = Pick<
  MarketAddresses,
  'router' | 'market' | 'registry' | 'groth16Verifier' | 'contractVerifiers'
>

/**
 * Throws `bad_deployment` unless market, registry, router and verifiers are those of one deployment. Errors also:
 * `l1_unavailable`; `l1_reverted` where one of them is another contract, or none.
 */
export const checkDelivery = async (client: L1Client, addresses: CheckedAddresses): Promise<void> => {
  const { market, registry, router } = addresses
  const verifierOf = { address: router, abi: abis.VerifierRouter, functionName: 'verifierOf' } as const
  const questions: readonly [keyof CheckedAddresses, Promise<Address>][] = [
    ['registry', client.readContract({ address: market, abi: abis.Market, functionName: 'registry' })],
    ['router', client.readContract({ address: registry, abi: abis.ProofRegistry, functionName: 'router' })],
    ['groth16Verifier', client.readContract({ ...verifierOf, args: [GROTH16] })],
    ['contractVerifiers', client.readContract({ ...verifierOf, args: [CONTRACT] })],
  ]
  await Promise.all(
    questions.map(async ([name, question]) => {
      const onChain = toAddress(await read(`the ${name} of the deployment`, question))
      if (onChain === addresses[name]) return
      throw new WeftError(
        'bad_deployment',
        `the deployment names ${addresses[name]} as ${name}, L1 has ${onChain}: use the file that belongs to this chain`,
        { name, given: addresses[name], onChain },
      )
    }),
  )
}
