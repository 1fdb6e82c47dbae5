import { z } from 'zod'
import { address, bytes32, count, digest, label, systemName, timeMs, uint } from './primitives.js'
import { encryptionKey } from './private-inputs.js'

/** Where proofs' trusted setup comes from; `dev` is worthless as security. */
export const srs = z.enum(['dev', 'ignition'])
export type Srs = z.output<typeof srs>

/** What programs call the proof system whose proofs are merged. Proofs of all others are delivered as they are. */
export const MERGED_SYSTEM = 'ultrahonk'

export const health = z.object({ ok: z.literal(true), version: z.string() })

/** What is the same for everybody as long as the coordinator runs. */
export const network = z.object({
  version: z.string(),
  chainId: count,
  settlement: address,
  srs,
  /** Shown by every surface while the dev SRS is in use. */
  warning: z.string().nullable(),
  /** The proof system whose proofs are merged, see `programId` of the protocol. */
  system: bytes32,
  /** Every proof system whose programs are served, that one first. */
  systems: z.array(z.object({ name: systemName, id: bytes32 })),
  mergeProgram: bytes32,
  /** The market that requests and offers are signed for; null where batches are paid from deposits. */
  market: z
    .object({
      contract: address,
      /** Who signs commitments for requests that name it. */
      matcher: address,
      minStakeWei: uint,
      /** Seconds for which sealed bids may be revealed after the offer deadline. */
      revealS: count,
    })
    .nullable(),
  /** How long proofs wait at most for others that share their transactions, by delivery. One delivered alone never waits. */
  windows: z.object({ aggregatedMs: count, batchedMs: count }),
  maxProofBytes: count,
  maxInputBytes: count,
  heartbeatMs: count,
})
export type Network = z.output<typeof network>

export const status = z.object({
  version: z.string(),
  srs,
  warning: z.string().nullable(),
  startedAtMs: timeMs,
  /** Nodes heard of within the last minute. */
  nodes: z.array(
    z.object({
      prover: address,
      name: label,
      maxGates: count,
      gatesPerSecond: count,
      /** Names of the proof systems that it has. */
      systems: z.array(systemName),
      leases: count,
      lastSeenMs: timeMs,
    }),
  ),
  jobs: z.object({ waiting: count, ready: count, leased: count, proven: count }),
  batches: z.object({ proving: count, aggregating: count, settling: count, settled: count, failed: count }),
  aggregates: z.object({ open: count, proving: count, settling: count, settled: count }),
  releasedLeases: count,
  /** False while the database refuses writes. */
  storage: z.boolean(),
  /** Why settlement waits, if it does. */
  settlementWaits: z.string().nullable(),
})
export type Status = z.output<typeof status>

/** A program as the network knows it. */
export const program = z.object({
  id: bytes32,
  name: label,
  /** The name of its proof system. */
  system: systemName.default(MERGED_SYSTEM),
  gates: z.int().positive(),
  /** Work of one proof, in gates; of a proof that nothing merges, `DIRECT_WORK`. */
  work: uint,
  artifact: digest,
  /** The key for proofs that are merged further, or that nothing merges. */
  key: digest,
  keyHash: bytes32,
  /** The key for Ethereum; only the merge program has one. */
  evmKey: digest.optional(),
})
export type ProgramInfo = z.output<typeof program>

/** What one node can do; a node is told apart from its prover's others by its name. */
export const capabilities = z.object({
  name: label,
  maxGates: z.int().positive(),
  memoryBytes: z.int().positive(),
  threads: z.int().positive().max(1024),
  gatesPerSecond: z.int().positive(),
  version: label,
  srs,
  /** Without it, the node is given no job with private inputs. */
  encryptionKey: encryptionKey.optional(),
  /** Names of the proof systems that it has. */
  systems: z.array(systemName).max(32).default([MERGED_SYSTEM]),
})
export type Capabilities = z.output<typeof capabilities>
