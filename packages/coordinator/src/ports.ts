import type { RootClaim } from '@weft/api'
import type { Address, Bytes32 } from '@weft/protocol'

/** Time, as the coordinator is given it. */
export interface Clock {
  /** Milliseconds since 1970. */
  nowMs(): number
  /** Calls back once; the returned function cancels it. */
  after(ms: number, callback: () => void): () => void
}

export interface Random {
  /** Unpredictable: tokens and lease ids are made of it. */
  bytes(length: number): Uint8Array
}

/** The part of pino's Logger that is used. */
export interface Logger {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** What L1 says of tenants. */
export interface Tenants {
  /** Who signs for a tenant. Errors: WeftError `not_a_tenant`, `l1_unavailable`. */
  sequencerOf(tenant: Address): Promise<Address>
  /** Whether the tenant's deposit covers work, in gates. Errors: WeftError `l1_unavailable`. */
  fundsFor(
    tenant: Address,
    program: Bytes32,
    work: bigint,
  ): Promise<{ readonly covered: boolean; readonly availableWei: bigint; readonly neededWei: bigint }>
}

/** Settles aggregates on L1. */
export interface Settler {
  /** Resolves with the transaction that recorded the claims; asked again, it is the same transaction. */
  settle(root: RootClaim, proof: Uint8Array): Promise<Bytes32>
  /** The transaction that recorded a claims root; null if none did. */
  isSettled(claimsRoot: Bytes32): Promise<Bytes32 | null>
}

/** The system's own clock, for composition roots. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms)
    return () => clearTimeout(timer)
  },
}
