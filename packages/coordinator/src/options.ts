import type { Srs } from '@weft/api'
import type { MarketLimits, MarketRules, ReputationRules } from '@weft/market'
import type { PlannedSegment } from '@weft/plan'
import type { DirectSystem, MergeProgram, Program, Verifier } from '@weft/proof'
import type { Address, Bytes32 } from '@weft/protocol'
import type { Database } from './db/database.js'
import type { Clock, DirectSettler, Logger, MarketL1, Matcher, Random, Settler, Tenants } from './ports.js'
import type { BlobStore } from './store/blobs.js'

/** Times in milliseconds. */
export interface Timing {
  /** How often a node shows that it lives. */
  readonly heartbeatMs: number
  /** Without a heartbeat for so long, a lease is lost. */
  readonly leaseMs: number
  /** How often leases, windows and stragglers are looked at. */
  readonly sweepMs: number
  /** How long an aggregate waits for more batches after its first. */
  readonly windowMs: number
  /** A second lease is given when the first has lasted so many times its estimate, and at least `stragglerAfterMs`. */
  readonly stragglerFactor: number
  readonly stragglerAfterMs: number
  /** How long a prover that failed a job is not given it again. */
  readonly avoidMs: number
  readonly pauseMs: number
  readonly sessionMs: number
  readonly challengeMs: number
  /** The longest time that a request for a job waits. */
  readonly maxWaitMs: number
  /** First and longest pause between attempts to settle. */
  readonly settleRetryMs: number
  readonly settleRetryMaxMs: number
  /** Blobs and proofs that nothing needs are removed when they are this old. */
  readonly retainMs: number
  /** Nodes that are not heard of for so long are forgotten. */
  readonly forgetMs: number
  /** A prover has so long to take a job that it was matched for. */
  readonly takeMs: number
  /** What a commitment's deadline leaves beyond the turnaround that the prover quoted. */
  readonly graceMs: number
  /** How long a prover that failed or declined a job is not matched. */
  readonly restMs: number
  /** How often L1 is asked for accounts, and for what becomes of accusations. */
  readonly accountsMs: number
  /** How often the market's log is sealed. */
  readonly sealMs: number
  /** A requester has so long to seal private inputs to a prover that was matched. */
  readonly inputsMs: number
  /** For so long nobody else could take a job before the word of its only prover that its inputs are at fault ends it. */
  readonly soleBlameMs: number
  /** How long a proof waits for others that L1 verifies together with it. */
  readonly deliveryWindowMs: number
  /** How long before a request's proof deadline its proof is delivered, whatever it waits for. */
  readonly deliveryMarginMs: number
  /** The most that setting up a program which somebody adds may take. */
  readonly setupMs: number
}

export const DEFAULT_TIMING: Timing = {
  heartbeatMs: 2_000,
  leaseMs: 6_500,
  sweepMs: 500,
  windowMs: 15_000,
  stragglerFactor: 2,
  stragglerAfterMs: 10_000,
  avoidMs: 30_000,
  pauseMs: 10 * 60_000,
  sessionMs: 24 * 3_600_000,
  challengeMs: 60_000,
  maxWaitMs: 30_000,
  settleRetryMs: 1_000,
  settleRetryMaxMs: 60_000,
  retainMs: 24 * 3_600_000,
  forgetMs: 24 * 3_600_000,
  takeMs: 6_500,
  graceMs: 5_000,
  restMs: 30_000,
  accountsMs: 5_000,
  sealMs: 5_000,
  inputsMs: 60_000,
  soleBlameMs: 10_000,
  deliveryWindowMs: 30_000,
  deliveryMarginMs: 120_000,
  setupMs: 120_000,
}

export interface Limits {
  /** Batches in one aggregate. */
  readonly maxClaims: number
  readonly maxSegments: number
  readonly maxInputBytes: number
  /** Artifacts and keys. */
  readonly maxProgramBytes: number
  readonly maxLeasesPerNode: number
  readonly maxNodesPerProver: number
  /** Of all provers. */
  readonly maxNodes: number
  readonly maxSessions: number
  readonly maxWatchers: number
  /** Proofs that L1 verifies together. */
  readonly maxBatchedProofs: number
  /** The most memory that setting up a program which somebody adds may take. */
  readonly setupBytes: number
  /** Proofs verified at the same time. */
  readonly verifications: number
  /** Invalid proofs in a row that pause a prover. */
  readonly strikes: number
  /** Provers that have to blame the requester before a batch fails. */
  readonly blames: number
  /** Requests a minute to one route from one address, without a session or to register a node. */
  readonly requestsPerMinute: number
}

export const DEFAULT_LIMITS: Limits = {
  maxClaims: 32,
  maxSegments: 4096,
  maxInputBytes: 64 * 2 ** 20,
  maxProgramBytes: 64 * 2 ** 20,
  maxLeasesPerNode: 8,
  maxNodesPerProver: 64,
  maxNodes: 10_000,
  maxSessions: 100_000,
  maxWatchers: 256,
  maxBatchedProofs: 32,
  setupBytes: 4 * 2 ** 30,
  verifications: 2,
  strikes: 3,
  blames: 2,
  requestsPerMinute: 6_000,
}

/** Gives a lone segment company in an aggregate, whose root has to be a merge. */
export interface Pad {
  readonly program: Program
  readonly segment: Omit<PlannedSegment, 'inputs'>
  /** The JSON of its private inputs. */
  readonly inputs: Uint8Array
}

/** A market in place of deposits. What is fixed here is fixed for the data folder: its log begins with it. */
export interface MarketOptions {
  readonly contract: Address
  readonly limits?: Partial<MarketLimits>
  readonly reputation?: Partial<ReputationRules>
  readonly classes?: MarketRules['classes']
  /** Provers that a match names at most; 3 unless told. */
  readonly ranks?: number
}

export interface CoordinatorOptions {
  readonly version: string
  readonly chainId: number
  readonly settlement: Address
  readonly srs: Srs
  /** Proof system, see `programId` of the protocol. */
  readonly system: Bytes32
  readonly maxProofBytes: number
  readonly merge: MergeProgram
  /** Programs served from the start. */
  readonly programs: readonly Program[]
  /** Without it, a lone one-segment batch waits for another batch. */
  readonly pad?: Pad
  /** Without it, tenants pay from deposits at a fixed price. */
  readonly market?: MarketOptions
  readonly timing?: Partial<Timing>
  readonly limits?: Partial<Limits>
  /** Origins whose pages may read the API; none unless told. */
  readonly corsOrigins?: readonly string[]
}

export interface CoordinatorDeps {
  readonly database: Database
  readonly blobs: BlobStore
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  readonly verifier: Verifier
  readonly settler: Settler
  /** Proof systems whose proofs nothing merges; under a market. The coordinator does not close them. */
  readonly systems?: readonly DirectSystem[]
  /** With `systems`. */
  readonly directSettler?: DirectSettler
  readonly tenants: Tenants
  /** Both with `options.market`. */
  readonly market?: MarketL1
  readonly matcher?: Matcher
  /** For ciphertexts of private inputs, a folder of their own; without it, they are not taken. */
  readonly sealed?: BlobStore
  /** The hash of a verification key's bytes; without it, programs cannot be added over the API. */
  readonly hashKey?: (key: Uint8Array) => Promise<Bytes32>
}
