import { WeftError } from '@weft/protocol'

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
