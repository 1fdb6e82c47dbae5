import type { Bytes32 } from '@weft/protocol'

/** What a node does right now. */
export type Activity =
  | { readonly kind: 'waiting' }
  | {
      readonly kind: 'proving' | 'handing_in'
      readonly job: Bytes32
      readonly program: Bytes32
      readonly gates: number
      readonly sinceMs: number
    }
  | { readonly kind: 'stopped' }

/** A problem as people and programs read it. */
export interface Problem {
  readonly code: string
  readonly message: string
  readonly atMs: number
}

/** What a node has earned, as far as it knows. */
export interface Earnings {
  /** Claims and pools that owe this prover something, or will once a tenant opens them. */
  readonly open: number
  readonly withdrawnWei: bigint
}

/** What a node has on offer, and what it has promised. */
export interface MarketStatus {
  /** How many offers rest. */
  readonly offers: number
  /** Of the first of them, for a million units of work; null while none rests. */
  readonly priceWei: bigint | null
  readonly turnaroundMs: bigint | null
  /** Jobs that it takes at a time. */
  readonly capacity: number
  /** Work of the leases that it has taken on. */
  readonly promisedWork: bigint
  /** Why it has no offers or what else the operator has to look at. */
  readonly problem: Problem | null
}

export interface NodeStatus {
  readonly activity: Activity
  readonly maxGates: number
  readonly gatesPerSecond: number
  readonly proven: number
  /** Leases given back, by reason. */
  readonly released: Readonly<Record<string, number>>
  /** Why the node waits for its coordinator; null while that answers. */
  readonly coordinator: Problem | null
  /** The last job that failed. */
  readonly lastFailure: Problem | null
  /** Null without L1. */
  readonly earnings: Earnings | null
  /** Null without a market, and until the coordinator has answered. */
  readonly market: MarketStatus | null
}
