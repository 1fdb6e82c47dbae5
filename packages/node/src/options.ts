import type { Deployment, Signer, Srs } from '@weft/api'
import type { Sender, SettlementReader } from '@weft/chain'
import type { DirectSystem, ProofSystem } from '@weft/proof'
import type { Address } from '@weft/protocol'
import type { Calibration } from './benchmark.js'
import type { NodeMarketL1 } from './market/l1.js'
import type { NodePricing } from './market/pricing.js'
import type { Clock, Logger, Random } from './ports.js'
import type { NodeStatus } from './status.js'

export interface NodeOptions {
  readonly coordinatorUrl: string
  /** Tells this node from its prover's others. */
  readonly name: string
  readonly version: string
  /** Whose work it is: a prover that the signer is the hot key of; the signer itself unless told. */
  readonly prover?: Address
  readonly deployment: Deployment
  readonly srs: Srs
  /** Programs, finished proofs and earnings are kept here; one process at a time. */
  readonly folder: string
  /** Of one proof; stated to the coordinator. */
  readonly threads: number
  /** The most memory that a job may take. */
  readonly memoryBytes: number
  readonly calibration: Calibration
  /** The least time that a job gets before it is given up; two minutes unless told. */
  readonly minJobMs?: number
  /** The largest program that is downloaded; 256 MiB unless told. */
  readonly maxArtifactBytes?: number
  /** The largest inputs of a segment; 64 MiB unless told. */
  readonly maxInputBytes?: number
  /** Payments smaller than this wait for more; zero unless told. */
  readonly minWithdrawalWei?: bigint
  /** Between two looks for payments; 15,000 unless told. */
  readonly withdrawalPollMs?: number
  /** The block of the settlement's deployment, from which events are read. */
  readonly fromBlock?: bigint
  /** What this node charges; needed under a market. */
  readonly pricing?: NodePricing
  readonly market?: MarketSettings
}

/** How a node offers its work; all of it has defaults. */
export interface MarketSettings {
  /** Collateral behind each job, and the most that is agreed to; zero unless told. */
  readonly collateralWei?: bigint
  /** Jobs in progress at a time; 1 unless told, since a node proves one job after the other. */
  readonly capacity?: number
  /** Added to the measured time, in millionths of it: for inputs, witnesses and uploads; 1,000,000 unless told. */
  readonly slackPpm?: number
  /** How long an offer lives; 600,000 unless told. */
  readonly offerMs?: number
  /** Between two looks at offers, auctions and accusations; 15,000 unless told. */
  readonly pollMs?: number
}

/** How a node reads L1 and withdraws; without it, somebody else has to withdraw for it. */
export interface NodeL1 {
  readonly reader: SettlementReader
  readonly sender: Sender
}

/** What a node needs to take part in a market. */
export interface NodeMarketDeps {
  readonly l1: NodeMarketL1
  readonly random: Random
}

export interface NodeDeps {
  readonly system: ProofSystem
  /** Proof systems whose proofs nothing merges. The node does not close them. */
  readonly systems?: readonly DirectSystem[]
  /** The largest circuit that the proof system proves within that memory, in gates. */
  readonly largestCircuit: (memoryBytes: number) => number
  readonly signer: Signer
  readonly clock: Clock
  readonly logger: Logger
  readonly fetch?: typeof fetch
  readonly l1?: NodeL1
  /** For a coordinator that serves a market; without it, the coordinator has to pay from deposits. */
  readonly market?: NodeMarketDeps
}

export interface ProverNode {
  readonly prover: Address
  status(): NodeStatus
  /** Resolves after `stop`; rejects when the node cannot go on: a refusal that no waiting changes. */
  readonly ended: Promise<void>
  /** Gives the lease back, ends the current job and resolves when nothing runs. Does not close the proof system. */
  stop(): Promise<void>
}
