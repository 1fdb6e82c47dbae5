import { createL1Client, createProofReader, marketReader, recoverSigner, WEFT_ABI } from '@weft/chain'
import { WeftError } from '@weft/protocol'
import type { Chain } from '@weft/sdk'
import { contractsOf, type DeploymentFile } from './deployment.js'

/** L1 as a requester asks it. Throws `no_market`. */
export const chainOf = (deployment: DeploymentFile): Chain => {
  const { l1Url, chainId, settlement, fromBlock } = deployment
  const { market, registry } = contractsOf(deployment)
  const client = createL1Client(l1Url)
  const proofs = createProofReader({ client, registry, fromBlock })
  const reader = marketReader(client, contractsOf(deployment))
  const ask = async <T>(question: Promise<T>): Promise<T> => {
    try {
      return await question
    } catch (cause) {
      throw new WeftError('l1_unavailable', `no answer from ${l1Url}: try again`, { url: l1Url }, { cause })
    }
  }
  const isProven = { address: settlement, abi: WEFT_ABI, functionName: 'isProven' } as const
  return {
    ...{ chainId, settlement, market },
    isProven: ({ claim, index, siblings }) =>
      ask(client.readContract({ ...isProven, args: [claim, index, siblings] })) as Promise<boolean>,
    isRecorded: ({ job, index, siblings }) => proofs.isProven(job, { index: Number(index), siblings }),
    gasPriceWei: () => ask(client.getGasPrice()),
    async isSignedForProver(prover, digest, signature) {
      const key = await recoverSigner(digest, signature)
      return key !== null && (key === prover || reader.isKeyOf(prover, key))
    },
  }
}
