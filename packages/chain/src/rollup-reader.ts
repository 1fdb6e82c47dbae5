import { abis } from '@weft/contracts'
import { type Address, type Bytes32, toAddress } from '@weft/protocol'
import type { L1Client } from './client.js'
import { read } from './read.js'

/** Questions to a payments rollup's contract. Errors of all: `l1_unavailable`, `l1_reverted`, see `read`. */
export interface RollupReader {
  readonly rollup: Address
  stateRoot(): Promise<Bytes32>
  batchNumber(): Promise<bigint>
  sequencer(): Promise<Address>
  settlement(): Promise<Address>
  program(): Promise<Bytes32>
  /** Transfers in a segment. */
  segmentSize(): Promise<bigint>
  chainId(): Promise<bigint>
}

export const rollupReader = (client: L1Client, rollup: Address): RollupReader => {
  const ask = <
    N extends
      | 'stateRoot'
      | 'batchNumber'
      | 'sequencer'
      | 'settlement'
      | 'program'
      | 'segmentSize'
      | 'chainId',
  >(
    functionName: N,
  ) =>
    read(
      `the ${functionName} of rollup ${rollup}`,
      client.readContract({ address: rollup, abi: abis.PaymentsRollup, functionName }),
    )
  return {
    rollup,
    stateRoot: () => ask('stateRoot') as Promise<Bytes32>,
    batchNumber: () => ask('batchNumber') as Promise<bigint>,
    sequencer: async () => toAddress((await ask('sequencer')) as string),
    settlement: async () => toAddress((await ask('settlement')) as string),
    program: () => ask('program') as Promise<Bytes32>,
    segmentSize: () => ask('segmentSize') as Promise<bigint>,
    chainId: () => ask('chainId') as Promise<bigint>,
  }
}
