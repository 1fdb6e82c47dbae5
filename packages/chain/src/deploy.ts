import { abis, bytecodes } from '@weft/contracts'
import { type Address, type Bytes32, bytesToHex } from '@weft/protocol'
import { encodeDeployData } from 'viem'
import { create } from './create.js'
import { assertDevChain, type SrsKind } from './dev-chain.js'
import type { Sender } from './sender/index.js'

export interface SettlementPlan {
  readonly chainId: number
  /** What the verifier's key was made from; `dev` only on a development chain. */
  readonly srs: SrsKind
  /** Creation bytecode of the merge circuit's verifier. */
  readonly verifier: Uint8Array
  /** Hash of the merge circuit's own recursive key. */
  readonly mergeKey: Bytes32
  /** Price of a million gates, for every tenant. */
  readonly weiPerMegagate: bigint
}

export interface SettlementAddresses {
  readonly verifier: Address
  readonly pricing: Address
  readonly settlement: Address
}

/** Deploys verifier, pricing and settlement. Errors: `dev_srs_on_public_chain`, and those of `Sender.send`. */
export const deploySettlement = async (
  sender: Sender,
  plan: SettlementPlan,
): Promise<SettlementAddresses> => {
  assertDevChain(plan.chainId, plan.srs)
  const [verifier, pricing] = await Promise.all([
    create(sender, bytesToHex(plan.verifier)),
    create(
      sender,
      encodeDeployData({
        abi: abis.FixedPricing,
        bytecode: bytecodes.FixedPricing,
        args: [plan.weiPerMegagate],
      }),
    ),
  ])
  const settlement = await create(
    sender,
    encodeDeployData({
      abi: abis.Settlement,
      bytecode: bytecodes.Settlement,
      args: [verifier, plan.mergeKey, pricing],
    }),
  )
  return { verifier, pricing, settlement }
}

export interface RollupPlan {
  readonly settlement: Address
  readonly program: Bytes32
  /** Transfers in a segment. */
  readonly segmentSize: number
  readonly genesisRoot: Bytes32
  /** The rollup's own chain id. */
  readonly chainId: number
  readonly sequencer: Address
}

/** Deploys one payments rollup. Errors: those of `Sender.send`. */
export const deployRollup = (sender: Sender, plan: RollupPlan): Promise<Address> =>
  create(
    sender,
    encodeDeployData({
      abi: abis.PaymentsRollup,
      bytecode: bytecodes.PaymentsRollup,
      args: [
        plan.settlement,
        plan.program,
        BigInt(plan.segmentSize),
        plan.genesisRoot,
        BigInt(plan.chainId),
        plan.sequencer,
      ],
    }),
  )
