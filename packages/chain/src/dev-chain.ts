import { type Address, WeftError } from '@weft/protocol'
import { parseEther } from 'viem'
import type { L1Client } from './client.js'

/** Chain ids that only local development chains use: anvil, hardhat and geth --dev. */
export const DEV_CHAIN_IDS: readonly number[] = [31337, 1337]

/** Which structured reference string the keys come from: `dev` is public knowledge and proves nothing. */
export type SrsKind = 'dev' | 'ignition'

/**
 * Refuses the dev SRS on any chain that is not known to be a development chain: whoever knows the dev SRS can
 * forge proofs. Throws `dev_srs_on_public_chain`.
 */
export const assertDevChain = (chainId: number, srs: SrsKind): void => {
  if (srs === 'ignition' || DEV_CHAIN_IDS.includes(chainId)) return
  throw new WeftError(
    'dev_srs_on_public_chain',
    `the dev SRS makes forgeable proofs and chain ${chainId} is not a development chain: ` +
      `use the Ignition SRS, or a chain id of ${DEV_CHAIN_IDS.join(' or ')}`,
    { chainId },
  )
}

const ENOUGH_WEI = parseEther('1')
const FILL_WEI = parseEther('10')

/** Gives a key ether for gas where ether costs nothing: on anvil, whoever asks may set balances. Throws `l1_unavailable`. */
export const fillOnDevnet = async (client: L1Client, address: Address): Promise<void> => {
  const { url } = client.transport
  try {
    const version = await client.request({ method: 'web3_clientVersion' })
    if (!version.startsWith('anvil/') || (await client.getBalance({ address })) >= ENOUGH_WEI) return
    const setBalance = { method: 'anvil_setBalance', params: [address, `0x${FILL_WEI.toString(16)}`] }
    await client.request(setBalance as never)
  } catch (cause) {
    throw new WeftError('l1_unavailable', `no answer from ${url}: is the devnet running?`, {}, { cause })
  }
}
