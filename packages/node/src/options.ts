import type { Deployment, Signer, Srs } from '@weft/api'
import type { Sender, SettlementReader } from '@weft/chain'
import type { ProofSystem } from '@weft/proof'
import type { Address } from '@weft/protocol'
import type { Calibration } from './benchmark.js'
import type { Clock, Logger } from './ports.js'
import type { NodeStatus } from './status.js'

export interface NodeOptions {
  readonly coordinatorUrl: string
  /** Tells this node from its prover's others. */
  readonly name: string
  readonly version: string
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
}

/** How a node reads L1 and withdraws; without it, somebody else has to withdraw for it. */
export interface NodeL1 {
  readonly reader: SettlementReader
  readonly sender: Sender
}

export interface NodeDeps {
  readonly system: ProofSystem
  /** The largest circuit that the proof system proves within that memory, in gates. */
  readonly largestCircuit: (memoryBytes: number) => number
  readonly signer: Signer
  readonly clock: Clock
  readonly logger: Logger
  readonly fetch?: typeof fetch
  readonly l1?: NodeL1
}

export interface ProverNode {
  readonly prover: Address
  status(): NodeStatus
  /** Resolves after `stop`; rejects when the node cannot go on: a refusal that no waiting changes. */
  readonly ended: Promise<void>
  /** Gives the lease back, ends the current job and resolves when nothing runs. Does not close the proof system. */
  stop(): Promise<void>
}
