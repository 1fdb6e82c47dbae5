import type { ApiEvent } from '@weft/api'
import type { Address, Bytes32 } from '@weft/protocol'
import { formatEther, formatGwei } from 'viem'

/** A proven job as the demo shows it. */
export interface ProvenJob {
  readonly id: Bytes32
  readonly kind: 'segment' | 'merge'
  readonly target: 'recursive' | 'evm'
  readonly prover: Address
  readonly node: string
  readonly gates: number
  readonly seconds: number
}

/** What a prover has signed for. */
export interface Commitment {
  readonly job: Bytes32
  readonly prover: Address
  readonly node: string
  /** Its own price for a million units of work. */
  readonly priceWei: bigint
  /** 0: matched; else its place behind the one that it came to the rescue of. */
  readonly rank: number
  /** Unix seconds: when it promised its proof to be on L1. */
  readonly deadline: number
}

/** What L1 said last of a commitment that was broken. */
export interface Accusation {
  readonly job: Bytes32
  readonly prover: Address
  readonly state: 'accused' | 'convicted' | 'cleared'
}

/** What the coordinator's events have told so far. */
export class Board {
  readonly proven = new Map<Bytes32, ProvenJob>()
  readonly released: { readonly job: Bytes32; readonly node: string }[] = []
  /** In order: a job has another one when it was taken over. */
  readonly commitments: Commitment[] = []
  /** What became of broken commitments, in order. */
  readonly accusations: Accusation[] = []
  l1Tx: Bytes32 | null = null
  claimsRoot: Bytes32 | null = null
  /** What requests wait for, or where they are. */
  lastWord = 'no request was heard of'

  record(event: ApiEvent): void {
    switch (event.type) {
      case 'job_proven': {
        const { job: id, kind, target, prover, node, gates, seconds } = event
        this.proven.set(id, { id, kind, target, prover, node, gates, seconds })
        break
      }
      case 'job_committed': {
        const { job, prover, node, priceWei, rank, deadline } = event
        this.commitments.push({ job, prover, node, priceWei, rank, deadline })
        break
      }
      case 'request_waits':
      case 'batch_state':
        this.lastWord = describeEvent(event).trim()
        break
      case 'default': {
        const { job, prover, state } = event
        this.accusations.push({ job, prover, state })
        break
      }
      case 'lease_lost':
      case 'lease_released':
        this.released.push({ job: event.job, node: event.node })
        break
      case 'aggregate_state':
        this.l1Tx = event.l1Tx
        this.claimsRoot = event.claimsRoot
        break
    }
  }
}

/** One line for a person. */
export const describeEvent = (event: ApiEvent): string => {
  switch (event.type) {
    case 'job_leased':
      return `  ${event.node} is given ${event.kind} ${event.job.slice(0, 10)}`
    case 'job_committed': {
      const behind = event.runnersUp.length
      return `  ${event.node} commits to ${event.kind} ${event.job.slice(0, 10)} at ${formatGwei(event.priceWei)} gwei a million gates (rank ${event.rank}, ${behind} behind it)`
    }
    case 'job_taken_over':
      return event.to === null
        ? `  ${event.kind} ${event.job.slice(0, 10)} is taken from ${event.from.slice(0, 10)} (${event.reason}); nobody stands behind it: it is matched again`
        : `  ${event.to.slice(0, 10)} takes ${event.kind} ${event.job.slice(0, 10)} over from ${event.from.slice(0, 10)} (${event.reason}) at ${formatGwei(event.priceWei ?? 0n)} gwei`
    case 'request_waits':
      return `  request ${event.request.slice(0, 10)} waits: ${event.reason}`
    case 'default':
      return `  ${event.prover.slice(0, 10)} is ${event.state} of a default on ${event.job.slice(0, 10)}, with ${formatEther(event.collateralWei)} ETH behind it`
    case 'job_proven':
      return `  ${event.node} proved ${event.kind} ${event.job.slice(0, 10)} (${event.gates} gates) in ${event.seconds.toFixed(1)} s`
    case 'lease_lost':
      return `  ${event.node} is silent: its lease on ${event.kind} ${event.job.slice(0, 10)} goes to another`
    case 'lease_released':
      return `  ${event.node} gives ${event.kind} ${event.job.slice(0, 10)} back: ${event.reason}`
    case 'proof_rejected':
      return `  an invalid proof of ${event.job.slice(0, 10)} from ${event.node}`
    case 'aggregate_state':
      return event.l1Tx === null ? `  aggregate ${event.state}` : `  settled in ${event.l1Tx}`
    case 'batch_state':
      return `  batch ${event.batch.slice(0, 10)} ${event.state}`
    default:
      return ''
  }
}
