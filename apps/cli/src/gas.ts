import { createL1Client } from '@weft/chain'
import type { Address } from '@weft/protocol'
import { parseEther } from 'viem'
import type { DeploymentFile } from './deployment.js'

const ENOUGH_WEI = parseEther('1')
const FILL_WEI = parseEther('10')

/** Gives a key of ours ether for gas where ether costs nothing: on anvil, whoever asks may set balances. */
export const fillOnDevnet = async ({ l1Url, srs }: DeploymentFile, address: Address): Promise<void> => {
  if (srs !== 'dev') return
  const client = createL1Client(l1Url)
  const version = await client.request({ method: 'web3_clientVersion' })
  if (!version.startsWith('anvil/') || (await client.getBalance({ address })) >= ENOUGH_WEI) return
  const setBalance = { method: 'anvil_setBalance', params: [address, `0x${FILL_WEI.toString(16)}`] }
  await client.request(setBalance as never)
}
