import { type Address, type Bytes32, type Parallel, type Sequence, WeftError } from '@weft/protocol'
import { claimsRootOfProof, settleCall } from './calls.js'
import type { L1Client } from './client.js'
import { rollupReader } from './rollup-reader.js'
import type { Sender } from './sender/index.js'
import { waitsOf } from './sender/sender.js'
import { settlementReader } from './settlement-reader.js'

/** Settles aggregates: the coordinator's port. */
export interface Settler {
  /**
   * Resolves with the transaction that recorded the proof's claims, whoever sent it. Waits while L1 is down; asked
   * again, it is the same transaction. Errors: those of `Sender.send`.
   */
  settle(root: Parallel | Sequence, proof: Uint8Array): Promise<Bytes32>
  /** The transaction that recorded a claims root; null if none did. Errors: `l1_unavailable`. */
  isSettled(claimsRoot: Bytes32): Promise<Bytes32 | null>
  /** Why what the sender was asked for waits, where L1 is the reason; null while it goes its usual way. */
  waits(): string | null
}

export interface PortOptions {
  readonly client: L1Client
  readonly settlement: Address
  /** The block of the deployment, from which events are read. */
  readonly fromBlock: bigint
}

export const createSettler = (sender: Sender, { client, settlement, fromBlock }: PortOptions): Settler => {
  const reader = settlementReader(client, settlement)
  const isSettled = async (claimsRoot: Bytes32) =>
    (await reader.isRecorded(claimsRoot)) ? reader.settledBy(claimsRoot, fromBlock) : null
  return {
    isSettled,
    waits: () => waitsOf(sender.status()),
    async settle(root, proof) {
      try {
        return (await sender.send(settleCall(settlement, root, proof))).hash
      } catch (error) {
        if (!(error instanceof WeftError) || error.code !== 'already_recorded') throw error
        const tx = await isSettled(claimsRootOfProof(root))
        if (tx === null) throw error
        return tx
      }
    },
  }
}

/** What L1 says of tenants: the coordinator's port. */
export interface Tenants {
  /** Who signs for a tenant. Errors: `l1_unavailable`; `not_a_tenant`. */
  sequencerOf(tenant: Address): Promise<Address>
  /** Whether the tenant's deposit, without what is about to leave, covers work. Errors: `l1_unavailable`. */
  fundsFor(
    tenant: Address,
    program: Bytes32,
    work: bigint,
  ): Promise<{ readonly covered: boolean; readonly availableWei: bigint; readonly neededWei: bigint }>
}

export const createTenants = ({ client, settlement }: PortOptions): Tenants => {
  const reader = settlementReader(client, settlement)
  return {
    async sequencerOf(tenant) {
      const rollup = rollupReader(client, tenant)
      try {
        const [sequencer, settledBy] = await Promise.all([rollup.sequencer(), rollup.settlement()])
        if (settledBy === settlement) return sequencer
      } catch (error) {
        if (!(error instanceof WeftError) || error.code !== 'l1_reverted') throw error
      }
      throw new WeftError(
        'not_a_tenant',
        `${tenant} is no rollup of settlement ${settlement}: give the address of its L1 contract`,
        { tenant, settlement },
      )
    },
    async fundsFor(tenant, program, work) {
      const [deposit, neededWei] = await Promise.all([
        reader.deposit(tenant),
        reader.priceWei(tenant, program, work),
      ])
      const availableWei = deposit.balanceWei - deposit.leavingWei
      return { covered: availableWei >= neededWei, availableWei, neededWei }
    },
  }
}
