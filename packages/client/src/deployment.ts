import { readFile } from 'node:fs/promises'
import { type Address, type Bytes32, isAddress, isBytes32, WeftError } from '@weft/protocol'
import { z } from 'zod'

const address = z.string().refine(isAddress, 'not a lower-case address') as unknown as z.ZodType<Address>
const bytes32 = z.string().refine(isBytes32, 'not 32 bytes') as unknown as z.ZodType<Bytes32>

/** Where Weft lives on one chain; `weft devnet` writes it, every other process reads it. */
export const deploymentSchema = z.strictObject({
  l1Url: z.url(),
  chainId: z.int().positive(),
  /** Which SRS the verifier's key was made from. */
  srs: z.enum(['dev', 'ignition']),
  verifier: address,
  pricing: address,
  settlement: address,
  mergeKey: bytes32,
  /** The market on this settlement; absent where tenants pay the settlement's own price. */
  market: z
    .strictObject({
      router: address,
      token: address,
      staking: address,
      defaults: address,
      market: address,
      /** Keeps what is proven outside of aggregates. */
      registry: address,
      groth16Verifier: address,
      contractVerifiers: address,
      /** Proof systems that the router has a verifier for. */
      systems: z.array(bytes32).min(1),
    })
    .optional(),
  /** The block before the deployment; events are read from there. */
  fromBlock: z.coerce.bigint(),
})
export type DeploymentFile = z.output<typeof deploymentSchema>

/** Throws `bad_deployment`. */
export const readDeployment = async (path: string): Promise<DeploymentFile> => {
  try {
    return deploymentSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    throw new WeftError(
      'bad_deployment',
      `${path} is not a deployment file: start \`weft devnet --deployment ${path}\` first`,
      { path },
      { cause },
    )
  }
}

export const formatDeployment = (deployment: DeploymentFile): string =>
  `${JSON.stringify({ ...deployment, fromBlock: deployment.fromBlock.toString() }, null, 2)}\n`

export type MarketContracts = NonNullable<DeploymentFile['market']>

/** The market of a deployment. Throws `no_market`. */
export const contractsOf = ({ market }: DeploymentFile): MarketContracts => {
  if (market !== undefined) return market
  throw new WeftError(
    'no_market',
    'the deployment has no market: deploy one (`weft devnet` does), or name its file with --deployment',
  )
}
